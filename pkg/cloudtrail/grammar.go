package cloudtrail

// The grammar of JSON as far as it takes to find where a value ends. Scalars
// are not checked here: whoever decodes a record does that.

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
	case c == '{':
		return s.skipObject()
	case c == '[':
		return s.skipArray()
	case c == '"':
		return s.skipString()
	default:
		return s.skipWord()
	}
}

func (s *scanner) skipObject() error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.next(first)
		if err != nil || !more {
			return err
		}
		if err := s.skipString(); err != nil {
			return err
		}
		if err := s.colon(); err != nil {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

func (s *scanner) skipArray() error {
	if err := s.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.next(first)
		if err != nil || !more {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
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
		}
		s.pos++ // the backslash; what follows is skipped like any other byte
		if c, ok := s.peek(); ok && c != '\n' {
			s.pos++
		}
	}
}

// skipPlain moves through the window to the next quote, backslash or line break.
func (s *scanner) skipPlain() {
	for s.pos < len(s.buf) || s.more() {
		for i, c := range s.buf[s.pos:] {
			if c == '"' || c == '\\' || c == '\n' {
				s.pos += i
				return
			}
		}
		s.pos = len(s.buf)
	}
}

// skipWord moves past a number, true, false or null.
func (s *scanner) skipWord() error {
	start := s.offset()
	for c, ok := s.peek(); ok && isWord(c); c, ok = s.peek() {
		s.pos++
	}
	if s.offset() == start {
		return s.unexpected("a value")
	}
	return nil
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'E'
}
