package cloudtrail

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder reads the fields of one record, of which the walker has found the
// end, in the order they come. It is several times faster than decoding into
// a struct, as it never looks at what nobody asks for. A field of the wrong
// type is a flaw; the others are still read.
type decoder struct {
	scan  *scanner
	path  [][]byte // to the current value
	utf8  bool
	flaws []error
}

var errUTF8 = errors.New("the record is not valid UTF-8")

func newDecoder(raw []byte) *decoder {
	d := &decoder{scan: textScanner(raw), path: make([][]byte, 0, 8), utf8: utf8.Valid(raw)}
	if !d.utf8 {
		d.flaws = append(d.flaws, errUTF8)
	}
	return d
}

// flaw notes what is wrong with the current value.
func (d *decoder) flaw(format string, args ...any) {
	name := strings.ReplaceAll(string(bytes.Join(d.path, []byte("."))), ".[", "[")
	d.flaws = append(d.flaws, fmt.Errorf("%.200s %s", cmp.Or(name, "the record"), fmt.Sprintf(format, args...)))
}

// members ranges over the names of an object. The body reads a member's value
// or leaves it, then it is skipped.
func (d *decoder) members() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !d.expect('{', "an object") {
			return
		}
		d.each(func(int) bool {
			name := d.name()
			return d.scan.colon() == nil && d.value(name, yield)
		})
	}
}

// elements ranges over the indexes of a list, as members does over names.
func (d *decoder) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		if !d.expect('[', "a list") {
			return
		}
		d.each(func(i int) bool {
			return d.value(append(strconv.AppendInt([]byte{'['}, int64(i), 10), ']'), func([]byte) bool { return yield(i) })
		})
	}
}

// each walks what is within brackets.
func (d *decoder) each(walk func(i int) bool) {
	if d.scan.enter() != nil {
		return
	}
	for i := 0; ; i++ {
		more, err := d.scan.next(i == 0)
		if err != nil || !more || !walk(i) {
			return
		}
	}
}

// value hands on a value of the given name, and skips it where it was left.
func (d *decoder) value(name []byte, yield func([]byte) bool) bool {
	d.path = append(d.path, name)
	start := d.scan.pos
	more := yield(name) && (d.scan.pos > start || d.scan.skip() == nil)
	d.path = d.path[:len(d.path)-1]
	return more
}

// expect is whether the current value is of a kind, by its first byte. Another
// one is a flaw unless it is null, and skipped.
func (d *decoder) expect(first byte, want string) bool {
	c, _ := d.scan.space()
	if c == first {
		return true
	}
	if c != 'n' {
		d.flaw("is %s where %s is expected", kindOf(c), want)
	}
	_ = d.scan.skip()
	return false
}

func kindOf(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

// raw reads a value as its text.
func (d *decoder) raw() []byte {
	d.scan.space()
	start := d.scan.pos
	_ = d.scan.skip()
	return d.scan.buf[start:d.scan.pos]
}

// text reads a string, "" where it is null or no string.
func (d *decoder) text() string {
	if !d.expect('"', "a string") {
		return ""
	}
	return d.string()
}

// name reads the name of a member, in place where it can.
func (d *decoder) name() []byte {
	start := d.scan.pos
	raw := d.raw()
	if d.utf8 && bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	d.scan.pos = start
	return []byte(d.string())
}

func (d *decoder) string() string {
	raw := d.raw()
	if d.utf8 && bytes.IndexByte(raw, '\\') < 0 {
		return withoutTokens(string(raw[1 : len(raw)-1]))
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		d.flaw("is a string with a wrong escape")
	}
	return withoutTokens(s)
}

// number reads a whole number, 0 where it is null or none.
func (d *decoder) number() int {
	raw := d.raw()
	if string(raw) == "null" {
		return 0
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil || !isValue(raw) {
		d.flaw("is %s where a whole number is expected", kindOf(raw[0]))
		return 0
	}
	return n
}
