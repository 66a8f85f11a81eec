package page

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanFacts are those of the result as a whole. Of a standing that no incident
// has nothing is told: that none fails is no news where nothing is known.
func (d *document) scanFacts(r *scan.Result) {
	roles, of := map[string]bool{}, map[string]int{}
	for i := range r.Incidents {
		roles[reportOf(&r.Incidents[i]).Event.Role] = true
		of[standing(&r.Incidents[i])]++
	}
	d.fact("denied calls", number(r.Denials))
	d.fact("incidents", number(len(r.Incidents)))
	for _, name := range []string{stillFailing, notKnown, allowedNow, deniedRightly} {
		if n := of[name]; n > 0 {
			d.fact(strings.Replace(name, deniedRightly, "strangers, denied rightly", 1), number(n))
		}
	}
	d.fact("roles", number(len(roles)))
	d.fact(plural(len(r.Accounts), "account"), accounts(r, 3))
	d.fact("period", period(r.From, r.To))
	d.fact("read", fmt.Sprintf("%s %s, %s", number(r.Files), plural(r.Files, "file"), size(r.Bytes)))
	d.fact("scanned", scannedAt(r))
	if n := len(r.Unreadable); n > 0 {
		d.fact("not readable", number(n))
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// scannedAt is the time of a scan, "" where it is not known.
func scannedAt(r *scan.Result) string {
	if r.Scanned.IsZero() {
		return ""
	}
	return day(r.Scanned) + " UTC"
}

// judgedAt says of when the standings are, "" where that is not known.
func judgedAt(r *scan.Result) string {
	if r.Scanned.IsZero() {
		return ""
	}
	return "by the policies that were at hand on " + scannedAt(r)
}

// accounts names the first of those that a result is of.
func accounts(r *scan.Result, most int) string {
	var names []string
	for _, a := range r.Accounts[:min(len(r.Accounts), most)] {
		names = append(names, a.String())
	}
	if more := len(r.Accounts) - len(names); more > 0 {
		names = append(names, "and "+number(more)+" more")
	}
	return strings.Join(names, ", ")
}

// about tells in the title of a tab of what and of when the page is.
func about(r *scan.Result) string {
	all := accounts(r, 1)
	if len(r.Accounts) > 1 {
		all = number(len(r.Accounts)) + " accounts"
	}
	return short(strings.Trim(all+" · "+scannedAt(r), " ·"))
}
