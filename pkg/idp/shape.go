package idp

import "strings"

// Shape is one form of subject.
//
// Template is its text with named holes: {name} takes text without colon and
// slash, {name?} the same or nothing, {name+} text without colon, {name~} the
// same or nothing, and {name*} any text up to what follows, or nothing. {...}
// at the end takes nothing, or a colon and a list of key:value.
type Shape struct {
	Name     string // in words: branch, pull request …
	Template string
}

// holes of a template, by the character behind the name.
const (
	plainHole    = '}'
	emptyHole    = '?'
	slashHole    = '+'
	optionalHole = '~'
	anyHole      = '*'
)

// match appends the parts of s to parts. ok is false when s has another form;
// the parts found until then are returned all the same.
func (sh *Shape) match(s string, parts []Part) (_ []Part, ok bool) {
	template, at := sh.Template, 0
	for template != "" {
		literal, name, kind, rest := nextHole(template)
		if !strings.HasPrefix(s[at:], literal) {
			return parts, false
		}
		at += len(literal)
		if name == "" {
			return parts, at == len(s)
		}
		if name == "..." {
			return matchList(s, at, parts)
		}
		end, ok := holeEnd(s, at, kind, literalBefore(rest))
		if !ok {
			return parts, false
		}
		parts = append(parts, newPart(name, s, at, end))
		template, at = rest, end
	}
	return parts, at == len(s)
}

// nextHole cuts a template at its first hole; name is "" where there is none.
func nextHole(template string) (literal, name string, kind byte, rest string) {
	open := strings.IndexByte(template, '{')
	if open < 0 {
		return template, "", 0, ""
	}
	end := open + strings.IndexByte(template[open:], '}')
	name, kind = template[open+1:end], plainHole
	if last := name[len(name)-1]; last == emptyHole || last == slashHole || last == optionalHole || last == anyHole {
		name, kind = name[:len(name)-1], last
	}
	return template[:open], name, kind, template[end+1:]
}

func literalBefore(template string) string {
	if i := strings.IndexByte(template, '{'); i >= 0 {
		return template[:i]
	}
	return template
}

// holeEnd finds where the value of a hole ends that begins at at and is
// followed by delimiter.
func holeEnd(s string, at int, kind byte, delimiter string) (end int, ok bool) {
	rest := s[at:]
	switch kind {
	case anyHole:
		if i := strings.Index(rest, delimiter); i >= 0 && delimiter != "" {
			return at + i, true
		}
		return len(s), true
	case slashHole, optionalHole:
		n := lengthWithout(rest, ":")
		if delimiter != "" && delimiter[0] != ':' {
			n = strings.LastIndex(rest[:n], delimiter)
		}
		return at + max(n, 0), n > 0 || n == 0 && kind == optionalHole
	}
	n := lengthWithout(rest, ":/")
	if delimiter != "" {
		if i := strings.Index(rest[:n], delimiter); i >= 0 {
			n = i
		}
	}
	return at + n, n > 0 || kind == emptyHole
}

// lengthWithout is the length of the longest beginning of s without any of the
// stops; there are one or two.
func lengthWithout(s, stops string) int {
	first, second := stops[0], stops[len(stops)-1]
	for i := range len(s) {
		if s[i] == first || s[i] == second {
			return i
		}
	}
	return len(s)
}

// matchList reads ":key:value…" from at to the end of s. A lone pull_request
// is the value of the key context, as GitHub writes it.
func matchList(s string, at int, parts []Part) ([]Part, bool) {
	for at < len(s) {
		if s[at] != ':' || at+1 == len(s) {
			return parts, false
		}
		key := s[at+1 : at+1+lengthWithout(s[at+1:], ":")]
		at += 1 + len(key)
		if key == "pull_request" {
			parts = append(parts, newPart("context", s, at-len(key), at))
			continue
		}
		if at == len(s) || key == "" {
			return parts, false
		}
		end := at + 1 + lengthWithout(s[at+1:], ":")
		parts = append(parts, newPart(partName(key), s, at+1, end))
		at = end
	}
	return parts, true
}

// partName writes a key as part names are written; it does not allocate for
// the keys that have no underscore.
func partName(key string) string {
	switch key {
	case "run_phase":
		return "run-phase"
	case "repo":
		return "repository"
	}
	return strings.ReplaceAll(key, "_", "-")
}
