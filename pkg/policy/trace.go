package policy

// Trace is an evaluation with every part kept.
type Trace struct {
	Doc                     *Document
	Result, Allowed, Denied Result // Result = min(Allowed, -Denied)
	Statements              []StatementTrace
}

// StatementTrace is one statement's part of a Trace.
type StatementTrace struct {
	*Statement
	Result, Principal, Action, Resource, Condition Result
	PrincipalReason, ActionReason, ResourceReason  Reason
	Principals                                     []ValueTrace
	Actions                                        []ValueTrace
	Resources                                      []ValueTrace // of a resource control policy
	Conditions                                     []ConditionTrace
}

// ConditionTrace is one condition's part of a Trace.
type ConditionTrace struct {
	*Condition
	Result Result
	Reason Reason
	Got    Values
	Values []ValueTrace // one per value of the condition
}

// ValueTrace is one value's part of a Trace. Result tells whether the value
// itself matches: under a negated operator, NotAction or NotResource a match is
// what keeps the whole from matching.
type ValueTrace struct {
	*Text
	Expanded string // after policy variables
	Result   Result
	Reason   Reason
}

// Evaluate puts a request to a policy and keeps every part of the outcome. No
// part is left out because another has decided the matter.
func Evaluate(d *Document, r *Request) *Trace {
	t := &Trace{Doc: d, Allowed: No, Denied: No}
	t.Statements = make([]StatementTrace, len(d.Statements))
	e := newEvaluation(d, r)
	slabs := newSlabs(d)
	for i := range d.Statements {
		s := &t.Statements[i]
		s.Statement = &d.Statements[i]
		slabs.cut(s)
		result := e.statement(s.Statement, s)
		if s.Deny {
			t.Denied = max(t.Denied, result)
		} else {
			t.Allowed = max(t.Allowed, result)
		}
	}
	t.Result = min(t.Allowed, -t.Denied)
	return t
}

// Verdict is the outcome of the policy taken alone. It is Undecided where
// something that is not known, or not documented, decides it; Result may be No
// even so, when only the kind of denial is open.
func (t *Trace) Verdict() Verdict { return verdictOf(t.Allowed, t.Denied) }

// Combine is the outcome of a trust policy and the resource control policies in
// force: these only deny.
func Combine(trust *Trace, controls ...*Trace) Verdict {
	denied := trust.Denied
	for _, c := range controls {
		denied = max(denied, c.Denied)
	}
	return verdictOf(trust.Allowed, denied)
}

// traceSlabs are the slices from which the traces of all statements are cut.
type traceSlabs struct {
	values     []ValueTrace
	conditions []ConditionTrace
}

func newSlabs(d *Document) traceSlabs {
	values, conditions := 0, 0
	for i := range d.Statements {
		s := &d.Statements[i]
		values += len(s.Principals) + len(s.Actions) + len(s.Resources)
		conditions += len(s.Conditions)
		for n := range s.Conditions {
			values += len(s.Conditions[n].Values)
		}
	}
	return traceSlabs{make([]ValueTrace, values), make([]ConditionTrace, conditions)}
}

func (m *traceSlabs) cut(s *StatementTrace) {
	s.Principals = m.take(len(s.Statement.Principals))
	s.Actions = m.take(len(s.Statement.Actions))
	s.Resources = m.take(len(s.Statement.Resources))
	n := len(s.Statement.Conditions)
	s.Conditions, m.conditions = m.conditions[:n:n], m.conditions[n:]
	for i := range s.Conditions {
		s.Conditions[i].Values = m.take(len(s.Statement.Conditions[i].Values))
	}
}

func (m *traceSlabs) take(n int) []ValueTrace {
	cut := m.values[:n:n]
	m.values = m.values[n:]
	return cut
}
