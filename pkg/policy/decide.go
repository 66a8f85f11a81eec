package policy

// Decide is the verdict of Evaluate without its trace. It allocates nothing
// unless r.Condition does or a policy variable holds a very long value.
func Decide(d *Document, r *Request) Verdict { return verdictOf(decide(d, r)) }

// DecideWith is the verdict on a trust policy and the resource control policies
// in force: these only deny.
func DecideWith(d *Document, controls []*Document, r *Request) Verdict {
	allowed, denied := decide(d, r)
	for _, c := range controls {
		_, deny := decide(c, r)
		denied = max(denied, deny)
	}
	return verdictOf(allowed, denied)
}

func decide(d *Document, r *Request) (allowed, denied Result) {
	e := newEvaluation(d, r)
	allowed, denied = No, No
	for i := range d.Statements {
		s := &d.Statements[i]
		if s.Deny {
			denied = max(denied, e.statement(s, nil))
		} else if allowed != Yes {
			allowed = max(allowed, e.statement(s, nil))
		}
	}
	return allowed, denied
}
