package cloudtrail

// Sieve tells records that cannot matter by their shape, without decoding
// them. It learns the shapes of records as it goes, so that it serves best
// when one Sieve serves many Readers, one after the other. Its memory is
// bounded. The zero value is ready for use; it is for one goroutine at a time.
//
// The records of a log have few shapes: the same names in the same order,
// with other strings between. A text of a record that lies between two of its
// free strings, as `","eventTime":"` does, is an edge. What may follow an edge
// hangs on the brackets that are open and on nothing else, so that whatever is
// put together of known edges, with strings between, is JSON as well. Anything
// else is left to the Reader, which looks at every byte.
type Sieve struct {
	root  node
	nodes map[string]*node // by the brackets that are open and the edge before
	size  int              // bytes of text in the nodes and their keys
	types [mostTypes]trail // up to the eventTime
	calls [mostCalls]trail // behind it
	spare []byte           // the window of the Reader before
}

// window is one to be used again, nil where there is none.
func (s *Sieve) window() []byte {
	if s == nil {
		return nil
	}
	spare := s.spare
	s.spare = nil
	return spare
}

// leave leaves a window to the next Reader.
func (s *Sieve) leave(window []byte) {
	if s != nil {
		s.spare = window
	}
}

// node is a place within a record: its beginning, or the end of a free string.
type node struct {
	edges []*edge // those that are met often before the others
}

// edge is a text between two free strings, with the quotes on both sides.
type edge struct {
	text  string
	next  *node // behind the free value that follows; nil where the record ends
	value value // that follows
	fails bool  // the text has the name errorCode or errorMessage of the record
}

// value is what kind of free value follows an edge.
type value uint8

const (
	nothing value = iota // the edges of the node are next
	number
	anyString
	nameValue // strings of the record itself: eventName
	timeValue // eventTime
	fromValue // sourceIPAddress
)

// Bounds of what a Sieve keeps.
const (
	mostEdges    = 32 // of a node
	mostNodes    = 2000
	mostLearned  = 2 << 20  // bytes of text
	mostToLearn  = 16 << 10 // bytes of a record
	mostBrackets = 16       // around a record, and within it
)

// edge finds the edge that text begins with, nil where none is known.
func (n *node) edge(text []byte) *edge {
	for i, e := range n.edges {
		if begins(text, e.text) {
			if i > 0 {
				n.edges[i-1], n.edges[i] = e, n.edges[i-1]
			}
			return e
		}
	}
	return nil
}

func begins[T string | []byte](text []byte, with T) bool {
	return len(text) >= len(with) && string(text[:len(with)]) == string(with)
}

// unlessLonger is an edge before a number where there is one. Else it finds an
// edge that text begins with and that begins as the other does, as one before a
// string may, and one with a word in it.
func (n *node) unlessLonger(text []byte, than *edge) *edge {
	if size := len(than.text); numberTo(text, size) > size {
		return than
	}
	for _, e := range n.edges {
		if len(e.text) > len(than.text) && begins(text, e.text) {
			return e
		}
	}
	return nil
}

// closing finds the quote that closes the string whose text begins at start; 0
// where it is not in sight, or where JSON does not allow what comes before.
func closing(text []byte, start int) int {
	end := plainTo(text, start)
	if end < len(text) && text[end] == '"' {
		return end
	}
	return closingEscaped(text, end)
}

// closingEscaped is closing where a byte is not plain that is no quote.
func closingEscaped(text []byte, pos int) int {
	for pos < len(text) && text[pos] == '\\' {
		if pos = escapeTo(text, pos); pos == 0 {
			return 0
		}
		pos = plainTo(text, pos)
	}
	if pos < len(text) && text[pos] == '"' {
		return pos
	}
	return 0
}
