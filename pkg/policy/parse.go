package policy

import "strings"

// grammar is the kind of policy a document is held against.
type grammar uint8

const (
	trustGrammar grammar = iota
	resourceControlGrammar
)

// Parse reads a role's trust policy: JSON text, plain or URL-encoded as IAM's
// API returns it. What IAM would refuse to store is refused with a *SyntaxError.
// src is copied.
func Parse(src []byte) (*Document, error) { return parse(src, trustGrammar) }

// ParseResourceControl reads an organization's resource control policy with its
// narrower grammar, otherwise like Parse. The policy RCPFullAWSAccess, which
// allows everything, is accepted.
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
func ParseResourceControl(src []byte) (*Document, error) { return parse(src, resourceControlGrammar) }

func parse(src []byte, g grammar) (*Document, error) {
	text := string(src)
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "%") {
		decoded, bad := percentDecode(text)
		if bad >= 0 {
			return nil, syntaxError(text, bad, "malformed URL encoding")
		}
		text = decoded
	}
	tape, offset, msg := scan(text, make([]node, 0, tapeSize(text)))
	if msg != "" {
		return nil, syntaxError(text, offset, msg)
	}
	d := &Document{grammar: g}
	b := builder{src: text, tape: tape, grammar: g}
	if !b.document(d, 0) {
		return nil, syntaxError(text, int(b.tape[b.at].start), b.msg)
	}
	d.Source = []byte(text)
	return d, nil
}

// builder makes a Document of a tape and holds it against a grammar. The
// slices of the document are cut from slabs which are counted beforehand.
type builder struct {
	src     string
	tape    []node
	grammar grammar

	texts      []Text
	principals []Principal
	conditions []Condition

	at  int // the node that is refused
	msg string
}

// fail refuses node i.
func (b *builder) fail(i int, msg string) bool {
	b.at, b.msg = i, msg
	return false
}

func (b *builder) text(i int) Text {
	n := &b.tape[i]
	return Text{Value: nodeText(b.src, n), Span: n.span()}
}

func (n *node) span() Span { return Span{int(n.start), int(n.end)} }

// members calls f with name, name node and value node of each member of object
// i until one is refused. No name may stand twice.
func (b *builder) members(i int, f func(name string, key, value int) bool) bool {
	end := int(b.tape[i].next)
	for key := i + 1; key < end; key = int(b.tape[key+1].next) {
		name := nodeText(b.src, &b.tape[key])
		if !b.unique(i, key, name) || !f(name, key, key+1) {
			return false
		}
	}
	return true
}

// unique refuses a second member of one name; IAM's grammar has no place for it
// and readers of JSON disagree which one counts. A hostile object with very many
// members costs a comparison of each pair, which maxMembers bounds.
func (b *builder) unique(i, key int, name string) bool {
	const maxMembers = 2000
	if b.tape[i].count > maxMembers {
		return b.fail(i, "too many members")
	}
	for k := i + 1; k < key; k = int(b.tape[k+1].next) {
		if nodeText(b.src, &b.tape[k]) == name {
			return b.fail(key, "this name stands twice in one object")
		}
	}
	return true
}

// list appends the string at node i, or the strings of the list at node i.
func (b *builder) list(i int, what string) ([]Text, bool) {
	from := len(b.texts)
	if b.tape[i].kind == stringNode {
		b.texts = append(b.texts, b.text(i))
		return b.texts[from:len(b.texts):len(b.texts)], true
	}
	if b.tape[i].kind != arrayNode {
		return nil, b.fail(i, what+" must be a string or a list of strings")
	}
	for e := i + 1; e < int(b.tape[i].next); e = int(b.tape[e].next) {
		if b.tape[e].kind != stringNode {
			return nil, b.fail(e, what+" must be a string or a list of strings")
		}
		b.texts = append(b.texts, b.text(e))
	}
	return b.texts[from:len(b.texts):len(b.texts)], true
}
