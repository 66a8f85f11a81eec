package cloudtrail

import (
	"fmt"
	"strings"
)

// The grammar of JSON as far as it takes to find where a value ends. A scalar
// that is none is noted, and does not keep the record from being read.

// space moves to the next byte that is no white space.
func (s *scanner) space() (byte, bool) {
	for {
		c, ok := s.peek()
		if !ok || (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
			return c, ok
		}
		s.pos++
	}
}

// skip moves past one value.
func (s *scanner) skip() error {
	c, ok := s.space()
	switch {
	case !ok:
		return s.early()
	case c == '{' || c == '[':
		return s.skipWithin(c == '{')
	case c == '"':
		return s.skipString()
	default:
		return s.skipWord()
	}
}

// skipWithin moves past an object, whose values have names, or an array.
func (s *scanner) skipWithin(named bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.next(first)
		if err != nil || !more {
			return err
		}
		if named {
			if err := s.skipName(); err != nil {
				return err
			}
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

func (s *scanner) skipName() error {
	if err := s.skipString(); err != nil {
		return err
	}
	return s.colon()
}

// enter moves past the opening bracket at pos.
func (s *scanner) enter() error {
	if len(s.open) == maxDepth {
		return ErrTooDeep
	}
	s.open = append(s.open, s.buf[s.pos])
	s.pos++
	return nil
}

// next moves to the next member of the innermost object or array, past the
// comma before it unless it is the first. It is false past the closing bracket.
func (s *scanner) next(first bool) (bool, error) {
	inner := len(s.open) - 1
	closing := s.open[inner] + 2 // in ASCII both closing brackets follow the opening ones by two
	c, ok := s.space()
	switch {
	case ok && c == closing:
		s.pos++
		s.open = s.open[:inner]
		return false, nil
	case first && ok:
		return true, nil
	case ok && c == ',':
		s.pos++
		s.space()
		return true, nil
	}
	return false, s.unexpected("',' or '" + string(closing) + "'")
}

func (s *scanner) colon() error {
	if c, ok := s.space(); !ok || c != ':' {
		return s.unexpected("':'")
	}
	s.pos++
	s.space()
	return nil
}

// skipString moves past a string. A line break within one is an error, the
// sign that its closing quote is missing.
func (s *scanner) skipString() error {
	if c, ok := s.peek(); !ok || c != '"' {
		return s.unexpected("a string")
	}
	s.pos++
	for {
		s.skipPlain()
		c, ok := s.peek()
		switch {
		case !ok:
			return s.early()
		case c == '"':
			s.pos++
			return nil
		case c == '\n':
			return s.unexpected("a closing quote")
		case c == '\\':
			s.skipEscape()
		default:
			s.noteFault(s.offset(), fmt.Sprintf("%q in a string, where it is to be escaped", c))
			s.pos++
		}
	}
}

// skipPlain moves through the window to the next byte that is not plain.
func (s *scanner) skipPlain() {
	for s.pos < len(s.buf) || s.more() {
		if s.pos = plainTo(s.buf, s.pos); s.pos < len(s.buf) {
			return
		}
	}
}

// skipEscape moves past a backslash and what it escapes, but for a line break.
func (s *scanner) skipEscape() {
	at := s.offset()
	s.pos++
	c, ok := s.peek()
	if !ok || c == '\n' {
		return
	}
	s.pos++
	digits := 0
	for ; c == 'u' && digits < 4; digits++ {
		if d, ok := s.peek(); !ok || !isHex(d) {
			break
		}
		s.pos++
	}
	if strings.IndexByte(`"\/bfnrtu`, c) < 0 || c == 'u' && digits < 4 {
		s.noteFault(at, "a wrong escape in a string")
	}
}

// noteFault notes what is not JSON, unless something was noted before.
func (s *scanner) noteFault(offset int64, msg string) {
	if s.fault == nil {
		s.fault = &syntaxError{offset, msg}
	}
}

// takeFault returns what was noted and forgets it.
func (s *scanner) takeFault() *syntaxError {
	fault := s.fault
	s.fault = nil
	return fault
}

// skipWord moves past a number, true, false or null.
func (s *scanner) skipWord() error {
	start := s.offset()
	s.word = s.word[:0]
	for c, ok := s.peek(); ok && isWord(c); c, ok = s.peek() {
		if len(s.word) < mostWord {
			s.word = append(s.word, c)
		}
		s.pos++
	}
	if s.offset() == start {
		return s.unexpected("a value")
	}
	if len(s.word) < mostWord && !isValue(s.word) {
		s.noteFault(start, fmt.Sprintf("%.20q where a value is expected", s.word))
	}
	return nil
}

// mostWord is more than any number needs. One that is longer is taken as it is.
const mostWord = 4096

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'E'
}
