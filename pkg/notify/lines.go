package notify

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Lines is what a notice says beside its report, nil where that says it all.
// No list in it has more than most items.
func Lines(n *Notice, most int) []Line {
	switch n.Kind {
	case Update:
		return n.update(most)
	case Answer:
		return n.answer(most)
	case Over:
		return n.over(most)
	case Back:
		return []Line{lead("Denied again: ", say("it had been fine since "), at(n.Since), say("."))}
	case Provider:
		return n.provider(most)
	case Digest:
		return digest(n.Digest, most)
	case Security:
		return security(n.Digest, most)
	default:
		return nil
	}
}

func (n *Notice) update(most int) []Line {
	i := &n.Incident
	lines := []Line{lead("Still denied: ", say(times(i.Count)+" since "), at(i.First), say(" (last "), at(i.Last), say(")"))}
	lines = append(lines, n.callers(most)...)
	if i.Role != "" {
		lines = append(lines, labelled("Role", value(i.Role)))
	}
	return append(lines, n.roles(most)...)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n, "time")
}

// callers are the subjects of the denied calls.
func (n *Notice) callers(most int) []Line {
	i := &n.Incident
	if len(i.Subjects) == 1 && !i.MoreSubjects {
		return []Line{labelled("Caller", value(i.Subjects[0]))}
	}
	var items [][]Piece
	for _, s := range i.Subjects {
		items = append(items, []Piece{value(s)})
	}
	return list("Callers", items, most, i.MoreSubjects)
}

// roles are those of a provider, with what is to be said of each.
func (n *Notice) roles(most int) []Line {
	var items [][]Piece
	for _, r := range n.Roles {
		item := []Piece{value(r.Role)}
		if state := n.state(r); state != "" {
			item = append(item, say(": "+state))
		}
		items = append(items, item)
	}
	return list("Roles", items, most, false)
}

// state is how a role stands, "" where that goes without saying.
func (n *Notice) state(r RoleState) string {
	switch {
	case n.Kind == Over:
		return ""
	case r.Allowed:
		return "allowed now"
	case n.Kind == Answer:
		return strings.TrimSuffix("still denied ("+string(r.Cause)+")", " ()")
	case r.Cause != n.Incident.Cause:
		return string(r.Cause)
	}
	return ""
}

// answer says who changed what and what that did. One edit makes a sentence
// with it, several make a list before it.
func (n *Notice) answer(most int) (lines []Line) {
	if len(n.Edits) == 1 {
		edit := append([]Piece{say("Changed ")}, n.edited(n.Edits[0])...)
		lines = append(lines, line(append(edit, say(": "+n.effect()))...))
	} else {
		var items [][]Piece
		for _, e := range n.Edits {
			items = append(items, n.edited(e))
		}
		lines = append(list("Changed", items, most, false), line(say(capital(n.effect()))))
	}
	return append(lines, n.roles(most)...)
}

// edited says who made which change and when.
func (n *Notice) edited(c report.Change) (pieces []Piece) {
	if c.By != "" {
		pieces = append(pieces, say("by "), say(n.within(c.By)), say(" "))
	}
	pieces = append(pieces, say("("+c.Name))
	if !c.Time.IsZero() {
		pieces = append(pieces, say(", "), at(c.Time))
	}
	return append(pieces, say(")"))
}

// within shortens an ARN of the incident's account, which is told besides.
func (n *Notice) within(arn string) string {
	const parts = 6
	fields := strings.SplitN(arn, ":", parts)
	if len(fields) == parts && fields[0] == "arn" && fields[4] == n.Incident.Account && fields[5] != "" {
		return fields[5]
	}
	return arn
}

// effect is what the edits did to the denied call.
func (n *Notice) effect() string {
	switch n.Standing() {
	case Allowed:
		if len(n.Roles) > 0 {
			return "the denied calls of all roles would now be allowed."
		}
		return "the denied call would now be allowed."
	case Mixed:
		return "the denied calls of " + count(countAllowed(n.Roles), "role") + " would now be allowed, those of " +
			count(len(n.Roles)-countAllowed(n.Roles), "role") + " not."
	case Unclear:
		return "what that did to the denied call could not be told."
	}
	return "still denied."
}

// over says since when it works, how that is known, and what there was.
func (n *Notice) over(most int) []Line {
	i := &n.Incident
	lines := []Line{lead("Works again ", say("since "), at(n.Since), say("."))}
	if because := strings.TrimSpace(n.Because); because != "" {
		lines = append(lines, line(say(capital(strings.TrimSuffix(because, ".")+"."))))
	}
	if !i.First.IsZero() && n.Since.After(i.First) {
		lines = append(lines, line(sayf("It lasted %s: %s from ", lasting(n.Since.Sub(i.First)), count(i.Count, "denial")),
			at(i.First), say(" to "), at(i.Last), say(".")))
	}
	return append(lines, n.roles(most)...)
}

// provider says what many roles have in common.
func (n *Notice) provider(most int) []Line {
	reason := value(string(n.Incident.Cause))
	if n.Report != nil && len(n.Report.Findings) > 0 {
		reason = say(n.Report.Findings[0].Message)
	}
	lines := append([]Line{line(sayf("%s fail for the same reason: ", capital(n.roleCount())), reason)}, n.roles(most)...)
	if n.Report != nil {
		lines = append(lines, labelled("One of them", say(Headline(n.Report))))
	}
	return lines
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
