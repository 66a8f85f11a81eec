package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// part is a stretch of a record that comes again and again as it is, with the
// free strings in it: one caller makes many calls, and many callers make the
// same call. To compare it is less work than to walk it.
type part struct {
	text       []byte
	at         *node // behind it; nil where the record ends with it
	next       value
	names      uint8
	fails      bool
	start, end uint16 // of the eventName in the text, if it has one
}

// parts are those of a kind, by their slots.
type parts [mostParts]part

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
	mostPart  = 1 << 10
)

// keeping is a part that is being walked and is to be kept.
type keeping struct {
	part   partKind
	start  int
	before int // names before it
}

// behind is the part that follows a part at once.
var behind = [partKinds]partKind{callPart: fromPart, fromPart: requestPart}

// enter moves past a part where it is known, and past those that follow it;
// else the part is to be kept.
func (p *path) enter(kind partKind) {
	for kind != noPart {
		c := p.known(kind)
		if len(c.text) == 0 || len(p.text)-p.pos < len(c.text) || string(p.text[p.pos:p.pos+len(c.text)]) != string(c.text) {
			p.keeping = keeping{part: kind, start: p.pos, before: p.names}
			return
		}
		if c.names > 0 {
			p.names += int(c.names)
			p.name = span{p.pos + int(c.start), p.pos + int(c.end)}
		}
		p.fails = p.fails || c.fails
		p.pos, p.at, p.next = p.pos+len(c.text), c.at, c.next
		kind = behind[kind]
	}
	p.part = noPart
}

// known is the part that a record most likely has, an empty one where none is
// known.
func (p *path) known(kind partKind) *part {
	return &p.parts[kind][p.slots[toldBy[kind]]%mostParts]
}

// keep keeps the part that ends here in the place of another, if it is the one
// to be kept.
func (p *path) keep(kind partKind) {
	if p.part != kind {
		return
	}
	p.part = noPart
	text := p.text[p.keeping.start:p.pos]
	if len(text) > mostPart || p.names > p.before+1 || p.odd || p.next == number {
		return
	}
	c := p.known(kind)
	c.text = append(p.room(c.text, len(text)), text...)
	c.at, c.next, c.names, c.fails = p.at, p.next, uint8(p.names-p.before), p.fails
	if c.names > 0 {
		c.start, c.end = uint16(p.name.start-p.keeping.start), uint16(p.name.end-p.keeping.start)
	}
}

// room is where a text of a part is kept: in the place of the one before where
// it is large enough.
func (s *Sieve) room(before []byte, n int) []byte {
	if cap(before) >= n {
		return before[:0]
	}
	n = (n + 63) &^ 63
	if len(s.arena) < n {
		s.arena = make([]byte, 64*mostPart)
	}
	room := s.arena[:0:n]
	s.arena = s.arena[n:]
	return room
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
	return sum >> 32
}
