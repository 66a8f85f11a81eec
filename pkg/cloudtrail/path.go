package cloudtrail

// path is the way through one record along known edges.
type path struct {
	*Sieve
	text []byte
	found

	pos  int
	at   *node // nil where the record ends
	next value // to be read before at

	trail   *trail // to be kept, nil where none is
	begin   int    // of the trail
	naming  bool   // what of the trail tells the call is still to come
	strayed int    // the step before which the trail was left, 0 where it was not
}

// found is what was seen of a record.
type found struct {
	name, time span // of text
	names      int  // how many times there is a name
	odd        bool // one of them has other characters than names have
	fails      bool // it has an errorCode or errorMessage
}

// follow walks the record that begins at start. It returns where the record
// ends; 0 where that is not known for sure.
func (p *path) follow(start int) (end int) {
	p.found = found{}
	p.pos, p.at, p.next = start, &p.root, nothing
	p.enterHead()
	for p.at != nil {
		if p.next >= nameValue && !p.named() || p.at != nil && !p.plain() {
			return 0
		}
	}
	return p.pos
}

// named moves past a free string that is asked for, or that a trail is divided by.
func (p *path) named() bool {
	kind, start := p.next, p.pos
	if p.pos = closing(p.text, start); p.pos == 0 {
		return false
	}
	p.next = nothing
	switch kind {
	case nameValue:
		p.name = span{start, p.pos}
		p.names++
		p.odd = p.odd || !isName(p.text[start:p.pos])
	case timeValue:
		p.time = span{start, p.pos}
		p.enterCall()
	}
	return true
}

// plain moves past edges, and the free values between, until one comes that is
// to be treated as its own. Most of the time of a scan is spent here.
func (p *path) plain() bool {
	text, pos, at, next := p.text, p.pos, p.at, p.next
	for next < nameValue {
		switch next {
		case anyString:
			if pos = closing(text, pos); pos == 0 {
				return false
			}
		case number:
			begin := pos
			if pos = numberTo(text, pos); pos == begin {
				return false
			}
		}
		if p.strayed > 0 && p.back(pos, at) {
			if pos, at, next = p.pos, p.at, p.next; at == nil {
				break
			}
			continue
		}
		e := at.edge(text[pos:])
		if e != nil && e.value == number {
			e = at.unlessLonger(text[pos:], e)
		}
		if e == nil {
			return false
		}
		pos += len(e.text)
		p.fails = p.fails || e.fails
		at, next = e.next, e.value
		if p.trail != nil && p.strayed == 0 && !p.naming {
			p.keepStep(text[pos-len(e.text):pos], next, at, e.fails)
		}
		if at == nil {
			break
		}
	}
	p.pos, p.at, p.next = pos, at, next
	switch {
	case at == nil:
		p.leave()
	case next == fromValue:
		p.keepFirst()
	}
	return true
}

// passes is whether a record that was seen whole cannot matter.
func (p *path) passes() bool {
	if p.names != 1 || p.odd {
		return false
	}
	name := p.text[p.name.start:p.name.end]
	if string(name) == webIdentity {
		return !p.fails
	}
	return !isChange(name)
}

// isName is whether a text is the name of a call as it stands there: without
// escapes, and without what JSON does not allow in a string.
func isName(text []byte) bool {
	for _, c := range text {
		if c <= ' ' || c > '~' || c == '\\' {
			return false
		}
	}
	return len(text) > 0
}
