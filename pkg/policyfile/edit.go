package policyfile

import "strings"

// Edit is the one change of the file that makes the policy another: the place
// of what goes, and the text that comes instead. ok is false where the file has
// not got that text as it is: where several values change that it has apart, or
// one that a function gives, or in a plan, which nobody edits.
func (r *Role) Edit(changed string) (place Place, text string, ok bool) {
	before := string(r.Policy)
	start := commonPrefix(before, changed)
	end := len(before) - commonSuffix(before[start:], changed[start:])
	encoded := !strings.HasPrefix(strings.TrimSpace(before), "{") // as the API of IAM returns policies
	if start == end && len(before) == len(changed) || r.file.Form == Terraform || encoded {
		return Place{}, "", false
	}
	for _, p := range r.pieces {
		if start < p.start || end > p.end {
			continue
		}
		grown := len(changed) - len(before)
		switch {
		case p.linear && len(r.pieces) == 1 && (r.file.source.json || !strings.ContainsAny(changed[start:end+grown], "'\n")):
			from := p.at + start - p.start
			return r.file.source.place(from, from+end-start), changed[start : end+grown], true
		case p.exact && strings.HasPrefix(changed[p.start:], `"`):
			return r.file.source.place(p.at, p.at+p.size), changed[p.start : p.end+grown], true
		}
	}
	return Place{}, "", false
}

func commonPrefix(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
