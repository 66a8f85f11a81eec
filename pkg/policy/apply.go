package policy

import (
	"errors"
	"fmt"
	"slices"
)

// Apply makes edits one after the other, each on what the one before left, and
// returns the changed document. Every byte outside the changes stays; new lines
// are indented like their neighbours, and a text on one line stays on one. An
// error names the edit; d itself never changes.
func (d *Document) Apply(edits ...Edit) (*Document, error) {
	for i, edit := range edits {
		e := newEditor(string(d.Source))
		err := e.apply(edit)
		if err == nil {
			d, err = parse([]byte(e.src), d.grammar)
		}
		if err != nil {
			return nil, fmt.Errorf("apply edit %d, %s: %w", i, edit.Kind, err)
		}
	}
	return d, nil
}

func (e *editor) apply(edit Edit) error {
	switch edit.Kind {
	case ReplaceValue, AddValue, RemoveValue:
		return e.applyValue(edit)
	case RenameKey, ChangeOperator, RemoveCondition:
		return e.applyCondition(edit)
	case AddCondition:
		return e.addCondition(edit)
	case ReplaceAction, AddAction:
		return e.applyAction(edit)
	case ReplacePrincipal, SetPrincipal, RemovePrincipal:
		return e.applyPrincipal(edit)
	case AddStatement, ReplaceStatement, RemoveStatement:
		return e.applyStatement(edit)
	}
	return errors.New("unknown kind of edit")
}

func (e *editor) applyValue(edit Edit) error {
	values, _, _, err := e.condition(edit)
	switch {
	case err != nil:
		return err
	case edit.Kind == ReplaceValue:
		return e.replaceLiteral(values, edit)
	case edit.Kind == AddValue:
		e.addString(values, edit.New)
		return nil
	}
	return e.removeLiteral(values, edit.Value)
}

// replaceLiteral writes edit.New in the place of edit.Value.
func (e *editor) replaceLiteral(list int, edit Edit) error {
	i := e.literal(list, edit.Value)
	if i < 0 {
		return fmt.Errorf("there is no %q in statement %d", edit.Value, edit.Statement)
	}
	e.splice(e.tape[i].span(), quote(edit.New))
	return nil
}

// removeLiteral takes a value out of a list. The last one stays: what an empty
// list means is another matter than to remove the list.
func (e *editor) removeLiteral(list int, value string) error {
	i := e.literal(list, value)
	children := e.children(list)
	switch {
	case i < 0:
		return fmt.Errorf("there is no %q", value)
	case len(children) == 1:
		return fmt.Errorf("%q is the only value", value)
	}
	e.remove(list, slices.Index(children, i))
	return nil
}

// addString adds a string to a list, and makes a list of a single value. One
// that is there already is not added again.
func (e *editor) addString(list int, value string) {
	if e.literal(list, value) >= 0 {
		return
	}
	if e.tape[list].kind == arrayNode {
		e.add(list, func(string, bool) string { return quote(value) })
		return
	}
	e.splice(e.tape[list].span(), e.pair(list, quote(value)))
}

// pair is a list of the literal at node i and a second one.
func (e *editor) pair(i int, second string) string {
	first := e.raw(i)
	if e.style.inlineLists || e.onOneLine(i) {
		return "[" + first + "," + e.style.afterComma + second + "]"
	}
	outer := e.style.newline + e.indent(int(e.tape[i].start))
	return "[" + outer + e.style.unit + first + "," + outer + e.style.unit + second + outer + "]"
}

// onOneLine tells whether the member that node i is the value of shares its line
// with the brace that opens its object.
func (e *editor) onOneLine(i int) bool {
	lead := e.lead(int(e.tape[i-1].start))
	return !e.style.multiline || !slices.Contains([]byte(lead), '\n')
}

func (e *editor) applyAction(edit Edit) error {
	s, err := e.statement(edit.Statement)
	if err != nil {
		return err
	}
	list := e.member(s, "Action")
	switch {
	case edit.Kind == ReplaceAction && list < 0:
		return e.replaceLiteral(e.member(s, "NotAction"), edit)
	case edit.Kind == ReplaceAction:
		return e.replaceLiteral(list, edit)
	case list < 0:
		return fmt.Errorf("statement %d has no Action to add to", edit.Statement)
	}
	e.addString(list, edit.New)
	return nil
}

func (e *editor) applyPrincipal(edit Edit) error {
	s, err := e.statement(edit.Statement)
	if err != nil {
		return err
	}
	element := e.member(s, "Principal")
	if edit.Kind == SetPrincipal {
		return e.replaceNode(element, edit.New)
	}
	for n, key := range e.children(element) {
		if e.literal(key+1, edit.Value) < 0 {
			continue
		}
		if edit.Kind == ReplacePrincipal {
			return e.replaceLiteral(key+1, edit)
		}
		if len(e.children(element)) > 1 && len(e.children(key+1)) == 1 {
			e.remove(element, n)
			return nil
		}
		return e.removeLiteral(key+1, edit.Value)
	}
	return fmt.Errorf("statement %d has no principal %q", edit.Statement, edit.Value)
}

// replaceNode writes a JSON text in the place of node i.
func (e *editor) replaceNode(i int, text string) error {
	inline := e.tape[i].count > 0 && e.inline(i)
	rendered, err := e.style.render(text, e.indent(int(e.tape[i].start)), inline)
	if err != nil {
		return err
	}
	e.splice(e.tape[i].span(), rendered)
	return nil
}

func (e *editor) applyStatement(edit Edit) error {
	if edit.Kind == AddStatement {
		return e.addStatement(edit.New)
	}
	s, err := e.statement(edit.Statement)
	if err != nil {
		return err
	}
	if edit.Kind == ReplaceStatement {
		return e.replaceNode(s, edit.New)
	}
	list := e.member(0, "Statement")
	if s == list {
		e.splice(e.tape[s].span(), "[]")
		return nil
	}
	e.remove(list, edit.Statement)
	return nil
}

// addStatement appends a statement; a single object becomes a list of two.
func (e *editor) addStatement(text string) error {
	list := e.member(0, "Statement")
	at := e.tape[list].span()
	single := e.tape[list].kind == objectNode
	rendered, err := e.style.render(text, e.indent(at.Start), single && e.inline(list))
	if err != nil {
		return err
	}
	if single {
		e.splice(at, "["+e.src[at.Start:at.End]+","+e.style.afterComma+rendered+"]")
		return nil
	}
	e.add(list, func(indent string, inline bool) string {
		rendered, _ := e.style.render(text, indent, inline)
		return rendered
	})
	return nil
}
