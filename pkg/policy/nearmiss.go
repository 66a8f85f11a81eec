package policy

import (
	"cmp"
	"slices"
	"strings"
)

// noStatement is the Distance of a policy without Allow statements: farther
// than any policy that has one.
const noStatement = 1000

// Distance is the number of parts that are known to fail: the principal, the
// action, the resource and each condition count one. 0 means that nothing known
// stands in the way.
func (s *StatementTrace) Distance() int {
	n := 0
	for _, part := range [...]Result{s.Principal, s.Action, s.Resource} {
		if part == No {
			n++
		}
	}
	for i := range s.Conditions {
		if s.Conditions[i].Result == No {
			n++
		}
	}
	return n
}

// Distance is that of the nearest Allow statement, and one more for each Deny
// statement that matches. 0 means that nothing known stands in the way.
func (t *Trace) Distance() int {
	nearest, denied := noStatement, 0
	for i := range t.Statements {
		s := &t.Statements[i]
		switch {
		case !s.Deny:
			nearest = min(nearest, s.Distance())
		case s.Result == Yes:
			denied++
		}
	}
	return nearest + denied
}

// NearMisses returns the Allow statements, nearest to matching first: its author
// meant the first one. A statement that is about another caller and another
// action comes after all others; then the number of failing parts decides, then
// whether the principal matches, then whether the action does, then how close
// the failing values are, then the order of the document.
func (t *Trace) NearMisses() []*StatementTrace {
	var misses []miss
	for i := range t.Statements {
		if s := &t.Statements[i]; !s.Deny {
			misses = append(misses, missOf(s))
		}
	}
	if len(misses) > 1 {
		for i := range misses {
			misses[i].gap = gapOf(misses[i].statement)
		}
	}
	slices.SortStableFunc(misses, func(a, b miss) int {
		return cmp.Or(
			cmp.Compare(a.unrelated, b.unrelated),
			cmp.Compare(a.distance, b.distance),
			cmp.Compare(b.statement.Principal, a.statement.Principal),
			cmp.Compare(b.statement.Action, a.statement.Action),
			cmp.Compare(a.gap, b.gap),
		)
	})
	statements := make([]*StatementTrace, len(misses))
	for i := range misses {
		statements[i] = misses[i].statement
	}
	return statements
}

// miss is a statement with what it is ordered by.
type miss struct {
	statement *StatementTrace
	unrelated int // 1 where principal and action both fail
	distance  int
	gap       int
}

func missOf(s *StatementTrace) miss {
	m := miss{statement: s, distance: s.Distance()}
	if s.Principal == No && s.Action == No {
		m.unrelated = 1
	}
	return m
}

// gapOf tells how far the failing values of a statement are from the request's.
func gapOf(s *StatementTrace) (gap int) {
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.Result == No {
			gap += c.gap()
		}
	}
	return gap
}

// farGap is the gap of a condition whose values say nothing about closeness.
const farGap = 100

// gap tells how far a failing condition's values are from the request's, from 0,
// one slip, to farGap.
func (c *ConditionTrace) gap() int {
	if c.Got.State != Present || c.Op.Negated {
		return farGap
	}
	least := farGap
	for _, got := range c.Got.List {
		least = min(least, closest(c.Values, got))
	}
	return least
}

func closest(values []ValueTrace, got string) int {
	least := farGap
	for i := range values {
		switch v := &values[i]; v.Reason {
		case WildcardLiteral, DiffersInCase:
			return 0
		case Differs, PatternDiffers:
			least = min(least, textGap(v.Expanded, got))
		}
	}
	return least
}

// textGap is the edit distance of two texts, stars of the first left out, in
// percent of the longer. Longer texts, which only the hostile write, are cut.
func textGap(a, b string) int {
	const longest = 300
	a = strings.ReplaceAll(a, "*", "")
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	if a == "" || b == "" {
		return farGap
	}
	return editDistance(a, b) * farGap / max(len(a), len(b))
}

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
