package incident_test

import (
	"cmp"
	"errors"
	"slices"
	"time"
)

// post puts calls and edits into the queue: some minutes late, some of them
// much later, some more than once.
func (s *simulation) post() {
	for _, st := range s.streams {
		for _, c := range st.calls {
			s.deliver(c.at, delivery{call: c}, st.lateness(c))
		}
	}
	for _, ed := range s.edits {
		s.deliver(ed.at, delivery{edit: ed}, 0)
	}
}

// lateness is how late a call may come beyond what is usual. What is denied
// only because STS does not know of an edit yet is never late: it would look
// like a new failure.
func (s *stream) lateness(c *call) time.Duration {
	if s.allowed(c.at) {
		return 0
	}
	return 2 * hour
}

// deliver plans the deliveries of a message.
func (s *simulation) deliver(at time.Time, d delivery, late time.Duration) {
	after := s.between(3*time.Second, 45*time.Second)
	if n := s.IntN(1000); late > 0 && n < 10 {
		after = s.between(time.Minute, 30*time.Minute)
	} else if late > 0 && n == 10 {
		after = s.between(time.Minute, late)
	}
	s.enqueue(at.Add(after), d)
	switch n := s.IntN(1000); {
	case n < 30:
		d.copy = 1
		s.enqueue(at.Add(after+s.upTo(5*time.Minute)), d)
	case n == 30:
		d.copy = 1
		s.enqueue(at.Add(after+s.upTo(3*day)), d)
	}
}

// enqueue makes a message visible with the first tick after a time.
func (s *simulation) enqueue(at time.Time, d delivery) {
	n := int(at.Sub(s.start)/tick) + 1
	s.due[n] = append(s.due[n], d)
}

// redeliver puts back what failed.
func (s *simulation) redeliver() {
	slices.SortFunc(s.again, func(a, b delivery) int { return cmp.Compare(a.id(), b.id()) })
	for _, d := range s.again {
		d.attempt++
		if d.attempt > patience {
			s.errors = append(s.errors, errors.New("a message failed for ever: "+d.id()))
			continue
		}
		s.enqueue(s.clock.now().Add(visibility-tick), d)
	}
	s.again = s.again[:0]
}

func (d delivery) id() string {
	switch {
	case d.call != nil:
		return d.call.id
	case d.edit != nil:
		return d.edit.id
	}
	return "follow-up"
}

// account notes how a delivery fared.
func (p *process) account(d delivery, failed bool) {
	p.simulation.mu.Lock()
	defer p.simulation.mu.Unlock()
	if p.now.faults > 0 {
		p.struck = append(p.struck, *p.now)
	}
	p.figures.count(p.now)
	failed = failed || p.dead
	if d.call == nil && d.edit == nil {
		return
	}
	if failed {
		p.again = append(p.again, d)
	}
	p.note(d).add(p.now, failed)
}

// note is what is known of a message.
func (p *process) note(d delivery) *handled {
	if d.call != nil {
		return entry(p.calls, d.call)
	}
	return entry(p.edited, d.edit)
}

func entry[K comparable](m map[K]*handled, k K) *handled {
	if m[k] == nil {
		m[k] = &handled{clean: true}
	}
	return m[k]
}

func (h *handled) add(e *execution, failed bool) {
	if h.first.IsZero() {
		h.first = e.at
	}
	if h.done.IsZero() {
		h.clean = h.clean && e.faults == 0
		if !failed {
			h.done = e.at
		}
	}
}
