package policy

import (
	"fmt"
	"strings"
)

// editor changes the text of a policy. It finds its way on a tape of the text
// and replaces ranges of bytes, so that all else stays as the user wrote it.
type editor struct {
	src   string
	tape  []node
	style style
}

func newEditor(src string) *editor {
	e := &editor{src: src}
	e.rescan()
	e.style = styleOf(e.src, e.tape)
	return e
}

// rescan reads the text anew. It is that of a document or of one after a splice,
// so it is JSON.
func (e *editor) rescan() {
	e.tape, _, _ = scan(e.src, make([]node, 0, tapeSize(e.src)))
}

// splice replaces a range of bytes. Node indexes are void afterwards.
func (e *editor) splice(at Span, text string) {
	e.src = e.src[:at.Start] + text + e.src[at.End:]
	e.rescan()
}

func (e *editor) text(i int) string { return nodeText(e.src, &e.tape[i]) }

// raw is the text of node i as it is written.
func (e *editor) raw(i int) string { return e.src[e.tape[i].start:e.tape[i].end] }

// children are the elements of an array or the names of an object; of any other
// node the node itself, so that a string counts as a list of one.
func (e *editor) children(i int) []int {
	list := make([]int, 0, 8)
	switch end := int(e.tape[i].next); e.tape[i].kind {
	case arrayNode:
		for at := i + 1; at < end; at = int(e.tape[at].next) {
			list = append(list, at)
		}
	case objectNode:
		for at := i + 1; at < end; at = int(e.tape[at+1].next) {
			list = append(list, at)
		}
	default:
		list = append(list, i)
	}
	return list
}

// item is the range of a child: an element, or a name with its value.
func (e *editor) item(i int) Span {
	if e.tape[i].kind == keyNode {
		return Span{int(e.tape[i].start), int(e.tape[i+1].end)}
	}
	return e.tape[i].span()
}

// member returns the value of a member, or -1.
func (e *editor) member(object int, name string) int {
	if object >= 0 && e.tape[object].kind == objectNode {
		for _, key := range e.children(object) {
			if e.text(key) == name {
				return key + 1
			}
		}
	}
	return -1
}

// memberFold is member without regard to letter case, as condition keys are.
func (e *editor) memberFold(object int, name string) int {
	for _, key := range e.children(object) {
		if strings.EqualFold(e.text(key), name) {
			return key + 1
		}
	}
	return -1
}

// literal returns the string, boolean or number in a list, or alone, that reads
// value; -1 where there is none.
func (e *editor) literal(list int, value string) int {
	for _, i := range e.children(list) {
		if k := e.tape[i].kind; k != arrayNode && k != objectNode && e.text(i) == value {
			return i
		}
	}
	return -1
}

func (e *editor) statement(n int) (int, error) {
	list := e.member(0, "Statement")
	all := e.children(list)
	if e.tape[list].kind == objectNode {
		all = []int{list}
	}
	if n < 0 || n >= len(all) {
		return 0, fmt.Errorf("there is no statement %d", n)
	}
	return all[n], nil
}

// condition finds the values of a condition, its block and the Condition element.
func (e *editor) condition(edit Edit) (values, block, element int, err error) {
	s, err := e.statement(edit.Statement)
	if err != nil {
		return 0, 0, 0, err
	}
	element = e.member(s, "Condition")
	block = e.member(element, edit.Operator)
	values = e.member(block, edit.Key)
	if values < 0 {
		return 0, 0, 0, fmt.Errorf("statement %d has no condition %s on %s", edit.Statement, edit.Operator, edit.Key)
	}
	return values, block, element, nil
}

// rendering writes a new item for a place indented by indent, on one line or more.
type rendering func(indent string, inline bool) string

// add appends an item to an array or object, set off as its neighbours are.
func (e *editor) add(container int, render rendering) {
	children := e.children(container)
	n := &e.tape[container]
	if len(children) == 0 {
		e.splice(Span{int(n.start) + 1, int(n.end) - 1}, e.first(container, render))
		return
	}
	last := e.item(children[len(children)-1])
	lead := e.lead(last.Start)
	if len(children) == 1 && !strings.Contains(lead, "\n") {
		lead = e.style.afterComma
	}
	e.splice(Span{last.End, last.End}, ","+lead+render(e.indent(last.Start), e.inline(container)))
}

// first is the content of a container that was empty.
func (e *editor) first(container int, render rendering) string {
	if !e.style.multiline {
		return render("", true)
	}
	outer := e.indent(int(e.tape[container].start))
	inner := outer + e.style.unit
	return e.style.newline + inner + render(inner, false) + e.style.newline + outer
}

// inline tells whether node i stands on one line, as what joins it then should.
func (e *editor) inline(i int) bool { return !strings.Contains(e.raw(i), "\n") }

// remove takes the nth item out of an array or object, with one comma.
func (e *editor) remove(container, n int) {
	children := e.children(container)
	at := e.item(children[n])
	switch {
	case len(children) == 1:
		at = Span{int(e.tape[container].start) + 1, int(e.tape[container].end) - 1}
	case n+1 < len(children):
		at.End = e.item(children[n+1]).Start
	default:
		at.Start = e.item(children[n-1]).End
	}
	e.splice(at, "")
}

// lead is the white space before an offset.
func (e *editor) lead(offset int) string {
	before := e.src[:offset]
	return before[len(strings.TrimRight(before, " \t\r\n")):]
}

// indent is the white space the line of an offset begins with.
func (e *editor) indent(offset int) string {
	line := e.src[strings.LastIndexByte(e.src[:offset], '\n')+1:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
