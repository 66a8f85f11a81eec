package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// trail is a way that records of one kind took last: calls of one name look
// alike, and so do callers of one type. To follow it is less work than to look
// for every edge among those that are known. One leads from the beginning of a
// record to its eventTime, another from there to the end.
type trail struct {
	steps []step
	texts []byte // of the steps, each filled up to a multiple of strideBytes with at least one
	name  span   // of the call, from where the trail begins; in the first step
}

// step is an edge and the free value behind it. The first step behind the
// eventTime is several edges, with the strings between: what was called.
type step struct {
	next   *node  // behind the value; nil where the record ends
	fill   uint64 // which of the last strideBytes of the text are none of it, by bits
	size   uint32 // of the text
	at     uint32 // of the text in texts
	length uint32 // of the string, the last time
	value  value
	fails  uint8 // how many of the steps up to here have the name errorCode or errorMessage
}

// strideBytes is how many bytes stride compares at a time.
const strideBytes = 64

// Bounds of the trails that are kept.
const (
	mostTypes     = 64
	mostCalls     = 512
	mostSteps     = 48
	mostTrailText = 2 << 10
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
	if p.naming = !p.enter(t); !p.naming {
		p.name, p.names = span{begin + t.name.start, begin + t.name.end}, 1
	}
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
// taken.
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

// follow follows the trail through a text from one of its steps on. It returns
// where it leaves it, and before which step.
func (t *trail) follow(text []byte, pos, from int) (end, taken int) {
	taken = from
	for taken < len(t.steps) {
		if canStride {
			n, more := stride(text[pos:], t.steps[taken:], t.texts[t.steps[taken].at:])
			if pos, taken = pos+n, taken+more; taken == len(t.steps) {
				break
			}
		}
		behind := t.step(taken, text, pos)
		if behind == 0 {
			break
		}
		pos, taken = behind, taken+1
	}
	return pos, taken
}

// text is that of a step.
func (t *trail) text(i int) []byte {
	s := &t.steps[i]
	return t.texts[s.at : s.at+s.size]
}

// fails is how many of the steps before one tell of a failure.
func (t *trail) fails(before int) uint8 {
	if before == 0 {
		return 0
	}
	return t.steps[before-1].fails
}

// step takes one step; 0 where the text is another one.
func (t *trail) step(i int, text []byte, pos int) (end int) {
	s := &t.steps[i]
	if !begins(text[pos:], t.text(i)) {
		return 0
	}
	pos += int(s.size)
	switch s.value {
	case nothing:
		return pos
	case number:
		if end = numberTo(text, pos); end == pos {
			return 0
		}
		return end
	}
	if end = closing(text, pos); end > 0 {
		s.length = uint32(end - pos)
	}
	return end
}

// cut leaves the first steps of the trail.
func (t *trail) cut(steps int) {
	if steps < len(t.steps) {
		t.texts = t.texts[:t.steps[steps].at]
		t.steps = t.steps[:steps]
	}
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

// keepStep keeps a step of the trail. The one that ends a record is kept if the
// record cannot matter.
func (p *path) keepStep(text []byte, v value, next *node, fails bool) {
	t := p.trail
	if v == nameValue || v == timeValue || next == nil {
		p.trail = nil // it ends here
	}
	if v == nameValue || next == nil && !p.passes() || len(t.steps) == mostSteps || len(t.texts)+len(text) > mostTrailText {
		p.trail = nil
		return
	}
	failures := t.fails(len(t.steps))
	if fails {
		failures++
	}
	at, size := len(t.texts), len(text)
	t.texts = append(append(t.texts, text...), make([]byte, strideBytes-size%strideBytes)...)
	t.steps = append(t.steps, step{next: next, fill: ^uint64(0) << (size % strideBytes), size: uint32(size), at: uint32(at), value: v, fails: failures})
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

func begins[T string | []byte](text []byte, with T) bool {
	return len(text) >= len(with) && string(text[:len(with)]) == string(with)
}
