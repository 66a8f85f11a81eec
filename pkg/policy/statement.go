package policy

import "strings"

// statement evaluates one statement. With a trace every part is evaluated and
// told of; without one the first part that fails ends it.
func (e *evaluation) statement(s *Statement, t *StatementTrace) Result {
	principal, why := e.principals(s, t)
	if t != nil {
		t.Principal, t.PrincipalReason = principal, why
	} else if principal == No {
		return No
	}
	action, why := e.actions(s, t)
	if t != nil {
		t.Action, t.ActionReason = action, why
	} else if action == No {
		return No
	}
	resource, why := e.resources(s, t)
	if t != nil {
		t.Resource, t.ResourceReason = resource, why
	}
	condition := e.conditions(s, t)
	result := min(principal, action, resource, condition)
	if t != nil {
		t.Condition, t.Result = condition, result
	}
	return result
}

func (e *evaluation) principals(s *Statement, t *StatementTrace) (Result, Reason) {
	result, reason := No, NoValues
	for i := range s.Principals {
		r, why := e.principal(&s.Principals[i], s.Deny)
		if i == 0 || r > result || r == result && nearer(why, reason) {
			result, reason = r, why
		}
		if t != nil {
			t.Principals[i] = ValueTrace{Text: &s.Principals[i].Text, Expanded: s.Principals[i].Value, Result: r, Reason: why}
		}
	}
	return result, reason
}

// nearer prefers the more telling of two reasons, and among principals one of
// the right type.
func nearer(a, b Reason) bool {
	return telling(a) > telling(b) || b == WrongPrincipalType && a != b
}

// principal tells whether a principal is the caller. A Federated one is an
// exact string. Principals of other types never admit a web identity, but for
// {"AWS": "*"}: the documentation equates it with everyone for anonymous
// callers alone, an IAM simulator for this one too, and so does this package.
// Whether the role's own account under Deny covers the caller is not documented.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (e *evaluation) principal(p *Principal, deny bool) (Result, Reason) {
	switch {
	case p.Type == "*" || p.Type == "AWS" && p.Value == "*":
		return Yes, Everyone
	case p.Type == "AWS" && deny && e.ownAccount(p.Value):
		return Unknown, OwnAccount
	case p.Type != "Federated":
		return No, WrongPrincipalType
	case e.Principal == "":
		return Unknown, PrincipalUnknown
	case p.Value == e.Principal:
		return Yes, Equal
	case strings.EqualFold(p.Value, e.Principal):
		return No, DiffersInCase
	case hasWildcard(p.Value) && Like(p.Value, e.Principal):
		return No, WildcardLiteral
	}
	return No, Differs
}

// ownAccount tells whether an AWS principal may be the account of the role; the
// account is read off the role's ARN or the provider's.
func (e *evaluation) ownAccount(principal string) bool {
	account := principal
	if parts, ok := cutARN(principal); ok {
		if parts[5] != "root" {
			return false
		}
		account = parts[4]
	}
	for _, arn := range [...]string{e.RoleARN, e.Principal} {
		if parts, ok := cutARN(arn); ok {
			return parts[4] == account
		}
	}
	return true
}

// actions evaluates Action or NotAction. Actions ignore letter case.
func (e *evaluation) actions(s *Statement, t *StatementTrace) (Result, Reason) {
	result, reason := No, NoValues
	for i := range s.Actions {
		r, why := matchAction(s.Actions[i].Value, e.Action)
		if i == 0 || r > result {
			result, reason = r, why
		}
		if t != nil {
			t.Actions[i] = ValueTrace{Text: &s.Actions[i], Expanded: s.Actions[i].Value, Result: r, Reason: why}
		}
	}
	switch {
	case !s.NotAction:
		return result, reason
	case len(s.Actions) == 0:
		return Unknown, NoValues // "all but nothing" is not documented
	}
	return -result, reason
}

func matchAction(value, action string) (Result, Reason) {
	switch {
	case strings.EqualFold(value, action):
		return Yes, Equal
	case LikeFold(value, action):
		return Yes, PatternMatches
	case hasWildcard(value):
		return No, PatternDiffers
	}
	return No, Differs
}

// resources evaluates Resource or NotResource. A trust policy has neither: its
// resource is the role.
func (e *evaluation) resources(s *Statement, t *StatementTrace) (Result, Reason) {
	if s.Resources == nil {
		return Yes, NoReason
	}
	result, reason := No, NoValues
	for i := range s.Resources {
		r, why := e.resource(s.Resources[i].Value)
		if i == 0 || r > result {
			result, reason = r, why
		}
		if t != nil {
			t.Resources[i] = ValueTrace{Text: &s.Resources[i], Expanded: e.readable(s.Resources[i].Value), Result: r, Reason: why}
		}
	}
	if s.NotResource {
		return -result, reason
	}
	return result, reason
}

func (e *evaluation) resource(value string) (Result, Reason) {
	switch {
	case value == "*":
		return Yes, PatternMatches
	case e.RoleARN == "":
		return Unknown, ResourceUnknown
	}
	return e.arn(value, e.RoleARN)
}

func (e *evaluation) conditions(s *Statement, t *StatementTrace) Result {
	result := Yes
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if t == nil {
			r, _, _ := e.condition(c, nil)
			if result = min(result, r); result == No {
				return No
			}
			continue
		}
		trace := &t.Conditions[i]
		trace.Condition = c
		for n := range c.Values {
			trace.Values[n].Text = &c.Values[n]
			trace.Values[n].Expanded = e.expansionOf(c, n)
		}
		trace.Result, trace.Reason, trace.Got = e.condition(c, trace.Values)
		result = min(result, trace.Result)
	}
	return result
}

// expansionOf is a condition's value after policy variables, which String and
// Arn operators know.
func (e *evaluation) expansionOf(c *Condition, n int) string {
	if c.Op.Exact() || c.Op.Pattern() {
		return e.readable(c.Values[n].Value)
	}
	return c.Values[n].Value
}

func (e *evaluation) readable(value string) string {
	if e.variables && hasVariable(value) {
		return e.expandText(value)
	}
	return value
}
