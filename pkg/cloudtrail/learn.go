package cloudtrail

import "bytes"

// learner takes a record apart into edges and free values.
type learner struct {
	scan  *scanner
	start int // of the edge
	edges []edge
	open  []string // the brackets that are open behind each edge

	value value // kind of the record's member that is being read
	fails bool  // the edge has such a name
	unfit bool  // the record is none to learn from
}

// constant are names of strings that most records of a log have in common, so
// that they are taken for a part of the edge.
var constant = map[string]bool{
	`"eventVersion"`: true, `"type"`: true, `"accountId"`: true, `"mfaAuthenticated"`: true, `"awsRegion"`: true,
	`"eventType"`: true, `"eventCategory"`: true, `"recipientAccountId"`: true, `"tlsVersion"`: true, `"cipherSuite"`: true,
}

// learn adds the shape of a record, of which the walker has found the end.
func (s *Sieve) learn(record []byte) {
	if len(record) > mostToLearn {
		return
	}
	l := &learner{scan: textScanner(record)}
	l.object(true)
	if l.unfit {
		return
	}
	l.cut(len(record), nothing)
	if len(s.nodes) > mostNodes || s.size > mostLearned {
		*s = Sieve{spare: s.spare}
	}
	s.add(l)
}

// add connects the edges of a record with those that are known.
func (s *Sieve) add(l *learner) {
	at := &s.root
	for i := range l.edges {
		e := at.known(l.edges[i].text)
		if e == nil {
			e = new(edge)
			*e = l.edges[i] // which keeps none of the others
			if i < len(l.edges)-1 {
				e.next = s.node(l.open[i] + e.text)
			}
			s.addEdge(at, e)
		}
		at = e.next
	}
}

// addEdge adds an edge, in the place of the one that was met longest ago where
// there are too many.
func (s *Sieve) addEdge(to *node, e *edge) {
	if last := mostEdges - 1; len(to.edges) > last {
		s.size -= len(to.edges[last].text)
		to.edges = to.edges[:last]
	}
	s.size += len(e.text)
	to.edges = append([]*edge{e}, to.edges...)
}

// known is the edge of just this text, nil where there is none.
func (n *node) known(text string) *edge {
	for _, e := range n.edges {
		if e.text == text {
			return e
		}
	}
	return nil
}

// node is the one behind an edge, which with the brackets that are open is its
// key.
func (s *Sieve) node(key string) *node {
	if s.nodes == nil {
		s.nodes = map[string]*node{}
	}
	n := s.nodes[key]
	if n == nil {
		n = new(node)
		s.nodes[key] = n
		s.size += len(key)
	}
	return n
}

// cut ends an edge.
func (l *learner) cut(end int, v value) {
	l.edges = append(l.edges, edge{text: string(l.scan.buf[l.start:end]), value: v, fails: l.fails})
	l.open = append(l.open, string(l.scan.open))
	l.fails = false
	if len(l.scan.open) > mostBrackets {
		l.unfit = true
	}
}

func (l *learner) object(ofRecord bool) {
	s := l.scan
	_ = s.enter()
	for first := true; ; first = false {
		if more, err := s.next(first); err != nil || !more {
			return
		}
		name := l.name()
		_ = s.colon()
		l.value = anyString
		if ofRecord {
			l.ofRecord(name)
		}
		l.any(constant[string(name)])
	}
}

// name reads a name. Names are part of the edges, which hold no escapes.
func (l *learner) name() []byte {
	start := l.scan.pos
	_ = l.scan.skipString()
	name := l.scan.buf[start:l.scan.pos]
	l.unfit = l.unfit || bytes.IndexByte(name, '\\') >= 0
	return name
}

// ofRecord notes what a member of the record itself is for.
func (l *learner) ofRecord(name []byte) {
	c, _ := l.scan.peek()
	switch string(name) {
	case `"eventName"`:
		l.value = nameValue
		l.unfit = l.unfit || c != '"'
	case `"eventTime"`:
		l.value = timeValue
		l.unfit = l.unfit || c != '"'
	case `"errorCode"`, `"errorMessage"`:
		l.fails = true
	case `"sourceIPAddress"`:
		l.value = fromValue
	default:
		l.unfit = l.unfit || memberOf(name) != otherMember
	}
}

// any reads a value. One that is the same in most records becomes a part of
// the edge.
func (l *learner) any(constant bool) {
	s := l.scan
	switch c, _ := s.peek(); c {
	case '{':
		l.object(false)
	case '[':
		l.list()
	case '"':
		l.string(constant)
	case 't', 'f', 'n':
		_ = s.skipWord()
	default:
		l.cut(s.pos, number)
		_ = s.skipWord()
		l.start = s.pos
	}
}

func (l *learner) string(constant bool) {
	start := l.scan.pos + 1
	_ = l.scan.skipString()
	end := l.scan.pos - 1
	if constant && bytes.IndexByte(l.scan.buf[start:end], '\\') < 0 {
		return
	}
	l.cut(start, l.value)
	l.start = end
}

func (l *learner) list() {
	_ = l.scan.enter()
	for first := true; ; first = false {
		if more, err := l.scan.next(first); err != nil || !more {
			return
		}
		l.value = anyString
		l.any(false)
	}
}
