package cloudtrail

// trail is the way that the records of one call took last, from behind their
// eventTime to their end: calls of one name look alike. To follow it is less
// work than to look for every edge among those that are known.
type trail struct {
	steps []step
	texts []byte // of the steps, each filled up to a multiple of strideBytes with at least one
	name  span   // of the call, from where the trail begins; in the first step
}

// step is an edge and the free value behind it. The first step of a trail is
// several edges, with the strings between: what was called.
type step struct {
	next  *node  // behind the value; nil where the record ends
	fill  uint32 // which of the last strideBytes of the text are none of it, by bits
	size  uint32 // of the text
	at    uint32 // of the text in texts
	value value
	fails bool // an edge up to here has the name errorCode or errorMessage
}

// strideBytes is how many bytes stride compares at a time.
const strideBytes = 16

// Bounds of the trails that are kept.
const (
	mostTrails    = 512
	mostSteps     = 48
	mostTrailText = 2 << 10
)

// enterTrail follows the trail of the call as far as it leads. From there on it
// is kept anew.
func (p *path) enterTrail() {
	p.trail = nil
	if p.names > 0 || p.fails || p.at == nil {
		return
	}
	p.begin = p.pos
	p.trail = &p.trails[slot(p.text[p.pos:], 16, 64)%mostTrails] // by the service and the name of the call
	end, taken := p.trail.follow(p.text, p.pos)
	p.trail.cut(taken)
	if taken == 0 {
		return
	}
	name, last := p.trail.name, &p.trail.steps[taken-1]
	p.name, p.names, p.fails = span{p.begin + name.start, p.begin + name.end}, 1, last.fails
	p.pos, p.at, p.next = end, last.next, nothing
}

// follow follows the trail through a text. It returns where it leaves it, and
// how many steps were taken.
func (t *trail) follow(text []byte, pos int) (end, taken int) {
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

// step takes one step; 0 where the text is another one.
func (t *trail) step(i int, text []byte, pos int) (end int) {
	s := &t.steps[i]
	if !begins(text[pos:], t.texts[s.at:s.at+s.size]) {
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
	return closing(text, pos)
}

// cut leaves of the trail the steps that were taken.
func (t *trail) cut(taken int) {
	if taken < len(t.steps) {
		t.texts = t.texts[:t.steps[taken].at]
		t.steps = t.steps[:taken]
	}
}

// keepFirst keeps the first step of the trail, which ends here. It tells which
// call it is.
func (p *path) keepFirst() {
	if p.trail == nil || len(p.trail.steps) > 0 || p.names != 1 || p.odd {
		p.trail = nil
		return
	}
	p.trail.name = span{p.name.start - p.begin, p.name.end - p.begin}
	p.keepStep(p.text[p.begin:p.pos], p.next, p.at)
}

// keepStep keeps a step of the trail. The one that ends a record is kept if the
// record cannot matter.
func (p *path) keepStep(text []byte, v value, next *node) {
	t := p.trail
	tells := v == nameValue || v == timeValue || next == nil && !p.passes()
	if tells || len(t.steps) == mostSteps || len(t.texts)+len(text) > mostTrailText {
		p.trail = nil
		return
	}
	at, size := len(t.texts), len(text)
	t.texts = append(append(t.texts, text...), make([]byte, strideBytes-size%strideBytes)...)
	t.steps = append(t.steps, step{next, 0xffff &^ (1<<(size%strideBytes) - 1), uint32(size), uint32(at), v, p.fails})
}
