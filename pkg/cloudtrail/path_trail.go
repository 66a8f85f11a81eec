package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// enterHead follows the trail of those that call as this one, by the type of the
// identity.
func (p *path) enterHead() {
	p.naming = false
	p.enter(&p.types[slot(p.text[p.pos:], 40, 56)%mostTypes])
}

// enterCall follows the trail of the call, by its service and name.
func (p *path) enterCall() {
	p.leave()
	if p.names > 0 || p.fails || p.at == nil {
		return
	}
	begin := p.pos
	t := &p.calls[slot(p.text[p.pos:], 16, 64)%mostCalls]
	p.names = 1 // before the trail leads to a second eventTime, where no other call is entered
	if p.naming = !p.enter(t); p.naming {
		p.names = 0
		return
	}
	p.name = span{begin + t.name.start, begin + t.name.end}
}

// enter follows a trail from its beginning, and tells whether it leads anywhere.
// One that does not lead to its end any more is kept anew from there on, unless
// the record comes back to it.
func (p *path) enter(t *trail) bool {
	p.trail, p.begin, p.strayed = t, p.pos, 0
	if !p.along(0) {
		t.cut(0)
		return false
	}
	return true
}

// along follows the trail from one of its steps on, and tells whether a step was
// taken. Where that leads to the eventTime it goes on along the trail of the call.
func (p *path) along(from int) bool {
	t := p.trail
	end, taken := t.follow(p.text, p.pos, from)
	if taken == from {
		return false
	}
	last := &t.steps[taken-1]
	p.pos, p.at, p.next, p.fails = end, last.next, nothing, p.fails || last.fails > t.fails(from)
	p.strayed = 0
	switch {
	case last.value == timeValue:
		p.time = span{end - int(last.length), end}
		p.enterCall()
	case taken < len(t.steps):
		p.strayed = taken
	}
	return true
}

// back comes back to the trail at a node, if it goes on from there: it was left
// for another way, as where a list is longer or shorter. Of a list some of the
// steps may be taken once more.
func (p *path) back(pos int, at *node) bool {
	p.pos, p.at = pos, at
	t := p.trail
	for i := range len(t.steps) - 1 {
		if t.steps[i].next == at && begins(p.text[pos:], t.text(i+1)) && p.along(i+1) {
			return true
		}
	}
	return false
}

// leave leaves the trail. What of it the record did not come back to is dropped.
func (p *path) leave() {
	if p.strayed > 0 {
		p.trail.cut(p.strayed)
	}
	p.trail, p.strayed = nil, 0
}

// keepFirst keeps the first step of the trail of a call, which ends here.
func (p *path) keepFirst() {
	if p.trail == nil || !p.naming || p.names != 1 || p.odd {
		p.leave()
		return
	}
	p.naming = false
	p.trail.name = span{p.name.start - p.begin, p.name.end - p.begin}
	p.keepStep(p.text[p.begin:p.pos], p.next, p.at, p.fails)
}

// keepStep keeps a step of the trail, unless that leads to where something is to
// be looked at: the name of a call, or the end of a record that may matter.
func (p *path) keepStep(text []byte, v value, next *node, fails bool) {
	keep := v != nameValue && (next != nil || p.passes()) && p.trail.fits(text)
	if keep {
		p.trail.keep(text, v, next, fails)
	}
	if !keep || v == timeValue || next == nil {
		p.trail = nil // it ends here
	}
}

// slot is where a trail is kept, by the bytes of a text that tell it from others.
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
