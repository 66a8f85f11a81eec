package caller

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Bounds for the age of a token. STS refuses tokens of a certain age whatever
// their expiry says; which age is not documented. The one that was seen was of
// five days (github.com/mozilla/mozilla-aws-cli, issue 146), those of pods live
// for a day.
const (
	oldAge = 25 * time.Hour
	skew   = time.Minute // by which clocks may differ
)

// judgeTimes holds exp, nbf and iat against the clock of this machine.
func judgeTimes(e *Evidence, now time.Time) (remarks []Remark) {
	exp, nbf, iat := e.Token.time("exp"), e.Token.time("nbf"), e.Token.time("iat")
	switch {
	case exp.IsZero():
		remarks = append(remarks, one(Fault, "the token has no expiry: the claim exp is missing, or no whole number", "have the issuer write exp as seconds since 1970")...)
	case !exp.After(now):
		remarks = append(remarks, one(Fault, fmt.Sprintf("the token expired %s ago, at %s", words(now.Sub(exp)), stamp(exp)), refresh(e))...)
	}
	switch {
	case nbf.After(now.Add(skew)):
		remarks = append(remarks, one(Fault, fmt.Sprintf("the token is not valid before %s, in %s", stamp(nbf), words(nbf.Sub(now))), "set the clock of this machine, or that of the issuer")...)
	case iat.After(now.Add(skew)):
		remarks = append(remarks, one(Doubt, fmt.Sprintf("the token is from the future: it was issued at %s, in %s", stamp(iat), words(iat.Sub(now))), "set the clock of this machine, or that of the issuer")...)
	case iat.IsZero():
		remarks = append(remarks, one(Doubt, "the token does not say when it was issued: the claim iat is missing, or no whole number", "have the issuer write iat as seconds since 1970")...)
	case now.Sub(iat) > oldAge && exp.After(now):
		remarks = append(remarks, one(Doubt, fmt.Sprintf("the token was issued %s ago, and STS refuses old tokens (Token too old) though they have not expired", words(now.Sub(iat))), refresh(e))...)
	}
	return remarks
}

func refresh(e *Evidence) string {
	if strings.HasPrefix(e.Token.Text("sub"), "system:serviceaccount:") {
		return "read the token file anew for every call, as current SDKs do: the kubelet renews it"
	}
	return "get a new token right before the login: those of jobs live for minutes"
}

// time is a claim that is a number of seconds, the zero time where it is
// missing or something else. STS wants whole numbers.
func (t Token) time(claim string) time.Time {
	number, ok := t.Claims[claim].(json.Number)
	if !ok {
		return time.Time{}
	}
	seconds, err := number.Int64()
	if err != nil || seconds <= 0 || seconds > lastSecond {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// lastSecond is the end of the year 9999, beyond which times have no form.
const lastSecond = 253_402_300_799

// JudgeClock holds the clock of this machine against another one, zero where
// that did not tell. It returns nil where they agree as far as it matters.
func JudgeClock(now, other time.Time) []Remark {
	const fix = "set the clock of this machine: issuers and STS judge by theirs"
	switch behind := other.Sub(now); {
	case other.IsZero():
		return nil
	case behind > skew:
		return one(Doubt, fmt.Sprintf("the clock of this machine is %s behind that of STS", words(behind)), fix)
	case behind < -skew:
		return one(Doubt, fmt.Sprintf("the clock of this machine is %s ahead of that of STS", words(-behind)), fix)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// words tells a duration in its largest unit.
func words(d time.Duration) string {
	for _, unit := range [...]struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if d >= 2*unit.d {
			return fmt.Sprintf("%d %ss", d/unit.d, unit.name)
		}
	}
	if d < 2*time.Second {
		return "a second"
	}
	return fmt.Sprintf("%d seconds", d/time.Second)
}
