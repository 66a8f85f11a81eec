package idp

// mistyped reports whether two names are one slip of the fingers apart: a
// letter too many, too few or wrong, or two exchanged. A digit that differs is
// no slip, since names are counted with digits.
func mistyped(a, b string) bool {
	if min(len(a), len(b)) < 5 || a == b {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) <= 1 && len(b) <= 1:
		return !hasDigit(a) && !hasDigit(b) && a != "*" && b != "*"
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	}
	return false
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			return true
		}
	}
	return false
}
