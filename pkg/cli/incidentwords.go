package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func severalAccounts(all []counted) bool {
	return slices.ContainsFunc(all, func(c counted) bool { return c.Account != "" && c.Account != all[0].Account })
}

// shortID is the beginning of the hash in an ID that no other has; the whole ID
// where there is no hash.
func shortID(id string, all []string) string {
	const least = 8 // characters
	hash := hashOf(id)
	if hash == "" {
		return id
	}
	for n := least; n < len(hash); n++ {
		if !slices.ContainsFunc(all, func(other string) bool { return other != id && strings.HasPrefix(hashOf(other), hash[:n]) }) {
			return hash[:n]
		}
	}
	return hash
}

// hashOf is what stands behind the last hyphen of an ID, "" without one.
func hashOf(id string) string {
	if n := strings.LastIndexByte(id, '-'); n >= 0 {
		return id[n+1:]
	}
	return ""
}

// stateWord is the state in a word of its own where a rule keeps it quiet.
func stateWord(i *incident.Incident) string {
	if i.State == incident.Open && i.Rule != "" {
		return "snoozed"
	}
	return string(i.State)
}

// what is what an incident is about: its role, with the account where there
// are several, or the provider with the number of incidents that it speaks for,
// or that it is of strangers.
func what(i *incident.Incident, several bool) string {
	name := i.Role[strings.LastIndexByte(i.Role, '/')+1:]
	switch i.Kind {
	case incident.Strangers:
		return "strangers"
	case incident.Provider:
		name = fmt.Sprintf("%s (%d)", cmp.Or(i.ProviderName, cloudtrail.KeyHost(i.Provider), i.Provider), len(i.Children))
	}
	if several {
		name = cmp.Or(i.AccountAlias, i.Account) + "/" + name
	}
	if i.Parent != "" {
		name = "└ " + name
	}
	return cmp.Or(name, "-")
}

// title says in a sentence what an incident is about.
func title(i *incident.Incident) string {
	switch {
	case i.Headline != "":
		return i.Headline
	case i.Kind == incident.Strangers:
		return "strangers are refused"
	case i.Kind == incident.Provider:
		return fmt.Sprintf("%d incidents of %s in %s", len(i.Children), cmp.Or(i.ProviderName, i.Provider), cmp.Or(i.AccountAlias, i.Account))
	}
	return "calls for " + what(i, false) + " are denied"
}

// cause is the code of the latest cause, "" where none is known.
func cause(i *incident.Incident) report.Code {
	if len(i.Causes) == 0 {
		return ""
	}
	return i.Causes[len(i.Causes)-1].Code
}

// callers is who called first, with how many other subjects there are.
func callers(i *incident.Incident) string {
	if len(i.Subjects) == 0 {
		return "-"
	}
	sub := idp.FindFor(cloudtrail.KeyHost(i.Provider), i.Subjects[0]).Parse(i.Subjects[0])
	var parts []report.Pair
	for _, part := range sub.Parts {
		parts = append(parts, report.Pair{Name: part.Label, Value: part.Value})
	}
	text := cmp.Or(report.CallerName(parts), report.Shorten(sub.Text, 60))
	switch more := len(i.Subjects) - 1; {
	case i.MoreSubjects:
		text = fmt.Sprintf("%s +%d or more", text, more+1)
	case more > 0:
		text = fmt.Sprintf("%s +%d", text, more)
	}
	return text
}

// age is how long ago a time was, in its largest unit, "-" for no time.
func age(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	const day = 24 * time.Hour
	d := max(now.Sub(t), 0)
	for _, unit := range []struct {
		name string
		span time.Duration
	}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}} {
		if d >= unit.span {
			return fmt.Sprintf("%d%s", d/unit.span, unit.name)
		}
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// often is how often and when calls were denied.
func often(t incident.Tally) string {
	switch t.Count {
	case 0:
		return "nothing was counted"
	case 1:
		return "once, " + clock(t.First) + " UTC"
	}
	return fmt.Sprintf("%d times, from %s to %s UTC", t.Count, clock(t.First), clock(t.Last))
}

// change is an edit in words.
func change(c report.Change) string {
	return joined(" ", c.Name, "by", cmp.Or(c.By, "somebody"), "at", clock(c.Time), "UTC")
}

// joined joins what is not empty.
func joined(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}
