package incident_test

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// process is a function's process with a desk of its own. It does one thing
// after the other until it is killed. Every step it takes towards the store
// and the channels may fail, before or after it took effect.
type process struct {
	*simulation
	desk *incident.Desk

	mu   sync.Mutex
	pcg  rand.PCG
	now  *execution
	dead bool
	end  context.CancelFunc // of what it does now
}

// execution is what a process does for one delivery, or one FollowUp.
type execution struct {
	at                     time.Time
	of                     *stream // of a denied call
	edit                   *edit
	faults                 int
	killed                 bool
	writes, explains, sent int
}

func newProcess(s *simulation) *process {
	p := &process{simulation: s}
	p.restart()
	return p
}

// restart begins anew, with no memory.
func (p *process) restart() {
	p.dead = false
	p.desk = &incident.Desk{
		Store: p, Explain: p.explain, Succeeded: p.succeeded, Now: p.clock.now, Rules: p.rules,
		Channels: []notify.Channel{{Name: "slack", Notifier: channel{p, slack}}, {Name: "sns", Notifier: channel{p, sns}}},
		Log:      slog.New(slog.DiscardHandler),
	}
}

func (p *process) explain(ctx context.Context, ev *cloudtrail.Event) *report.Report {
	p.mu.Lock()
	p.now.explains++
	p.mu.Unlock()
	return diagnose.Explain(ctx, p.estate, ev, diagnose.Options{})
}

// succeeded looks into CloudTrail, which is minutes behind.
func (p *process) succeeded(_ context.Context, i *incident.Incident, after time.Time) (time.Time, bool) {
	p.lookups.Add(1)
	if s := p.byID[i.ID]; s != nil {
		return s.succeeded(after, p.clock.now().Add(-5*time.Minute))
	}
	return time.Time{}, false
}

// before draws what happens to a step, and says what comes of it where it is
// not done. lost is whether its answer gets lost.
func (p *process) before(op operation) (lost error, err error) {
	runtime.Gosched() // let others come between any two steps
	p.mu.Lock()
	defer p.mu.Unlock()
	o, draw := p.oddsOf(op, p.clock.now()), float64(p.pcg.Uint64()>>11)/(1<<53)
	switch {
	case p.dead:
		return nil, errKilled
	case draw < o.killed/2:
		return nil, p.kill()
	case draw < o.killed:
		return p.kill(), nil
	case draw < o.killed+o.refused:
		p.fault()
		return nil, errRefused
	case draw < o.killed+o.refused+o.lost:
		p.fault()
		return errLost, nil
	}
	return nil, nil
}

func (p *process) kill() error {
	p.dead, p.now.killed = true, true
	p.end()
	p.fault()
	return errKilled
}

// fault notes one.
func (p *process) fault() {
	p.now.faults++
	p.faults.Add(1)
}

// step takes a step, if it is not struck before.
func (p *process) step(op operation, do func() error) error {
	lost, err := p.before(op)
	if err != nil {
		return err
	}
	if op == write || op == count {
		p.mu.Lock()
		p.now.writes++
		p.mu.Unlock()
	}
	return cmp.Or(lost, do())
}

func (p *process) Count(ctx context.Context, id, event string, at time.Time) error {
	return p.step(count, func() error { return p.store.Count(ctx, id, event, at) })
}

func (p *process) Tally(ctx context.Context, id string) (t incident.Tally, err error) {
	return t, p.step(read, func() (err error) { t, err = p.store.Tally(ctx, id); return err })
}

func (p *process) Get(ctx context.Context, id string) (i *incident.Incident, err error) {
	err = p.step(read, func() (err error) { i, err = p.store.Get(ctx, id); return err })
	return i, err
}

func (p *process) Save(ctx context.Context, i *incident.Incident) error {
	revision := i.Revision
	err := p.step(write, func() error { return p.store.Save(ctx, i) })
	if err != nil {
		i.Revision = revision // who gets no answer knows of no new revision
	}
	return err
}

// List reads page after page, as DynamoDB does.
func (p *process) List(ctx context.Context, shelf incident.Shelf) iter.Seq2[*incident.Incident, error] {
	const page = 25
	return func(yield func(*incident.Incident, error) bool) {
		n := 0
		for i, err := range p.store.List(ctx, shelf) {
			if n++; n%page == 1 {
				if lost, refused := p.before(read); cmp.Or(lost, refused) != nil {
					yield(nil, cmp.Or(lost, refused))
					return
				}
			}
			if !yield(i, err) {
				return
			}
		}
	}
}

func (p *process) Take(ctx context.Context, name string, window time.Time, limit int) (ok bool, err error) {
	err = p.step(write, func() (err error) { ok, err = p.store.Take(ctx, name, window, limit); return err })
	return ok && err == nil, err
}

// channel is one of the two channels, as a process reaches it.
type channel struct {
	*process
	what operation
}

// Notify implements notify.Notifier. Slack has threads, SNS has none.
func (c channel) Notify(_ context.Context, n *notify.Notice, thread string) (string, error) {
	if c.what == sns {
		thread = ""
	}
	lost, err := c.before(c.what)
	if err != nil {
		return "", err
	}
	name := c.ledger.post(c.what, n, thread, c.now, lost)
	return name, lost
}
