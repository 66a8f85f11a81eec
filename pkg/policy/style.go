package policy

import "strings"

// style is how a text is laid out, for new parts to look like the old.
type style struct {
	multiline   bool   // the text has more than one line
	inlineLists bool   // lists of values stand on one line
	newline     string // with the carriage return where the text has them
	unit        string // one step of indentation
	colon       string // between name and value, with its spaces
	afterComma  string // between two items on one line
	pad         string // inside braces on one line
}

func styleOf(src string, tape []node) style {
	st := style{newline: "\n", unit: "  ", colon: ":"}
	st.multiline = strings.Contains(src[tape[0].start:tape[0].end], "\n")
	if strings.Contains(src, "\r\n") {
		st.newline = "\r\n"
	}
	if st.multiline {
		st.colon = ": "
	}
	if gap, ok := gapAfter(src, tape, keyNode, ""); ok {
		st.colon = gap
	}
	if gap, ok := gapAfter(src, tape, objectNode, "{"); ok {
		st.pad = gap
	}
	if strings.HasSuffix(st.colon, " ") {
		st.afterComma = " "
	}
	st.unit = unitOf(src, tape, st.unit)
	st.inlineLists = listsInline(src, tape, !st.multiline)
	return st
}

// gapAfter returns what stands between the first node of a kind, behind its
// opening, and the node that follows on the same line.
func gapAfter(src string, tape []node, kind nodeKind, opening string) (string, bool) {
	for i := range len(tape) - 1 {
		n := &tape[i]
		if n.kind != kind || kind == objectNode && n.count == 0 {
			continue
		}
		from := int(n.end)
		if opening != "" {
			from = int(n.start) + len(opening)
		}
		if gap := src[from:tape[i+1].start]; !strings.Contains(gap, "\n") {
			return gap, true
		}
	}
	return "", false
}

// unitOf is what the first member is indented by beyond its object.
func unitOf(src string, tape []node, fallback string) string {
	e := editor{src: src, tape: tape}
	for i := range tape {
		if tape[i].kind != objectNode || tape[i].count == 0 {
			continue
		}
		outer, inner := e.indent(int(tape[i].start)), e.lead(int(tape[i+1].start))
		if nl := strings.LastIndexByte(inner, '\n'); nl >= 0 {
			if unit, ok := strings.CutPrefix(inner[nl+1:], outer); ok && unit != "" {
				return unit
			}
		}
	}
	return fallback
}

// listsInline looks at the first list of values.
func listsInline(src string, tape []node, fallback bool) bool {
	for i := range tape {
		n := &tape[i]
		if n.kind == arrayNode && n.count > 0 && tape[i+1].kind == stringNode {
			return !strings.Contains(src[n.start:n.end], "\n")
		}
	}
	return fallback
}

// render writes a JSON text in the style, for a place indented by indent. inline
// keeps it on one line.
func (st *style) render(text, indent string, inline bool) (string, error) {
	tape, offset, msg := scan(text, nil)
	if msg != "" {
		return "", syntaxError(text, offset, msg)
	}
	var b strings.Builder
	r := renderer{style: st, e: editor{src: text, tape: tape}, b: &b}
	r.node(0, indent, inline || !st.multiline)
	return b.String(), nil
}

type renderer struct {
	*style
	e editor
	b *strings.Builder
}

// node writes node i; inline keeps it and all it holds on one line.
func (r *renderer) node(i int, indent string, inline bool) {
	switch n := &r.e.tape[i]; {
	case n.kind == objectNode && n.count > 0:
		r.items(i, indent, inline, "{", "}", r.pad)
	case n.kind == arrayNode && n.count > 0:
		scalars := r.e.tape[i+1].kind != objectNode && r.e.tape[i+1].kind != arrayNode
		r.items(i, indent, inline || scalars && r.inlineLists, "[", "]", "")
	case n.kind == objectNode:
		r.b.WriteString("{}")
	case n.kind == arrayNode:
		r.b.WriteString("[]")
	default:
		r.b.WriteString(r.e.raw(i))
	}
}

func (r *renderer) items(i int, indent string, inline bool, open, shut, pad string) {
	inner, before, between, behind := indent+r.unit, r.newline+indent+r.unit, ","+r.newline+indent+r.unit, r.newline+indent
	if inline {
		inner, before, between, behind = indent, pad, ","+r.afterComma, pad
	}
	r.b.WriteString(open + before)
	for n, child := range r.e.children(i) {
		if n > 0 {
			r.b.WriteString(between)
		}
		if r.e.tape[child].kind == keyNode {
			r.b.WriteString(r.e.raw(child) + r.colon)
			child++
		}
		r.node(child, inner, inline)
	}
	r.b.WriteString(behind + shut)
}
