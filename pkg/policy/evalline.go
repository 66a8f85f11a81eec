package policy

import (
	"strconv"
	"strings"
)

// lineEvaluator evaluates one line at a time and keeps its memory for the next.
type lineEvaluator struct {
	src  string
	tape []node
	keys []contextKey
	vals []string

	id        string // JSON text
	result    string
	reason    string // why result is "error"
	malformed bool   // the line is, not a policy in it
}

// contextKey is one key of a request's context.
type contextKey struct {
	name   string
	values Values
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return line, rest
}

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

// line evaluates one line into id, result and reason.
func (l *lineEvaluator) line(line string) {
	var offset int
	var msg string
	l.id, l.result, l.reason, l.malformed = "null", "error", "", false
	l.src = line
	l.tape, offset, msg = scan(line, l.tape[:0])
	if msg != "" {
		_, column := position(line, offset)
		l.refuse("column " + strconv.Itoa(column) + ": " + msg)
		return
	}
	if id := l.member(0, "id"); id >= 0 {
		l.id = line[l.tape[id].start:l.tape[id].end]
	}
	input := l.member(0, "input")
	if input < 0 {
		input = 0
	}
	l.request(input)
}

// refuse notes that the line itself is malformed.
func (l *lineEvaluator) refuse(why string) { l.reason, l.malformed = why, true }

// member returns the value of a member of the object at node i, or -1.
func (l *lineEvaluator) member(i int, name string) int {
	if l.tape[i].kind != objectNode {
		return -1
	}
	for key := i + 1; key < int(l.tape[i].next); key = int(l.tape[key+1].next) {
		if nodeText(l.src, &l.tape[key]) == name {
			return key + 1
		}
	}
	return -1
}

// str returns a string member, ok false where it is missing or no string.
func (l *lineEvaluator) str(i int, name string) (s string, ok bool) {
	at := l.member(i, name)
	if at < 0 || l.tape[at].kind != stringNode {
		return "", false
	}
	return nodeText(l.src, &l.tape[at]), true
}

func (l *lineEvaluator) request(input int) {
	action, ok := l.str(input, "action")
	principal, ok2 := l.str(input, "principal")
	trust := l.member(input, "trustPolicy")
	switch {
	case !ok:
		l.refuse("action is missing or no string")
		return
	case !ok2:
		l.refuse("principal is missing or no string")
		return
	case trust < 0:
		l.refuse("trustPolicy is missing")
		return
	case !l.context(input):
		l.refuse("context is no object of strings and lists of strings")
		return
	}
	role, _ := l.str(input, "roleArn")
	l.decide(trust, l.member(input, "resourceControlPolicies"), &Request{
		Action: action, Principal: principal, RoleARN: role, Condition: l.lookup,
	})
}

// decide parses the policies and evaluates them.
func (l *lineEvaluator) decide(trust, controls int, r *Request) {
	d, err := l.policy(trust, trustGrammar)
	if err != nil {
		l.reason = "trust policy: " + err.Error()
		return
	}
	if controls < 0 {
		l.result = Decide(d, r).String()
		return
	}
	if l.tape[controls].kind != arrayNode {
		l.refuse("resourceControlPolicies is no list")
		return
	}
	var documents []*Document
	for at := controls + 1; at < int(l.tape[controls].next); at = int(l.tape[at].next) {
		c, err := l.policy(at, resourceControlGrammar)
		if err != nil {
			l.reason = "resource control policy: " + err.Error()
			return
		}
		documents = append(documents, c)
	}
	l.result = DecideWith(d, documents, r).String()
}

// policy builds the policy at node i. The tape of the line serves it; only an
// error, whose place is that in the policy, costs a second reading.
func (l *lineEvaluator) policy(i int, g grammar) (*Document, error) {
	n := &l.tape[i]
	if n.kind == stringNode {
		return parse([]byte(nodeText(l.src, n)), g)
	}
	d := &Document{grammar: g}
	b := builder{src: l.src, tape: l.tape, grammar: g}
	if b.document(d, i) {
		return d, nil
	}
	return parse([]byte(l.src[n.start:n.end]), g)
}

// context reads the keys of the request. A line without any has none.
func (l *lineEvaluator) context(input int) bool {
	l.keys, l.vals = l.keys[:0], l.vals[:0]
	at := l.member(input, "context")
	if at < 0 {
		return true
	}
	if l.tape[at].kind != objectNode {
		return false
	}
	// Room for all, so that no list moves while another is appended.
	l.vals = make([]string, 0, int(l.tape[at].next)-at)
	for key := at + 1; key < int(l.tape[at].next); key = int(l.tape[key+1].next) {
		values, ok := l.values(key + 1)
		if !ok {
			return false
		}
		l.keys = append(l.keys, contextKey{nodeText(l.src, &l.tape[key]), values})
	}
	return true
}

func (l *lineEvaluator) values(i int) (v Values, ok bool) {
	from := len(l.vals)
	switch l.tape[i].kind {
	case stringNode:
		l.vals = append(l.vals, nodeText(l.src, &l.tape[i]))
	case arrayNode:
		v.Multi = true
		for e := i + 1; e < int(l.tape[i].next); e = int(l.tape[e].next) {
			if l.tape[e].kind != stringNode {
				return Values{}, false
			}
			l.vals = append(l.vals, nodeText(l.src, &l.tape[e]))
		}
	default:
		return Values{}, false
	}
	v.State, v.List = Present, l.vals[from:len(l.vals):len(l.vals)]
	return v, true
}

// lookup is the Condition of the request of the last line.
func (l *lineEvaluator) lookup(key string) Values {
	for i := range l.keys {
		if strings.EqualFold(l.keys[i].name, key) {
			return l.keys[i].values
		}
	}
	return AbsentValue
}
