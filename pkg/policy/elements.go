package policy

import "strings"

// principal reads the element Principal.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (b *builder) principal(s *Statement, i int) bool {
	s.PrincipalAt = b.tape[i].span()
	from := len(b.principals)
	ok := false
	switch {
	case b.grammar == resourceControlGrammar:
		ok = b.everyone(i)
	case b.tape[i].kind != objectNode:
		ok = b.fail(i, `Principal must be an object such as {"Federated": "…"}`)
	default:
		ok = b.members(i, func(name string, key, value int) bool {
			return b.principalsOf(name, key, value)
		})
	}
	s.Principals = b.principals[from:len(b.principals):len(b.principals)]
	return ok
}

// everyone reads the one principal a resource control policy may have.
func (b *builder) everyone(i int) bool {
	b.principals = append(b.principals, Principal{Type: "*", Text: b.text(i)})
	if b.tape[i].kind != stringNode || b.text(i).Value != "*" {
		return b.fail(i, `the Principal of a resource control policy is "*"`)
	}
	return true
}

func (b *builder) principalsOf(kind string, key, value int) bool {
	switch kind {
	case "Federated", "AWS", "Service", "CanonicalUser":
	default:
		return b.fail(key, "unknown type of principal; known are Federated, AWS, Service and CanonicalUser")
	}
	if b.tape[value].kind == stringNode {
		return b.principalValue(kind, value)
	}
	if b.tape[value].kind != arrayNode {
		return b.fail(value, "a principal must be a string or a list of strings")
	}
	for e := value + 1; e < int(b.tape[value].next); e = int(b.tape[e].next) {
		if b.tape[e].kind != stringNode {
			return b.fail(e, "a principal must be a string or a list of strings")
		}
		if !b.principalValue(kind, e) {
			return false
		}
	}
	return true
}

// principalValue refuses only what IAM is known to refuse. What else a
// Federated principal may be is left to the evaluation: policies with the
// residue of a template in the provider's name exist.
func (b *builder) principalValue(kind string, i int) bool {
	p := Principal{Type: kind, Text: b.text(i)}
	b.principals = append(b.principals, p)
	switch {
	case p.Value == "":
		return b.fail(i, "a principal must not be empty")
	case kind == "Federated" && p.Value == "*":
		return b.fail(i, `IAM refuses the Federated principal "*"`)
	case kind == "AWS" && isProviderARN(p.Value):
		return b.fail(i, "an identity provider is a Federated principal, not an AWS one")
	}
	return true
}

func isProviderARN(s string) bool {
	return strings.HasPrefix(s, "arn:") &&
		(strings.Contains(s, ":oidc-provider/") || strings.Contains(s, ":saml-provider/"))
}

// actions reads Action or NotAction.
func (b *builder) actions(s *Statement, i int, name string) bool {
	var ok bool
	s.ActionAt = b.tape[i].span()
	s.NotAction = name == "NotAction"
	s.Actions, ok = b.list(i, name)
	if !ok {
		return false
	}
	for n := range s.Actions {
		if msg := b.refuseAction(s.Actions[n].Value, s.NotAction); msg != "" {
			return b.fail(b.literal(i, n), msg)
		}
	}
	return true
}

// literal is the node of the nth string of a string or list at node i.
func (b *builder) literal(i, n int) int {
	if b.tape[i].kind == arrayNode {
		return b.element(i, n)
	}
	return i
}

// refuseAction says why IAM refuses an action: trust policies may allow or deny
// actions of STS only ("AssumeRole policy may only specify STS AssumeRole
// actions"). Which of them is left open: policies with sts:* are stored.
// NotAction names what is left alone, so actions of any service.
func (b *builder) refuseAction(action string, not bool) string {
	service, _, ok := strings.Cut(action, ":")
	switch {
	case action == "*":
		return ""
	case !ok || service == "":
		return "an action is written service:Name"
	case b.grammar == trustGrammar && !not && !strings.EqualFold(service, "sts"):
		return "a trust policy may name actions of sts only"
	}
	return ""
}

// conditionElement reads the element Condition: operators, then keys, then values.
func (b *builder) conditionElement(s *Statement, i int) bool {
	if b.tape[i].kind != objectNode {
		return b.fail(i, "Condition must be an object of operators")
	}
	s.ConditionAt = b.tape[i].span()
	from := len(b.conditions)
	ok := b.members(i, func(_ string, key, value int) bool { return b.operator(key, value) })
	s.Conditions = b.conditions[from:len(b.conditions):len(b.conditions)]
	return ok
}

func (b *builder) operator(key, block int) bool {
	name := b.text(key)
	op, ok := ParseOperator(name.Value)
	if !ok {
		return b.fail(key, "unknown condition operator; their names are case-sensitive")
	}
	if b.tape[block].kind != objectNode {
		return b.fail(block, "a condition operator holds an object of condition keys")
	}
	return b.members(block, func(_ string, key, value int) bool {
		c := Condition{Operator: name, Key: b.text(key), ValuesAt: b.tape[value].span(), OperatorAt: b.tape[block].span(), Op: op}
		var ok bool
		c.Values, ok = b.values(value)
		b.conditions = append(b.conditions, c)
		return ok
	})
}

// values reads one value or a list of values; booleans and numbers, which IAM
// stores as they are written, become their text.
func (b *builder) values(i int) ([]Text, bool) {
	const want = "a condition value must be a string, a boolean, a number or a list of them"
	from := len(b.texts)
	switch b.tape[i].kind {
	case stringNode, boolNode, numberNode:
		b.texts = append(b.texts, b.text(i))
	case arrayNode:
		for e := i + 1; e < int(b.tape[i].next); e = int(b.tape[e].next) {
			if k := b.tape[e].kind; k != stringNode && k != boolNode && k != numberNode {
				return nil, b.fail(e, want)
			}
			b.texts = append(b.texts, b.text(e))
		}
	default:
		return nil, b.fail(i, want)
	}
	return b.texts[from:len(b.texts):len(b.texts)], true
}

// completeResourceControl holds a statement against what resource control
// policies may say: they only deny. The one Allow is that of the policy
// RCPFullAWSAccess which is attached everywhere.
func (b *builder) completeResourceControl(s *Statement, seen *elements, i int) bool {
	all := len(s.Actions) == 1 && s.Actions[0].Value == "*"
	full := !s.Deny && all && !s.NotAction && len(s.Conditions) == 0 &&
		!s.NotResource && len(s.Resources) == 1 && s.Resources[0].Value == "*"
	switch {
	case full:
		return true
	case !s.Deny:
		return b.fail(i, "a resource control policy can only deny")
	case s.NotAction:
		return b.fail(i, "a resource control policy has no NotAction")
	case !seen.resource:
		return b.fail(i, "the element Resource is missing")
	}
	for n := range s.Actions {
		if s.Actions[n].Value == "*" {
			return b.fail(i, `a resource control policy names services: the Action "*" is refused`)
		}
	}
	return true
}
