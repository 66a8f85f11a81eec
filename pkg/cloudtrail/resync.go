package cloudtrail

// After broken JSON the scanner looks for the next place where a record may
// begin: the next element where brackets still tell it, else the next line.

// maxTracked bounds the brackets remembered while skipping broken text.
// Beyond it they are only counted.
const maxTracked = 4096

// nextElement skips the rest of a broken element of the array at the given
// depth, to the comma or bracket after it. It is false where none follows, or
// where a new line begins a new value.
func (s *scanner) nextElement(depth int) bool {
	uncounted := 0
	follows := false // whether the last byte is one that a value may follow
	for {
		c, ok := s.peek()
		if !ok || (!follows && s.atValueLine(c)) {
			return false
		}
		switch c {
		case '{', '[':
			if len(s.open) < maxTracked {
				s.open = append(s.open, c)
			} else {
				uncounted++
			}
		case '}', ']':
			switch {
			case uncounted > 0:
				uncounted--
			case !s.closeTo(depth, c-2) && c == ']':
				return true
			}
		case ',':
			if uncounted == 0 && len(s.open) == depth {
				return true
			}
		case '"':
			s.skipBrokenString()
			follows = false
			continue
		}
		s.pos++
		follows = followable(c, follows)
	}
}

func followable(c byte, before bool) bool {
	switch c {
	case ' ', '\t', '\r', '\n':
		return before
	}
	return c == ',' || c == ':' || c == '[' || c == '{'
}

// closeTo drops the brackets down to the innermost of a kind, those within it
// being unclosed. It is false where there is none above depth; then for the
// bracket of the array itself those unclosed are dropped too.
func (s *scanner) closeTo(depth int, opening byte) bool {
	for i := len(s.open) - 1; i >= depth; i-- {
		if s.open[i] == opening {
			s.open = s.open[:i]
			return true
		}
	}
	if opening == '[' {
		s.open = s.open[:depth]
	}
	return false
}

// skipBrokenString moves past a string, or to the end of the line where the
// closing quote is missing. The end of input is left for the caller to find.
func (s *scanner) skipBrokenString() {
	_ = s.skipString()
}

// atValueLine is whether pos begins a line with a value that may hold records.
func (s *scanner) atValueLine(c byte) bool {
	if c != '{' && c != '[' {
		return false
	}
	return s.pos == 0 || s.buf[s.pos-1] == '\n'
}

// nextLine moves to the next line that begins a value: the first one within
// the broken value where that is still kept, as the value may have swallowed
// lines before it broke. It is false where there is none.
func (s *scanner) nextLine() bool {
	s.open = s.open[:0]
	if s.mark != unmarked && s.pos-s.mark <= s.max {
		s.pos = s.mark + 1
	}
	s.mark = unmarked
	for c, ok := s.peek(); ok; c, ok = s.peek() {
		if s.atValueLine(c) {
			return true
		}
		s.pos++
	}
	return false
}
