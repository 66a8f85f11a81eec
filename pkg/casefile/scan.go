package casefile

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// The text of a file is checked once, as a whole. What follows cuts values that
// are known to be valid JSON, and copies none of them: the details of an account
// are of ten megabytes, most of which nobody asks for.

// members yields the members of an object, names and values as they stand in raw.
func members(raw []byte, yield func(name, value []byte)) {
	for at := blank(raw, 1); raw[at] != '}'; {
		end := valueEnd(raw, at)
		start := blank(raw, blank(raw, end)+1) // behind the colon
		stop := valueEnd(raw, start)
		yield(raw[at:end], raw[start:stop:stop])
		at = next(raw, stop)
	}
}

// elements yields the elements of a list, as they stand in raw.
func elements(raw []byte, yield func(value []byte)) {
	for at := blank(raw, 1); raw[at] != ']'; {
		stop := valueEnd(raw, at)
		yield(raw[at:stop:stop])
		at = next(raw, stop)
	}
}

// next is where the next member or element begins, or the list or object ends.
func next(raw []byte, at int) int {
	if at = blank(raw, at); raw[at] == ',' {
		at = blank(raw, at+1)
	}
	return at
}

// blank is the first place from at on that has no white space.
func blank(raw []byte, at int) int {
	for raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\r' || raw[at] == '\t' {
		at++
	}
	return at
}

// valueEnd is the place behind the value that begins at at.
func valueEnd(raw []byte, at int) int {
	depth := 0
	for ; at < len(raw); at++ {
		switch raw[at] {
		case '"':
			at = quoteEnd(raw, at)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		case ' ', '\n', '\r', '\t', ',', ':':
			continue
		default:
			at = literalEnd(raw, at)
		}
		if depth == 0 {
			return at + 1
		}
	}
	return at
}

// quoteEnd is the place of the quote that ends the string that begins at at.
func quoteEnd(raw []byte, at int) int {
	for at++; raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return at
}

// literalEnd is the last place of the number or word that begins at at.
func literalEnd(raw []byte, at int) int {
	for at+1 < len(raw) && strings.IndexByte(" \n\r\t,:]}", raw[at+1]) < 0 {
		at++
	}
	return at
}

// unquoted is a string of the file; ok is false for what is none.
func unquoted(raw []byte) (s string, ok bool) {
	if raw[0] != '"' {
		return "", false
	}
	inner := string(raw[1 : len(raw)-1])
	if strings.IndexByte(inner, '\\') < 0 && utf8.ValidString(inner) {
		return inner, true
	}
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}
