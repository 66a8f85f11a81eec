package incident

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a Store that lasts as long as the process: for the command line,
// for tests, and for a deployment without a table. It never forgets.
type Memory struct {
	mu       sync.RWMutex
	kept     map[string]kept
	shelves  map[Shelf]map[string]struct{} // IDs
	saves    int64
	counters map[string]*counter
	permits  map[permit]int
}

// kept is an incident as it was saved. Nobody changes it: what comes in and
// goes out are copies.
type kept struct {
	*Incident
	save int64 // its number among all
}

// counter is what Count keeps of an incident.
type counter struct {
	seen        map[mark]struct{}
	minutes     map[int64]int // by the minutes since 1970
	first, last int64         // in seconds since 1970
}

// mark is an event that was counted. An event has one time.
type mark struct {
	second int64
	event  string
}

type permit struct {
	name   string
	window time.Time // UTC
}

var _ Store = (*Memory)(nil)

// NewMemory returns a store that has nothing yet.
func NewMemory() *Memory {
	return &Memory{
		kept:     map[string]kept{},
		shelves:  map[Shelf]map[string]struct{}{},
		counters: map[string]*counter{},
		permits:  map[permit]int{},
	}
}

// Count implements Store.
func (m *Memory) Count(ctx context.Context, incident, event string, at time.Time) error {
	if err := cmp.Or(ctx.Err(), CheckID(incident)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.counters[incident]
	if c == nil {
		c = &counter{seen: map[mark]struct{}{}, minutes: map[int64]int{}}
		m.counters[incident] = c
	}
	c.count(mark{at.Unix(), event})
	return nil
}

func (c *counter) count(m mark) {
	if _, again := c.seen[m]; again {
		return
	}
	if len(c.seen) == 0 {
		c.first, c.last = m.second, m.second
	}
	c.first, c.last = min(c.first, m.second), max(c.last, m.second)
	c.seen[m] = struct{}{}
	c.minutes[minute(m.second)]++
}

// minute is the minute of a second, both since 1970; times before that have
// negative ones.
func minute(second int64) int64 { return time.Unix(second, 0).Truncate(time.Minute).Unix() / 60 }

// Tally implements Store.
func (m *Memory) Tally(ctx context.Context, incident string) (Tally, error) {
	if err := cmp.Or(ctx.Err(), CheckID(incident)); err != nil {
		return Tally{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	c := m.counters[incident]
	if c == nil {
		return Tally{}, nil
	}
	t := Tally{
		Count: len(c.seen),
		First: time.Unix(c.first, 0).UTC(), Last: time.Unix(c.last, 0).UTC(),
		Minutes: make(map[string]int, len(c.minutes)),
	}
	for since, n := range c.minutes {
		t.Minutes[Minute(time.Unix(since*60, 0))] = n
	}
	return t, nil
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, incident string) (*Incident, error) {
	if err := cmp.Or(ctx.Err(), CheckID(incident)); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.kept[incident].Clone(), nil
}

// Save implements Store.
func (m *Memory) Save(ctx context.Context, i *Incident) error {
	if err := cmp.Or(ctx.Err(), CheckID(i.ID)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.kept[i.ID]
	if i.Revision != old.revision() {
		return ErrConflict
	}
	i.Revision++
	m.saves++
	m.kept[i.ID] = kept{i.Clone(), m.saves}
	m.move(old.Incident, i)
	return nil
}

// move puts an incident on its shelf; old is what it was, nil for nothing.
func (m *Memory) move(old, i *Incident) {
	if old != nil {
		delete(m.shelves[old.Shelf()], i.ID)
	}
	if m.shelves[i.Shelf()] == nil {
		m.shelves[i.Shelf()] = map[string]struct{}{}
	}
	m.shelves[i.Shelf()][i.ID] = struct{}{}
}

func (k kept) revision() int64 {
	if k.Incident == nil {
		return 0
	}
	return k.Revision
}

// List implements Store. It gives what was there when it was asked, whatever
// is saved meanwhile.
func (m *Memory) List(ctx context.Context, s Shelf) iter.Seq2[*Incident, error] {
	return func(yield func(*Incident, error) bool) {
		for _, k := range m.shelf(s) {
			if err := ctx.Err(); err != nil {
				break
			}
			if !yield(k.Clone(), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// shelf is what is on a shelf, saved last first.
func (m *Memory) shelf(s Shelf) []kept {
	m.mu.RLock()
	defer m.mu.RUnlock()
	all := make([]kept, 0, len(m.shelves[s]))
	for id := range maps.Keys(m.shelves[s]) {
		all = append(all, m.kept[id])
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Compare(b.save, a.save) })
	return all
}

// Take implements Store.
func (m *Memory) Take(ctx context.Context, name string, window time.Time, limit int) (bool, error) {
	if err := cmp.Or(ctx.Err(), CheckID(name)); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p := permit{name, window.Round(0).UTC()}
	if m.permits[p] >= limit {
		return false, nil
	}
	m.permits[p]++
	return true, nil
}
