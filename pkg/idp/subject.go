package idp

import (
	"strconv"
	"strings"
)

// Subject is a sub that was taken apart.
type Subject struct {
	Text  string
	Shape *Shape // nil: none of the provider's known forms
	Parts []Part // in the order of the text
}

// Part is one named value within a subject.
type Part struct {
	Name       string // namespace, service-account, owner, repository, branch …
	Label      string // the name in words, for messages
	Value      string
	Start, End int // bytes in the subject; Value is exactly what lies between
}

func newPart(name, s string, start, end int) Part {
	return Part{Name: name, Label: label(name), Value: s[start:end], Start: start, End: end}
}

// Part returns the part with this name, and whether there is one.
func (s *Subject) Part(name string) (Part, bool) {
	for i := range s.Parts {
		if s.Parts[i].Name == name {
			return s.Parts[i], true
		}
	}
	return Part{}, false
}

// Value returns the value of the part with this name, "" where there is none.
func (s *Subject) Value(name string) string {
	part, _ := s.Part(name)
	return part.Value
}

// Parse takes a subject apart. A text of none of the provider's forms is
// split by its punctuation, with a nil Shape.
func (p *Provider) Parse(sub string) Subject {
	buffer := make([]Part, 0, 8)
	for i := range p.Subjects {
		if parts, ok := p.Subjects[i].match(sub, buffer); ok {
			labelRef(parts)
			return Subject{Text: sub, Shape: &p.Subjects[i], Parts: parts}
		}
	}
	return Subject{Text: sub, Parts: splitByPunctuation(sub, buffer)}
}

// FormOf is the form that Parse finds a subject to have, nil for none. It is for
// those who try many subjects and want no parts of them.
func (p *Provider) FormOf(sub string) *Shape {
	var buffer [8]Part
	for i := range p.Subjects {
		if _, ok := p.Subjects[i].match(sub, buffer[:0]); ok {
			return &p.Subjects[i]
		}
	}
	return nil
}

// labelRef calls a ref by its type where the part before tells it.
func labelRef(parts []Part) {
	for i := 1; i < len(parts); i++ {
		before := parts[i-1]
		if parts[i].Name == "ref" && before.Name == "ref-type" && (before.Value == "branch" || before.Value == "tag") {
			parts[i].Label = before.Value
		}
	}
}

// splitByPunctuation splits a subject of an unknown form: into key:value
// where it looks like that, otherwise at the separator it uses.
func splitByPunctuation(sub string, buffer []Part) []Part {
	if strings.Contains(sub, "://") {
		return append(buffer, newPart("subject", sub, 0, len(sub))) // an address is one thing
	}
	if parts, ok := splitKeyValue(sub, buffer); ok {
		return parts
	}
	for _, separator := range [...]string{"::", ":", "|", "/"} {
		if strings.Contains(sub, separator) {
			return splitAt(sub, separator, buffer)
		}
	}
	return append(buffer, newPart("subject", sub, 0, len(sub)))
}

func splitKeyValue(sub string, parts []Part) ([]Part, bool) {
	if strings.Count(sub, ":")%2 == 0 {
		return parts, false
	}
	for at := 0; at <= len(sub); {
		key := sub[at : at+lengthWithout(sub[at:], ":")]
		if !isKey(key) || at+len(key) == len(sub) {
			return parts[:0], false
		}
		start := at + len(key) + 1
		end := start + lengthWithout(sub[start:], ":")
		parts = append(parts, newPart(partName(key), sub, start, end))
		at = end + 1
	}
	return parts, len(parts) > 0
}

// isKey reports whether s looks like the name of a claim: letters and
// underscores, with digits and dashes behind the first.
func isKey(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case 'a' <= c && c <= 'z', s[i] == '_':
		case i > 0 && ('0' <= s[i] && s[i] <= '9' || s[i] == '-'):
			if s[i] == '-' && i > 1 && '0' <= s[len(s)-1] && s[len(s)-1] <= '9' {
				return false // us-east-1 is a value
			}
		default:
			return false
		}
	}
	return s != "" && s != "http" && s != "https"
}

func splitAt(sub, separator string, parts []Part) []Part {
	for at, n := 0, 1; at <= len(sub); n++ {
		end := len(sub)
		if i := strings.Index(sub[at:], separator); i >= 0 {
			end = at + i
		}
		if end > at {
			parts = append(parts, newPart(ordinal(n), sub, at, end))
		}
		at = end + len(separator)
	}
	return parts
}

// ordinal names the n-th part of an unknown form.
func ordinal(n int) string { return "part-" + strconv.Itoa(n) }

// label writes a part name in words.
func label(name string) string {
	switch name {
	case "owner-id":
		return "owner id"
	case "repository-id":
		return "repository id"
	case "service-account":
		return "service account"
	case "run-phase":
		return "run phase"
	case "ref-type":
		return "ref type"
	}
	if strings.IndexByte(name, '-') < 0 {
		return name
	}
	return strings.ReplaceAll(name, "-", " ")
}
