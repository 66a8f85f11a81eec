package report

import (
	"strings"
)

// changesInWords has a line for every change: when, what, by whom, to what
// effect.
func changesInWords(changes []Change) (lines []string) {
	for _, c := range changes {
		line := c.Name
		if !c.Time.IsZero() {
			line = c.Time.UTC().Format("2006-01-02 15:04:05 UTC") + " " + line
		}
		if c.By != "" {
			line += " by " + c.By
		}
		if c.Via != "" {
			line += " via " + tool(c.Via)
		}
		if c.Effect != "" {
			line += ": " + c.Effect
		}
		lines = append(lines, line)
	}
	return lines
}

// tool is the product that a user agent names first, without those that say
// whose partner it is.
func tool(userAgent string) string {
	products := strings.Fields(strings.Trim(userAgent, "[]"))
	for _, p := range products {
		if !strings.HasPrefix(p, "APN/") && !strings.HasPrefix(p, "HashiCorp/") {
			return p
		}
	}
	return strings.Join(products, " ")
}

// gapsInWords has a line for every reason why something could not be seen.
func gapsInWords(gaps []Gap) (lines []string) {
	var reasons []string
	things := map[string][]string{}
	for _, g := range gaps {
		if things[g.Why] == nil {
			reasons = append(reasons, g.Why)
		}
		things[g.Why] = append(things[g.Why], g.What)
	}
	for _, why := range reasons {
		line := strings.Join(things[why], "; ")
		if why != "" {
			line += ", because " + why
		}
		lines = append(lines, line)
	}
	return lines
}

// facts are what the record says of the call, without what is empty.
func facts(r *Report) (pairs []Pair) {
	e := &r.Event
	for _, p := range []Pair{
		{"subject", e.Subject},
		{"derived", pairsInWords(e.Derived)},
		{"audience", e.Audience},
		{"provider", e.Provider},
		{"role", e.Role},
		{"session", e.SessionName},
		{"tags", pairsInWords(e.Tags)},
		{"identity", e.SourceIdentity},
		{"error", e.ErrorMessage},
		{"from", strings.Join(nonEmpty(e.SourceIP, e.UserAgent), ", ")},
		{"event", e.ID},
	} {
		if p.Value != "" {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

func pairsInWords(pairs []Pair) string {
	var parts []string
	for _, p := range pairs {
		parts = append(parts, p.Name+" "+p.Value)
	}
	return strings.Join(parts, ", ")
}

func nonEmpty(texts ...string) (out []string) {
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
