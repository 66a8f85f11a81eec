package policy

// str reads a string literal and leaves its decoding to text.
func (s *scanner) str(kind nodeKind) bool {
	at := s.open(kind)
	for i := s.pos + 1; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			s.pos = i + 1
			return s.close(at)
		case c == '\\':
			s.tape[at].escaped = true
			n := escapeLength(s.src[i:])
			if n == 0 {
				s.pos = i
				return s.fail("invalid escape in a string")
			}
			i += n - 1
		case c < 0x20:
			s.pos = i
			return s.fail("control character in a string")
		}
	}
	s.pos = len(s.src)
	return s.fail("unexpected end, a closing quote is missing")
}

// number reads a number as RFC 8259 writes it.
func (s *scanner) number() bool {
	at := s.open(numberNode)
	if s.src[s.pos] == '-' {
		s.pos++
	}
	whole := s.digits()
	if whole == 0 || whole > 1 && s.src[s.pos-whole] == '0' {
		return s.fail("malformed number")
	}
	if s.at('.') {
		s.pos++
		if s.digits() == 0 {
			return s.fail("malformed number")
		}
	}
	if s.at('e') || s.at('E') {
		s.pos++
		if s.at('+') || s.at('-') {
			s.pos++
		}
		if s.digits() == 0 {
			return s.fail("malformed number")
		}
	}
	return s.close(at)
}

func (s *scanner) at(c byte) bool { return s.pos < len(s.src) && s.src[s.pos] == c }

func (s *scanner) digits() int {
	from := s.pos
	for s.pos < len(s.src) && isDigit(s.src[s.pos]) {
		s.pos++
	}
	return s.pos - from
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
