package cloudtrail

// canStride is whether stride takes any steps: whether the processor has AVX2, as
// all have that were made since 2015.
var canStride = hasAVX2()

func hasAVX2() bool

// stride takes steps through a text as long as each is an edge, as it stands in
// texts, and a string without escapes or the end of the record: what trail.step
// does one at a time. It looks at strideBytes at a time, and stops where so many
// are not left. It returns where in the text it stops, and how many steps it took.
//
//go:noescape
func stride(text []byte, steps []step, texts []byte) (pos, taken int)
