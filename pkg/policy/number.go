package policy

import (
	"cmp"
	"strings"
)

// decimal is a decimal number without needless zeros: 12.50 is whole "12" and
// fraction "5". Comparing digits, not floating point, keeps the account and
// user ids apart that differ beyond the 53rd bit.
type decimal struct {
	negative        bool
	whole, fraction string
}

// parseDecimal reads digits with at most one point and a sign. An exponent is
// refused: IAM's documentation speaks of integers and decimals.
func parseDecimal(s string) (d decimal, ok bool) {
	switch {
	case strings.HasPrefix(s, "-"):
		d.negative, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, fraction, point := strings.Cut(s, ".")
	if whole == "" || point && fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return decimal{}, false
	}
	d.whole = strings.TrimLeft(whole, "0")
	d.fraction = strings.TrimRight(fraction, "0")
	if d.whole == "" && d.fraction == "" {
		d.negative = false
	}
	return d, true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func compareDecimals(a, b decimal) int {
	if a.negative != b.negative {
		if a.negative {
			return -1
		}
		return 1
	}
	c := cmp.Or(
		cmp.Compare(len(a.whole), len(b.whole)),
		strings.Compare(a.whole, b.whole),
		strings.Compare(a.fraction, b.fraction),
	)
	if a.negative {
		return -c
	}
	return c
}
