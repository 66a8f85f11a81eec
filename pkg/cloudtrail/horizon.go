package cloudtrail

import "bytes"

// horizon is where the next line break is looked for: an offset in the input,
// up to which there is none from the place that was asked for last.
type horizon int64

// clear is whether text, which begins at base, has no line break before end.
func (h *horizon) clear(text []byte, base int64, end int) bool {
	if base+int64(end) > int64(*h) {
		h.look(text, base)
	}
	return base+int64(end) <= int64(*h)
}

// look moves on to the next line break in text, or to the end of it.
func (h *horizon) look(text []byte, base int64) {
	from := max(int64(*h)-base, 0)
	if n := bytes.IndexByte(text[from:], '\n'); n >= 0 {
		*h = horizon(base + from + int64(n))
	} else {
		*h = horizon(base + int64(len(text)))
	}
}
