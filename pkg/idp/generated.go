package idp

import "strings"

// GeneratedTail splits a name into its stem and the ending, with its dash or
// full stop, that a machine gave it: at least five hex digits one of which is
// a decimal digit, at least eight decimal digits, a UUID or a ULID. tail is
// "" where there is none. A name that is a UUID as a whole has none: the UUID
// is the name.
func GeneratedTail(name string) (stem, tail string) {
	if i := len(name) - 37; i > 0 && joint(name[i]) && isUUID(name[i+1:]) {
		return name[:i], name[i:]
	}
	i := strings.LastIndexAny(name, "-.")
	if i < 1 || isUUID(name) {
		return name, ""
	}
	last := name[i+1:]
	if isHash(last) || isULID(last) {
		return name[:i], name[i:]
	}
	return name, ""
}

// isHash reports lower-case hex of at least five digits with a decimal digit
// among them; eight decimal digits and more are a special case of it.
func isHash(s string) bool {
	for i := range len(s) {
		if !('0' <= s[i] && s[i] <= '9' || 'a' <= s[i] && s[i] <= 'f') {
			return false
		}
	}
	return len(s) >= 5 && hasDigit(s)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHexDigit(s[i]) {
				return false
			}
		}
	}
	return true
}

func isHexDigit(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'f'
}

// isULID reports 26 characters of Crockford's alphabet, beginning with a digit
// up to 7: https://github.com/ulid/spec
func isULID(s string) bool {
	if len(s) != 26 || s[0] < '0' || s[0] > '7' {
		return false
	}
	for i := range len(s) {
		if c := s[i] &^ 0x20; !('0' <= s[i] && s[i] <= '9' || 'A' <= c && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U') {
			return false
		}
	}
	return true
}
