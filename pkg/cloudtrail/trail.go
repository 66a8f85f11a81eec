package cloudtrail

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
	length uint32 // of the string, the last time that the step was taken
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

// fits is whether there is room for one more step.
func (t *trail) fits(text []byte) bool {
	return len(t.steps) < mostSteps && len(t.texts)+len(text) <= mostTrailText
}

// keep adds a step to the end.
func (t *trail) keep(text []byte, v value, next *node, fails bool) {
	failures := t.fails(len(t.steps))
	if fails {
		failures++
	}
	at, size := len(t.texts), len(text)
	t.texts = append(append(t.texts, text...), make([]byte, strideBytes-size%strideBytes)...)
	t.steps = append(t.steps, step{
		next: next, fill: ^uint64(0) << (size % strideBytes), size: uint32(size), at: uint32(at), value: v, fails: failures,
	})
}
