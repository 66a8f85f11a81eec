package report

// Marked is a line of a policy, or a value that is compared, with the part that
// matters marked; escaped, and not cut but for what nobody would read. Where
// the marked part is empty, something is missing between the other two.
type Marked struct {
	Label                 string // the number of the line; "expected" or "actual"
	Before, Middle, After string // Middle is what is marked
}

func newMarked(label string, r row) Marked {
	return Marked{label, r.before.String(), r.marked.String(), r.after.String()}
}

// marks adds to the last section what it marks. Values that are empty are left
// out.
func (s *sections) marks(lines ...Marked) {
	last := &s.all[len(s.all)-1]
	for _, m := range lines {
		if m.Before+m.Middle+m.After != "" || last.Kind == SourceSection {
			last.Marked = append(last.Marked, m)
		}
	}
}

// Who names the caller as people call it, for example "repo acme/api (GitHub
// Actions)". It is escaped and of bounded length.
func Who(e *Event) string { return caller(e) }

// RoleName is the last part of a role's ARN, escaped, and what is no such ARN
// as it is; "" stays "".
func RoleName(arn string) string {
	name := roleName(arn)
	if name == "" {
		name = arn
	}
	return shorten(name, longestName)
}
