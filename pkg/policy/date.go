package policy

import "cmp"

// instant is a point in time as seconds and nanoseconds since 1970.
type instant struct {
	seconds int64
	nanos   int64
}

func compareInstants(a, b instant) int {
	return cmp.Or(cmp.Compare(a.seconds, b.seconds), cmp.Compare(a.nanos, b.nanos))
}

// parseDate reads the forms of date that IAM takes: seconds since 1970, and the
// W3C's profile of ISO 8601 from YYYY to YYYY-MM-DDThh:mm:ss.sTZD
// (https://www.w3.org/TR/NOTE-datetime), where a missing month or day is the
// first and a missing time midnight in UTC. Four digits are a year. A time
// without a zone is no date: the profile demands one, and which zone IAM would
// take is not documented.
func parseDate(s string) (t instant, ok bool) {
	if len(s) != len("2006") && s != "" && allDigits(s[1:]) && (isDigit(s[0]) || s[0] == '-') {
		return parseEpoch(s)
	}
	p := dateParser{s: s, ok: true}
	year, month, day := p.digits(4), 1, 1
	if p.optional('-') {
		month = p.digits(2)
		if p.optional('-') {
			day = p.digits(2)
		}
	}
	if p.ok && p.s == "" && validDay(year, month, day) {
		return instant{seconds: daysSince1970(year, month, day) * 86400}, true
	}
	if !p.optional('T') || !validDay(year, month, day) {
		return instant{}, false
	}
	seconds, nanos := p.time()
	return instant{daysSince1970(year, month, day)*86400 + seconds, nanos}, p.ok && p.s == ""
}

func parseEpoch(s string) (t instant, ok bool) {
	const maxDigits = 17 // far beyond any date, within int64
	digits := s
	if s[0] == '-' {
		digits = s[1:]
	}
	if digits == "" || len(digits) > maxDigits {
		return instant{}, false
	}
	var n int64
	for i := range len(digits) {
		n = n*10 + int64(digits[i]-'0')
	}
	if s[0] == '-' {
		n = -n
	}
	return instant{seconds: n}, true
}

// dateParser takes a date apart from the left; ok turns false at the first mistake.
type dateParser struct {
	s  string
	ok bool
}

func (p *dateParser) digits(n int) int {
	if len(p.s) < n || !allDigits(p.s[:n]) {
		p.ok = false
		return 0
	}
	v := 0
	for i := range n {
		v = v*10 + int(p.s[i]-'0')
	}
	p.s = p.s[n:]
	return v
}

func (p *dateParser) optional(c byte) bool {
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

// time reads hh:mm[:ss[.s]] and the zone, as seconds since midnight in UTC.
func (p *dateParser) time() (seconds, nanos int64) {
	hour, minute, second := p.digits(2), 0, 0
	p.ok = p.ok && p.optional(':')
	minute = p.digits(2)
	if p.optional(':') {
		second = p.digits(2)
		if p.optional('.') {
			nanos = p.fraction()
		}
	}
	p.ok = p.ok && hour < 24 && minute < 60 && second < 60
	return int64(hour*3600+minute*60+second) - p.zone(), nanos
}

// fraction reads a fraction of a second; digits beyond nanoseconds are dropped.
func (p *dateParser) fraction() (nanos int64) {
	digits := 0
	for unit := int64(100_000_000); p.s != "" && isDigit(p.s[0]); unit /= 10 {
		nanos += int64(p.s[0]-'0') * unit
		p.s = p.s[1:]
		digits++
	}
	p.ok = p.ok && digits > 0
	return nanos
}

// zone reads Z or ±hh:mm as seconds east of UTC.
func (p *dateParser) zone() int64 {
	if p.optional('Z') {
		return 0
	}
	sign := int64(1)
	if p.optional('-') {
		sign = -1
	} else if !p.optional('+') {
		p.ok = false
		return 0
	}
	hour := p.digits(2)
	p.ok = p.ok && p.optional(':')
	minute := p.digits(2)
	p.ok = p.ok && hour < 24 && minute < 60
	return sign * int64(hour*3600+minute*60)
}

func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return day <= 29
	}
	return day <= days[month-1]
}

// daysSince1970 counts in years that begin in March, so that the leap day is
// the last of its year.
func daysSince1970(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1
	return int64(days) - 719468
}
