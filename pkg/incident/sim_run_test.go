package incident_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
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
