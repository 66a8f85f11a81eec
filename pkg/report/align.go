package report

import "slices"

// A token is a separator, an asterisk, or the text between them.
type token struct {
	span
	text []rune
}

func (t *token) star() bool { return len(t.text) == 1 && t.text[0] == '*' }

func (t *token) separator() bool { return len(t.text) == 1 && separates(t.text[0]) }

// missing is what it costs that the value lacks a token of the pattern.
func (t *token) missing() int {
	switch {
	case t.star():
		return 0
	case t.separator():
		return costSeparator
	}
	return costMissing
}

// tokens takes a value apart; asterisks count where it is a pattern.
func tokens(s []rune, pattern bool) (out []token) {
	start := 0
	for i, r := range s {
		if separates(r) || pattern && r == '*' {
			if i > start {
				out = append(out, token{span{start, i}, s[start:i]})
			}
			out = append(out, token{span{i, i + 1}, s[i : i+1]})
			start = i + 1
		}
	}
	if start < len(s) {
		out = append(out, token{span{start, len(s)}, s[start:]})
	}
	return out
}

// Costs of aligning a pattern with a value.
const (
	costTaken     = 2  // an asterisk takes a token
	costMore      = 15 // a token of the value alone
	costOther     = 20 // another text between the same separators
	costMissing   = 20 // a text of the pattern alone
	costSeparator = 40 // a separator of the pattern alone: it tells where the parts are
)

// alignment aligns the tokens of a pattern with those of a value at the least
// cost: cost[i][j] is that of what follows.
type alignment struct {
	pattern, actual []token
	cost            [][]int
}

func align(pattern, actual []token) *alignment {
	a := &alignment{pattern: pattern, actual: actual, cost: make([][]int, len(pattern)+1)}
	for i := len(pattern); i >= 0; i-- {
		a.cost[i] = make([]int, len(actual)+1)
		for j := len(actual); j >= 0; j-- {
			if i < len(pattern) || j < len(actual) {
				a.cost[i][j] = slices.MinFunc(a.steps(i, j), byCost).cost
			}
		}
	}
	return a
}

// A step goes from one pair of places to the next.
type step struct {
	cost, i, j int
	differs    bool
}

func byCost(x, y step) int { return x.cost - y.cost }

// steps are those that lead on from a pair of places, with all that follows.
func (a *alignment) steps(i, j int) []step {
	out := make([]step, 0, 3)
	if i < len(a.pattern) && j < len(a.actual) {
		if a.pattern[i].star() {
			out = append(out, step{costTaken + a.cost[i][j+1], i, j + 1, false})
		} else if same := a.matches(i, j); same || !a.pattern[i].separator() && !a.actual[j].separator() {
			cost := a.cost[i+1][j+1]
			if !same {
				cost += costOther
			}
			out = append(out, step{cost, i + 1, j + 1, !same})
		}
	}
	if i < len(a.pattern) {
		cost := a.pattern[i].missing()
		out = append(out, step{cost + a.cost[i+1][j], i + 1, j, cost > 0})
	}
	if j < len(a.actual) {
		out = append(out, step{costMore + a.cost[i][j+1], i, j + 1, true})
	}
	return out
}

// matches compares two tokens. Next to an asterisk the text of the pattern may
// be the beginning or the end of the value's.
func (a *alignment) matches(i, j int) bool {
	want, got := a.pattern[i].text, a.actual[j].text
	open := func(n int) bool { return n >= 0 && n < len(a.pattern) && a.pattern[n].star() }
	switch {
	case len(want) == len(got):
		return matchesAt(want, got, 0)
	case len(want) > len(got) || a.pattern[i].separator():
		return false
	case open(i-1) && open(i+1):
		return find(want, got, 0) >= 0
	case open(i - 1):
		return matchesAt(want, got, len(got)-len(want))
	}
	return open(i+1) && matchesAt(want, got, 0)
}

// differing are the spans from the first to the last token that differs; of a
// value that the pattern matches, what its last asterisk takes.
func (a *alignment) differing() (e, v span) {
	differs := false
	var taken span
	for i, j := 0, 0; i < len(a.pattern) || j < len(a.actual); {
		next := slices.MinFunc(a.steps(i, j), byCost)
		if next.differs {
			e, v = widen(e, a.pattern, i, next.i, differs), widen(v, a.actual, j, next.j, differs)
			differs = true
		} else if next.i == i {
			taken = widen(taken, a.actual, j, next.j, taken.end == a.actual[j].start && taken.end > 0)
		}
		i, j = next.i, next.j
	}
	if !differs {
		end := a.pattern[len(a.pattern)-1].end
		return span{end, end}, taken
	}
	return e, v
}

// widen takes tokens from to to into a span, which starts there unless it has
// been started.
func widen(s span, all []token, from, to int, started bool) span {
	at := 0
	if from > 0 {
		at = all[from-1].end
	}
	if !started {
		s = span{at, at}
	}
	if to > from {
		s.end = all[to-1].end
	}
	return s
}
