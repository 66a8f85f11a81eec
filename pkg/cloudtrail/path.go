package cloudtrail

import "bytes"

// path is the way through one record along known edges.
type path struct {
	*Sieve
	text    []byte
	escapes *horizon
	found
	keeping

	pos   int
	at    *node // nil where the record ends
	next  value // to be read before at
	slots [partKinds]uint64
}

// found is what was seen of a record.
type found struct {
	name, time span // of text
	names      int  // how many times there is a name
	fails      bool // it has an errorCode or errorMessage
}

// follow walks the record that begins at start. It returns where the record
// ends; 0 where that is not known for sure. Of the text nothing but strings has
// a line break before the end.
func (p *path) follow(start int) (end int) {
	p.found, p.keeping = found{}, keeping{}
	p.pos, p.at, p.next = start, &p.root, nothing
	p.slots[headPart] = slot(p.text[start:], 64, 128) // the ids of the principal and of its session
	p.enter(headPart)
	for p.at != nil {
		if p.next != nothing && !p.value() {
			return 0
		}
		if p.at != nil && p.next == nothing && !p.edge() {
			return 0
		}
	}
	return p.pos
}

// value moves past the free value that is next.
func (p *path) value() bool {
	kind, start := p.next, p.pos
	p.next = nothing
	if kind == number {
		p.pos = afterWord(p.text, start)
		return p.pos > start
	}
	if p.pos = closing(p.text, start, p.escapes); p.pos == 0 {
		return false
	}
	switch kind {
	case nameValue:
		p.name = span{start, p.pos}
		p.names++
	case timeValue:
		p.time = span{start, p.pos}
		p.part = noPart
	case withValue:
		p.keep(fromPart)
		p.enter(requestPart)
	case idValue:
		p.enter(tailPart)
	}
	return true
}

// edge moves past the edge that is next.
func (p *path) edge() bool {
	e := p.at.edge(p.text[p.pos:])
	if e == nil {
		return false
	}
	p.pos += len(e.text)
	p.fails = p.fails || e.fails
	p.at, p.next = e.next, e.value
	p.arrive()
	return true
}

// arrive ends and begins parts behind an edge.
func (p *path) arrive() {
	switch {
	case p.at == nil:
		p.keep(tailPart)
		return
	case p.part == requestPart:
		p.keep(requestPart)
	}
	switch p.next {
	case timeValue:
		p.keep(headPart)
	case callValue:
		p.slots[callPart] = slot(p.text[p.pos:], 0, 48) // the service and the name of the call
		p.enter(callPart)
	case fromValue:
		p.keep(callPart)
		p.enter(fromPart)
	}
}

// passes is whether a record that was seen whole cannot matter.
func (p *path) passes() bool {
	name := p.text[p.name.start:p.name.end]
	if p.names != 1 || len(name) == 0 || bytes.IndexByte(name, '\\') >= 0 {
		return false
	}
	if string(name) == webIdentity {
		return !p.fails
	}
	return !isChange(string(name))
}
