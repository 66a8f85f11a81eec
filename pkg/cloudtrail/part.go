package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// part is a stretch of a record that comes again and again as it is, with the
// free strings in it: one caller makes many calls, and many callers make the
// same call. To compare it is less work than to walk it.
type part struct {
	text  []byte
	at    *node // behind it; nil where the record ends with it
	next  value
	name  span // of the eventName in the text, if it has one
	names int
	fails bool
}

// partKind is which stretch of a record a part is.
type partKind uint8

const (
	noPart      partKind = iota
	headPart             // up to the eventTime: who calls
	callPart             // from eventTime to sourceIPAddress: what is called
	fromPart             // from sourceIPAddress to userAgent: from where
	requestPart          // the edge behind userAgent
	tailPart             // behind the eventID
	partKinds
)

// toldBy is the part whose slot tells what a part is most likely to be.
var toldBy = [partKinds]partKind{headPart: headPart, callPart: callPart, fromPart: headPart, requestPart: callPart, tailPart: callPart}

// Bounds of the parts that are kept.
const (
	mostParts = 512 // of a kind
	mostPart  = 2 << 10
)

// keeping is a part that is being walked and is to be kept.
type keeping struct {
	part   partKind
	start  int
	before int // names before it
}

// enter moves past a part where it is known, and past those that follow it;
// else the part is to be kept.
func (p *path) enter(kind partKind) {
	p.keeping = keeping{part: kind, start: p.pos, before: p.names}
	if p.parts[kind] == nil {
		return
	}
	c := &p.parts[kind][p.slots[toldBy[kind]]]
	end := p.pos + len(c.text)
	if len(c.text) == 0 || end > len(p.text) || string(p.text[p.pos:end]) != string(c.text) {
		return
	}
	if c.names > 0 {
		p.names += c.names
		p.name = span{p.pos + c.name.start, p.pos + c.name.end}
	}
	p.fails = p.fails || c.fails
	p.pos, p.at, p.next, p.part = end, c.at, c.next, noPart
	switch kind {
	case callPart:
		p.enter(fromPart)
	case fromPart:
		p.enter(requestPart)
	}
}

// keep keeps the part that ends here in the place of another, if it is the one
// to be kept.
func (p *path) keep(kind partKind) {
	if p.part != kind {
		return
	}
	p.part = noPart
	if p.pos-p.keeping.start > mostPart {
		return
	}
	if p.parts[kind] == nil {
		p.parts[kind] = make([]part, mostParts)
	}
	c := &p.parts[kind][p.slots[toldBy[kind]]]
	*c = part{
		text: append(c.text[:0], p.text[p.keeping.start:p.pos]...), at: p.at, next: p.next,
		names: p.names - p.before, fails: p.fails,
	}
	if c.names > 0 {
		c.name = span{p.name.start - p.keeping.start, p.name.end - p.keeping.start}
	}
}

// slot is where a part is kept, by the bytes of the text that tell it from
// others of its kind.
func slot(text []byte, from, to int) uint64 {
	if len(text) < to {
		return 0
	}
	var sum uint64
	for tell := text[from:to]; len(tell) >= 16; tell = tell[16:] {
		sum = (sum ^ binary.LittleEndian.Uint64(tell) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(tell[8:]), 29)) * 0x9e3779b97f4a7c15
	}
	return sum >> 32 % mostParts
}
