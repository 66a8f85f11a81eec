package incident_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// How the simulated deployment works.
const (
	tick       = 15 * time.Second // how far the clock goes at once
	visibility = 90 * time.Second // after which a message that failed comes again
	handlers   = 50
	patience   = 400 // deliveries of one message
)

// clock is the simulated time.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time  { return time.Unix(0, c.nanoseconds.Load()).UTC() }
func (c *clock) set(t time.Time) { c.nanoseconds.Store(t.UnixNano()) }

// delivery is a message that a function gets: a call, or an edit.
type delivery struct {
	call    *call
	edit    *edit
	copy    int // 0 for the first delivery, others for duplicates
	attempt int
}

// handled is how a call or an edit fared.
type handled struct {
	first, done time.Time // of the first attempt, and of the first one that succeeded
	clean       bool      // no attempt met a fault
}

// simulation is one run.
type simulation struct {
	*generator
	clock     clock
	store     *incident.Memory
	ledger    *ledger
	byID      map[string]*stream
	rule      []incident.Rule
	due       map[int][]delivery // by tick
	processes []*process

	faults, lookups atomic.Int64
	mu              sync.Mutex
	calls           map[*call]*handled
	edited          map[*edit]*handled
	struck          []execution // executions that met a fault
	dear            []execution // repetitions that cost more than they are to
	again           []delivery
	subjects        map[*stream]map[string]time.Time // when a subject was dealt with for the first time
	figures         figures
	errors          []error
}

// newSimulation gets everything ready.
func newSimulation(seed uint64, scale scale) (*simulation, error) {
	s := &simulation{
		generator: generate(seed, scale), store: incident.NewMemory(), byID: map[string]*stream{},
		due: map[int][]delivery{}, calls: map[*call]*handled{}, edited: map[*edit]*handled{}, subjects: map[*stream]map[string]time.Time{},
	}
	s.ledger = &ledger{clock: &s.clock}
	s.estate.clock = &s.clock
	s.rule = []incident.Rule{{Role: "sandbox-*", Until: s.when(40), Why: "nobody depends on it"}}
	for _, st := range s.streams {
		if err := st.finish(); err != nil {
			return nil, err
		}
		if other := s.byID[st.id]; other != nil {
			return nil, fmt.Errorf("%s of %s and of %s are one incident: %s", st.arn, st.caller.name, other.caller.name, st.id)
		}
		s.byID[st.id] = st
	}
	s.post()
	for range handlers {
		s.processes = append(s.processes, newProcess(s))
	}
	return s, nil
}

func (s *simulation) rules(context.Context) ([]incident.Rule, error) { return s.rule, nil }

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

// run lets the time go by, to some hours after the last trouble.
func (s *simulation) run() {
	perMinute := int(time.Minute / tick)
	for n := 0; n <= int(s.end.Add(2*hour).Sub(s.start)/tick); n++ {
		work := s.due[n]
		delete(s.due, n)
		if len(work) == 0 && n%perMinute != 0 {
			continue
		}
		s.clock.set(s.start.Add(time.Duration(n) * tick))
		if n%perMinute == 0 {
			work = append(work, delivery{}) // FollowUp
		}
		s.Shuffle(len(work), func(i, j int) { work[i], work[j] = work[j], work[i] })
		s.together(work)
		s.redeliver()
	}
}

// together lets as many processes as there are work at the same time.
func (s *simulation) together(work []delivery) {
	var next atomic.Int64
	var group sync.WaitGroup
	for _, p := range s.processes[:min(len(work), handlers)] {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(work)); i = next.Add(1) - 1 {
				p.handle(work[i])
			}
		})
	}
	group.Wait()
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

// handle is one run of a function.
func (p *process) handle(d delivery) {
	now := p.clock.now()
	p.now = &execution{at: now, edit: d.edit}
	hash := fnv.New64a()
	hash.Write([]byte(d.id()))
	p.pcg.Seed(hash.Sum64()^uint64(d.attempt<<8)^uint64(d.copy), uint64(now.UnixNano()))
	err := p.execute(d)
	p.account(d, err != nil && !errors.Is(err, incident.ErrOutstanding))
	if p.dead {
		p.restart()
	}
}

func (p *process) execute(d delivery) error {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	p.end = end
	switch {
	case d.call != nil:
		p.now.of = d.call.of
		result, err := p.desk.Denied(ctx, d.call.event())
		p.priceOf(d.call, result, err)
		return err
	case d.edit != nil:
		return p.desk.Edited(ctx, d.edit.event())
	}
	return p.desk.FollowUp(ctx)
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
