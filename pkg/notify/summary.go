package notify

import "time"

// digest tells of many incidents at once.
func digest(s *Summary, most int) (lines []Line) {
	if s.Incidents > 0 {
		lines = append(lines, line(say(count(s.Denials, "denial")+" in "+count(s.Incidents, "incident")+" from "),
			at(s.From), say(" to "), at(s.To), say(", told at once because there were too many for messages of their own.")))
	}
	lines = append(lines, shares("Causes", s.Causes, "incident", most)...)
	lines = append(lines, shares("Roles", s.Roles, "incident", most)...)
	lines = append(lines, shares("Callers", s.Callers, "incident", most)...)
	lines = append(lines, snoozed(s.Snoozed, most)...)
	if s.Withheld > 0 {
		lines = append(lines, line(say("Held back because an incident had told enough for the day: "+count(s.Withheld, "message")+".")))
	}
	return append(lines, line(say("All of them: "), value("rolewhy incidents")))
}

func shares(label string, all []Share, noun string, most int) []Line {
	var items [][]Piece
	for _, s := range all {
		items = append(items, []Piece{value(s.Name), say(": " + count(s.Count, noun))})
	}
	return list(label, items, most, false)
}

func snoozed(all []Snoozed, most int) []Line {
	var items [][]Piece
	for _, s := range all {
		until := ""
		if !s.Until.IsZero() { // else the rule is gone
			until = ", until " + s.Until.UTC().Format(time.DateOnly)
		}
		items = append(items, []Piece{
			value(s.Rule), say(": " + count(s.Incidents, "incident") + ", " + count(s.Denials, "denial") + until),
		})
	}
	return list("Kept quiet by rules", items, most, false)
}

// security tells of strangers. It proposes nothing that would let one in.
func security(s *Summary, most int) []Line {
	lines := []Line{line(say("Callers whom no trust policy of yours names tried to get in: "+count(s.Denials, "denial")+" under "+count(s.Incidents, "name")+" from "),
		at(s.From), say(" to "), at(s.To), say(". Each of these calls was denied; none got in."))}
	lines = append(lines, shares("Roles they tried", s.Roles, "name", most)...)
	lines = append(lines, shares("Callers by owner", s.Callers, "name", most)...)
	checks := [][]Piece{
		{say("Every trust policy for an open provider names owner and repository, with no wildcard before them.")},
		{say("Whoever tries these roles knows their ARNs: look for them in public workflows and logs.")},
		{say("A name that looks like one of yours is not one of yours. Nothing has to change to keep it out.")},
	}
	return append(lines, list("To check", checks, len(checks), false)...)
}
