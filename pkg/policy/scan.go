package policy

import (
	"strings"
	"unicode/utf8"
)

// nodeKind is the type of a JSON value; key is a member's name.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
	keyNode
)

// node is one value, or one member name, of a JSON text. Nodes lie in document
// order in one slice, a tape: an object's node is followed by name and value
// in turn, an array's by its elements.
type node struct {
	kind       nodeKind
	escaped    bool  // a string with a backslash in it
	start, end int32 // byte offsets in the text, end exclusive
	next       int32 // index of the node after this one and all it holds
	count      int32 // members of an object, elements of an array
}

// maxDepth bounds the nesting: a trust policy needs six levels and a recorded
// request around it three more; everything deeper is hostile.
const maxDepth = 32

// maxSource bounds the length of a text, far above IAM's 8,192 characters and
// far below what an int32 offset can hold.
const maxSource = 1 << 26

// scanner turns a JSON text (RFC 8259) into a tape.
type scanner struct {
	src  string
	tape []node
	pos  int
	msg  string // why scanning stopped, at pos
}

// scan reads one JSON text and nothing behind it. The tape is appended to tape,
// whose capacity is reused. A failure is told by its offset and a message.
func scan(src string, tape []node) (_ []node, offset int, msg string) {
	if len(src) > maxSource {
		return tape, maxSource, "the document is too long"
	}
	s := scanner{src: src, tape: tape}
	if !s.value(0) {
		return s.tape, s.pos, s.msg
	}
	s.space()
	if s.pos < len(src) {
		return s.tape, s.pos, "unexpected text after the document"
	}
	if !utf8.ValidString(src) {
		return s.tape, invalidUTF8(src), "the document is not UTF-8"
	}
	return s.tape, 0, ""
}

// tapeSize guesses the number of nodes of a text, closely for a policy: nearly
// all are strings and containers.
func tapeSize(src string) int {
	return strings.Count(src, `"`)/2 + strings.Count(src, "{") + strings.Count(src, "[") + 8
}

func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

func (s *scanner) fail(msg string) bool {
	s.msg = msg
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek skips white space and returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos < len(s.src) {
		return s.src[s.pos]
	}
	return 0
}

func (s *scanner) value(depth int) bool {
	if depth > maxDepth {
		return s.fail("nested too deep")
	}
	switch c := s.peek(); {
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == '"':
		return s.str(stringNode)
	case c == '-' || '0' <= c && c <= '9':
		return s.number()
	case c == 't':
		return s.word("true", boolNode)
	case c == 'f':
		return s.word("false", boolNode)
	case c == 'n':
		return s.word("null", nullNode)
	}
	return s.unexpected("a value")
}

// unexpected reports what stands at pos where want should.
func (s *scanner) unexpected(want string) bool {
	if s.pos >= len(s.src) {
		return s.fail("unexpected end, " + want + " is missing")
	}
	return s.fail("expected " + want)
}

// open appends a node that starts at pos; close completes it.
func (s *scanner) open(kind nodeKind) int {
	s.tape = append(s.tape, node{kind: kind, start: int32(s.pos)})
	return len(s.tape) - 1
}

func (s *scanner) close(i int) bool {
	s.tape[i].end = int32(s.pos)
	s.tape[i].next = int32(len(s.tape))
	return true
}

func (s *scanner) object(depth int) bool {
	at := s.open(objectNode)
	s.pos++
	if s.peek() == '}' {
		s.pos++
		return s.close(at)
	}
	for {
		if !s.member(depth) {
			return false
		}
		s.tape[at].count++
		switch s.peek() {
		case ',':
			s.pos++
		case '}':
			s.pos++
			return s.close(at)
		default:
			return s.unexpected("a comma or a closing brace")
		}
	}
}

func (s *scanner) member(depth int) bool {
	if s.peek() != '"' {
		return s.unexpected("a member name in double quotes")
	}
	if !s.str(keyNode) {
		return false
	}
	if s.peek() != ':' {
		return s.unexpected("a colon")
	}
	s.pos++
	return s.value(depth + 1)
}

func (s *scanner) array(depth int) bool {
	at := s.open(arrayNode)
	s.pos++
	if s.peek() == ']' {
		s.pos++
		return s.close(at)
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		s.tape[at].count++
		switch s.peek() {
		case ',':
			s.pos++
		case ']':
			s.pos++
			return s.close(at)
		default:
			return s.unexpected("a comma or a closing bracket")
		}
	}
}

func (s *scanner) word(w string, kind nodeKind) bool {
	if !strings.HasPrefix(s.src[s.pos:], w) {
		return s.unexpected("a value")
	}
	at := s.open(kind)
	s.pos += len(w)
	return s.close(at)
}
