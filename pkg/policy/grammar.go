package policy

// The rules of this file are the grammar of IAM's policy language
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
// as CreateRole and UpdateAssumeRolePolicy apply it to trust policies.

// Versions of the policy language.
const (
	version2008 = "2008-10-17" // the default where a document names none
	version2012 = "2012-10-17" // knows policy variables
)

func (b *builder) document(d *Document, i int) bool {
	if b.tape[i].kind != objectNode {
		return b.fail(i, "a policy is a JSON object")
	}
	d.Span = b.tape[i].span()
	statements := -1
	ok := b.members(i, func(name string, key, value int) bool {
		switch name {
		case "Version":
			return b.version(d, value)
		case "Id":
			return b.tape[value].kind == stringNode || b.fail(value, "Id must be a string")
		case "Statement":
			statements = value
			return true
		}
		return b.fail(key, "unknown element of a policy; known are Version, Id and Statement")
	})
	if !ok {
		return false
	}
	if statements < 0 {
		return b.fail(i, "the element Statement is missing")
	}
	if b.grammar == resourceControlGrammar && d.Version.Value != version2012 {
		return b.fail(i, "a resource control policy has the Version "+version2012)
	}
	return b.statements(d, statements)
}

func (b *builder) version(d *Document, value int) bool {
	d.Version = b.text(value)
	if v := d.Version.Value; b.tape[value].kind != stringNode || v != version2012 && v != version2008 {
		return b.fail(value, "Version must be "+version2012+" or "+version2008)
	}
	return true
}

// statements reads a list of statements, or a single one.
func (b *builder) statements(d *Document, i int) bool {
	switch b.tape[i].kind {
	case objectNode:
		b.allocate(i)
		d.Statements = make([]Statement, 1)
		return b.statement(&d.Statements[0], i)
	case arrayNode:
		b.allocate(i)
		d.Statements = make([]Statement, b.tape[i].count)
		for n, at := 0, i+1; at < int(b.tape[i].next); n, at = n+1, int(b.tape[at].next) {
			d.Statements[n].Index = n
			if !b.statement(&d.Statements[n], at) {
				return false
			}
		}
		return b.uniqueSids(d.Statements, i)
	}
	return b.fail(i, "Statement must be an object or a list of objects")
}

// allocate makes the slabs for the statements at node i. The sizes are bounds
// that are near enough; append copes with a document that passes them.
func (b *builder) allocate(i int) {
	var strings, lists int
	for at := i; at < int(b.tape[i].next); at++ {
		switch b.tape[at].kind {
		case stringNode, boolNode, numberNode:
			strings++
		case objectNode:
			lists++
		}
	}
	b.texts = make([]Text, 0, strings)
	b.principals = make([]Principal, 0, lists)
	b.conditions = make([]Condition, 0, b.countConditions(i))
}

// countConditions counts the members of all objects three levels below a
// statement, which are its conditions if it is well formed.
func (b *builder) countConditions(i int) int {
	n := 0
	for at := i; at < int(b.tape[i].next); at++ {
		if b.tape[at].kind != keyNode || nodeText(b.src, &b.tape[at]) != "Condition" {
			continue
		}
		end := int(b.tape[at+1].next)
		for op := at + 2; op+1 < end; op = int(b.tape[op+1].next) {
			if b.tape[op].kind != keyNode {
				break
			}
			n += int(b.tape[op+1].count)
		}
	}
	return n
}

// uniqueSids refuses a Sid that names two statements, as IAM's reference for
// Sid does. The empty one, which IAM's console used to write, names none.
func (b *builder) uniqueSids(statements []Statement, list int) bool {
	for n := range statements {
		for m := range n {
			if sid := statements[n].Sid.Value; sid != "" && sid == statements[m].Sid.Value {
				return b.fail(b.element(list, n), "this Sid names another statement already")
			}
		}
	}
	return true
}

// element is the index of the nth element of the array at node i.
func (b *builder) element(i, n int) int {
	at := i + 1
	for range n {
		at = int(b.tape[at].next)
	}
	return at
}

func (b *builder) statement(s *Statement, i int) bool {
	if b.tape[i].kind != objectNode {
		return b.fail(i, "a statement is a JSON object")
	}
	s.Span = b.tape[i].span()
	condition, seen := -1, elements{}
	ok := b.members(i, func(name string, key, value int) bool {
		if name == "Condition" {
			condition = value // read last: nothing else appends to its slab, yet its texts are the most
			return true
		}
		return b.statementElement(s, &seen, name, key, value)
	})
	if !ok || condition >= 0 && !b.conditionElement(s, condition) {
		return false
	}
	return b.complete(s, &seen, i)
}

// elements tells which elements a statement has.
type elements struct{ effect, principal, action, notAction, resource bool }

func (b *builder) statementElement(s *Statement, seen *elements, name string, key, value int) bool {
	switch name {
	case "Sid":
		s.Sid = b.text(value)
		return b.tape[value].kind == stringNode || b.fail(value, "Sid must be a string")
	case "Effect":
		seen.effect = true
		return b.effect(s, value)
	case "Principal":
		seen.principal = true
		return b.principal(s, value)
	case "Action":
		seen.action = true
		return b.actions(s, value, name)
	case "NotAction":
		seen.notAction = true
		return b.actions(s, value, name)
	case "Resource", "NotResource":
		return b.resources(s, seen, name, key, value)
	case "NotPrincipal":
		return b.fail(key, "IAM refuses NotPrincipal in this type of policy")
	}
	return b.fail(key, "unknown element of a statement")
}

// complete refuses a statement that lacks an element.
func (b *builder) complete(s *Statement, seen *elements, i int) bool {
	switch {
	case !seen.effect:
		return b.fail(i, "the element Effect is missing")
	case !seen.principal:
		return b.fail(i, "the element Principal is missing")
	case seen.action && seen.notAction:
		return b.fail(i, "Action and NotAction exclude each other")
	case !seen.action && !seen.notAction:
		return b.fail(i, "the element Action is missing")
	case b.grammar == resourceControlGrammar:
		return b.completeResourceControl(s, seen, i)
	}
	return true
}

func (b *builder) effect(s *Statement, value int) bool {
	s.Effect = b.text(value)
	s.Deny = s.Effect.Value == "Deny"
	if b.tape[value].kind != stringNode || !s.Deny && s.Effect.Value != "Allow" {
		return b.fail(value, "Effect must be Allow or Deny, in this letter case")
	}
	return true
}

func (b *builder) resources(s *Statement, seen *elements, name string, key, value int) bool {
	if b.grammar != resourceControlGrammar {
		return b.fail(key, "a trust policy has no element "+name+": its resource is the role")
	}
	if seen.resource {
		return b.fail(key, "Resource and NotResource exclude each other")
	}
	var ok bool
	seen.resource, s.NotResource = true, name == "NotResource"
	s.Resources, ok = b.list(value, name)
	return ok
}
