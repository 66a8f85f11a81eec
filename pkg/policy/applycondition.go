package policy

import (
	"errors"
	"fmt"
	"slices"
)

func (e *editor) applyCondition(edit Edit) error {
	values, block, _, err := e.condition(edit)
	if err != nil {
		return err
	}
	switch edit.Kind {
	case RenameKey:
		if other := e.memberFold(block, edit.New); other >= 0 && other != values {
			return fmt.Errorf("%s has the key %s already", edit.Operator, edit.New)
		}
		e.splice(e.tape[values-1].span(), quote(edit.New))
		return nil
	case ChangeOperator:
		return e.changeOperator(edit)
	}
	e.removeCondition(edit)
	return nil
}

// removeCondition takes a key out of its operator, the operator out of the
// Condition element where it was the last, and the element out of the statement
// likewise.
func (e *editor) removeCondition(edit Edit) {
	values, block, element, _ := e.condition(edit)
	s, _ := e.statement(edit.Statement)
	switch {
	case e.tape[block].count > 1:
		e.removeMember(block, values)
	case e.tape[element].count > 1:
		e.removeMember(element, block)
	default:
		e.removeMember(s, element)
	}
}

// removeMember takes the member with the given value out of an object.
func (e *editor) removeMember(object, value int) {
	e.remove(object, slices.Index(e.children(object), value-1))
}

// changeOperator moves a key with its values under another operator. Where the
// old one holds nothing else and the new one does not stand yet, its name alone
// changes.
func (e *editor) changeOperator(edit Edit) error {
	if _, ok := ParseOperator(edit.New); !ok {
		return fmt.Errorf("unknown condition operator %q", edit.New)
	}
	if edit.New == edit.Operator {
		return errors.New("the operator is the same")
	}
	values, block, element, _ := e.condition(edit)
	target := e.member(element, edit.New)
	switch {
	case target < 0 && e.tape[block].count == 1:
		e.splice(e.tape[block-1].span(), quote(edit.New))
		return nil
	case target < 0:
		e.addMember(element, quote(edit.New), "{"+e.raw(values-1)+":"+e.raw(values)+"}")
	case e.memberFold(target, edit.Key) >= 0:
		e.mergeValues(edit)
	default:
		member := e.raw(values-1) + e.style.colon + e.raw(values)
		e.add(target, func(string, bool) string { return member })
	}
	e.removeCondition(edit)
	return nil
}

// mergeValues adds the values of a condition to those which the operator
// edit.New has for the same key.
func (e *editor) mergeValues(edit Edit) {
	values, _, _, _ := e.condition(edit)
	var texts []string
	for _, i := range e.children(values) {
		texts = append(texts, e.text(i))
	}
	for _, text := range texts {
		_, _, element, _ := e.condition(edit)
		e.addString(e.memberFold(e.member(element, edit.New), edit.Key), text)
	}
}

// addMember appends a member to an object; value is JSON text that was checked.
func (e *editor) addMember(object int, name, value string) {
	e.add(object, func(indent string, inline bool) string {
		rendered, _ := e.style.render(value, indent, inline)
		return name + e.style.colon + rendered
	})
}

// addCondition adds a key under an operator, with the operator and the Condition
// element where they are missing.
func (e *editor) addCondition(edit Edit) error {
	s, err := e.statement(edit.Statement)
	if err != nil {
		return err
	}
	if _, _, msg := scan(edit.New, nil); msg != "" {
		return fmt.Errorf("the new value is no JSON text: %s", msg)
	}
	member := quote(edit.Key) + ":" + edit.New
	element := e.member(s, "Condition")
	block := e.member(element, edit.Operator)
	switch {
	case element < 0:
		e.addMember(s, `"Condition"`, "{"+quote(edit.Operator)+":{"+member+"}}")
	case block < 0:
		e.addMember(element, quote(edit.Operator), "{"+member+"}")
	case e.memberFold(block, edit.Key) >= 0:
		return fmt.Errorf("%s has the key %s already", edit.Operator, edit.Key)
	default:
		e.addMember(block, quote(edit.Key), edit.New)
	}
	return nil
}
