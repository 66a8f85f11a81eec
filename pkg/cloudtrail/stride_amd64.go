package cloudtrail

// canStride is whether stride takes any steps.
const canStride = true

// stride takes steps through a text as long as each is an edge, as it stands in
// texts, and a string without escapes or the end of the record: what trail.step
// does one at a time. It looks at strideBytes at a time, and stops where so many
// are not left. It returns where in the text it stops, and how many steps it took.
//
//go:noescape
func stride(text []byte, steps []step, texts []byte) (pos, taken int)
