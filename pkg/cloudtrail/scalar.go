package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// What of a scalar is JSON.
// https://www.rfc-editor.org/rfc/rfc8259#section-6 and the one after it.

// plainTo finds the first byte from pos on that is not plain in a string: a
// quote, a backslash or a control character; len(text) where there is none. It
// looks at eight bytes at a time. Strings in records are short, so that this
// is no slower than the vector instructions of bytes.IndexByte, which looks for
// one of them.
func plainTo(text []byte, pos int) int {
	for rest := text[pos:]; len(rest) >= 8; rest = rest[8:] {
		if m := special(binary.LittleEndian.Uint64(rest)); m != 0 {
			return len(text) - len(rest) + bits.TrailingZeros64(m)/8
		}
	}
	pos += (len(text) - pos) &^ 7
	for pos < len(text) && text[pos] >= ' ' && text[pos] != '"' && text[pos] != '\\' {
		pos++
	}
	return pos
}

// special has the highest bit set of each byte that is not plain in a string,
// as far as the first of them; what lies above that may be wrong. A byte less n
// borrows where it was below n, unless its own highest bit was set.
// https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord
func special(word uint64) uint64 {
	const ones = 0x0101010101010101
	quoteOrControl := word ^ '\x02'*ones - 0x21*ones // the quote changes places with the blank
	backslash := word ^ '\\'*ones - ones
	return (quoteOrControl | backslash) &^ word & (0x80 * ones)
}

// escapeTo moves past the escape at pos; 0 where it is none or not in sight.
func escapeTo(text []byte, pos int) int {
	if len(text)-pos < 2 {
		return 0
	}
	switch text[pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return pos + 2
	case 'u':
		if len(text)-pos >= 6 && isHex(text[pos+2]) && isHex(text[pos+3]) && isHex(text[pos+4]) && isHex(text[pos+5]) {
			return pos + 6
		}
	}
	return 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// numberTo moves past the number at pos; it stays where there is none.
func numberTo(text []byte, pos int) int {
	begin := pos
	if pos < len(text) && text[pos] == '-' {
		pos++
	}
	whole := pos
	if pos = digitsTo(text, pos); pos == whole || text[whole] == '0' && pos > whole+1 {
		return begin
	}
	if pos < len(text) && text[pos] == '.' {
		point := pos + 1
		if pos = digitsTo(text, point); pos == point {
			return begin
		}
	}
	if pos < len(text) && text[pos]|0x20 == 'e' {
		exponent := pos + 1
		if exponent < len(text) && (text[exponent] == '+' || text[exponent] == '-') {
			exponent++
		}
		if pos = digitsTo(text, exponent); pos == exponent {
			return begin
		}
	}
	return pos
}

func digitsTo(text []byte, pos int) int {
	for pos < len(text) && '0' <= text[pos] && text[pos] <= '9' {
		pos++
	}
	return pos
}

// isValue is whether a word is a value.
func isValue(word []byte) bool {
	switch string(word) {
	case "true", "false", "null":
		return true
	}
	return len(word) > 0 && numberTo(word, 0) == len(word)
}
