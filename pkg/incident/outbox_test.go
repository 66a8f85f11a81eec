package incident

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// taken are the outcomes of channels that take a notice, in a thread of their
// name.
func taken(names ...string) (all []notify.Outcome) {
	for _, n := range names {
		all = append(all, notify.Outcome{Channel: n, Thread: "thread of " + n})
	}
	return all
}

var errDown = errors.New("down")

func refused(name string) notify.Outcome { return notify.Outcome{Channel: name, Err: errDown} }

func TestTellIsLimitedByTheDay(t *testing.T) {
	i := &Incident{ID: "i"}
	kinds := []notify.Kind{
		notify.Alert, notify.Update, notify.Update, notify.Update, notify.Update, notify.Update, notify.Answer,
		notify.Evidence, notify.Over, notify.Back, notify.Answer, notify.Digest,
	}
	told := []bool{true, true, true, true, true, false, true, false, true, false, true, true}
	for n, k := range kinds {
		if got := i.tell(after(0, "a"), Message{Kind: k}); got != told[n] {
			t.Errorf("message %d, %s: told %t", n, k, got)
		}
	}
	if i.Told.Count != 6 || i.Told.Withheld != 3 {
		t.Errorf("told %+v", i.Told)
	}
	if !i.tell(after(12*time.Hour, "a"), Message{Kind: notify.Update}) || i.Told.Withheld != 0 {
		t.Error("the next day begins with nothing told")
	}
}

// A return that the limit of the day kept back is told when the next begins, if
// the call still fails; the digest of that day counts it.
func TestReturnsWaitForTheNextDay(t *testing.T) {
	failing := func() *Incident {
		i := over()
		i.Told = Told{Day: noon.Format(time.DateOnly), Count: 6}
		i.denied(after(time.Hour, "a"), denialAt(time.Hour))
		return i
	}
	i := failing()
	if len(i.Outbox) > 0 || i.Announced || i.Owed == nil || i.owes(after(11*time.Hour, "b")) {
		t.Fatalf("%+v", i)
	}
	midnight := after(12*time.Hour, "b")
	if !i.Clone().owes(midnight) || !i.resume(midnight) {
		t.Fatal("it is not told")
	}
	m := i.Outbox[0]
	if m.Kind != notify.Back || !m.Since.Equal(noon.Add(10*time.Minute)) || i.Owed != nil || i.owes(midnight) {
		t.Errorf("%+v", m)
	}
	if n := i.Told.withheldBefore(midnight.now); n != 1 {
		t.Errorf("%d withheld", n)
	}
	if n := i.Told.withheldBefore(midnight.now.AddDate(0, 0, 1)); n != 0 {
		t.Errorf("%d withheld on the day of the message", n)
	}
	i = failing()
	i.end(after(2*time.Hour, "c"), Over, noon.Add(time.Hour), "a call succeeded")
	if i.owes(midnight) || len(i.Outbox) > 0 {
		t.Errorf("it is over, and told: %+v", i.Outbox)
	}
	i = failing()
	midnight.rules.rules = []Rule{{Role: "*", Until: midnight.now.Add(time.Hour), Why: "test"}}
	if i.resume(midnight); len(i.Outbox) > 0 || i.Rule == "" {
		t.Errorf("a rule keeps it quiet: %+v, rule %q", i.Outbox, i.Rule)
	}
}

// So is the end of what people take for open.
func TestEndsWaitForTheNextDay(t *testing.T) {
	i := opened()
	i.Told = Told{Day: noon.Format(time.DateOnly), Count: 6}
	i.end(after(time.Hour, "a"), Over, noon.Add(30*time.Minute), "a call succeeded")
	if len(i.Outbox) > 0 || i.Shelf() != Active {
		t.Fatalf("%+v", i)
	}
	i.denied(after(2*time.Hour, "b"), denialAt(2*time.Hour))
	i.end(after(3*time.Hour, "c"), Over, noon.Add(150*time.Minute), "a call succeeded")
	midnight := after(12*time.Hour, "d")
	if !i.resume(midnight) || len(i.Outbox) != 1 || i.Owed != nil {
		t.Fatalf("outbox %+v, owed %+v", i.Outbox, i.Owed)
	}
	if m := i.Outbox[0]; m.Kind != notify.Over || !m.Since.Equal(noon.Add(150*time.Minute)) {
		t.Errorf("%+v", m)
	}
}

func TestMessagesAreNamedInTheirOrder(t *testing.T) {
	i := &Incident{ID: "i"}
	for range MostOutbox + 3 {
		i.tell(after(0, "a"), Message{Kind: notify.Answer})
	}
	if len(i.Outbox) != MostOutbox || i.Outbox[0].ID != "i-4" || i.Outbox[MostOutbox-1].ID != "i-23" || len(i.Story) != 3 {
		t.Errorf("%d messages from %s, story %v", len(i.Outbox), i.Outbox[0].ID, i.Story)
	}
}

// Nobody sends what somebody else is sending, unless that takes too long.
func TestClaim(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Message)
		when   time.Duration
		want   bool
	}{
		{"held by another", func(*Message) {}, 89 * time.Second, false},
		{"held for too long", func(*Message) {}, 90 * time.Second, true},
		{"given back", func(m *Message) { m.Claimed, m.By = time.Time{}, "" }, time.Second, true},
		{"to be tried later", func(m *Message) { m.Claimed, m.Again = time.Time{}, noon.Add(time.Minute) }, time.Second, false},
		{"to be tried now", func(m *Message) { m.Claimed, m.Again = time.Time{}, noon.Add(time.Minute) }, time.Minute, true},
		{"for nobody any more", func(m *Message) { m.Claimed, m.Channels = time.Time{}, nil }, 0, true},
		{"without hope", func(m *Message) { m.Claimed = time.Time{} }, 73 * time.Hour, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := &Incident{ID: "i"}
			i.tell(after(0, "a"), Message{Kind: notify.Alert})
			tt.change(&i.Outbox[0])
			if got := i.claim(after(tt.when, "b")); got != tt.want {
				t.Fatalf("claimed: %t", got)
			}
			if hopeless := tt.when > keepTrying; i.holds("b") != (tt.want && !hopeless) || hopeless != (len(i.Outbox) == 0) {
				t.Errorf("outbox %+v", i.Outbox)
			}
		})
	}
}

// What a channel lacks is sent before what came later.
func TestClaimKeepsTheOrder(t *testing.T) {
	i := &Incident{ID: "i"}
	i.tell(after(0, "a"), Message{Kind: notify.Alert})
	i.settle(after(0, "a"), "i-1", []notify.Outcome{taken("sns")[0], refused("slack")})
	i.tell(after(time.Second, "b"), Message{Kind: notify.Answer})
	if got := i.unblocked(1, "b"); !slices.Equal(got, []string{"sns"}) {
		t.Errorf("the answer can go to %v", got)
	}
	i.settle(after(time.Second, "b"), "i-2", taken("sns"))
	if i.claim(after(10*time.Second, "c")) {
		t.Error("the answer came before the alert")
	}
	if !i.claim(after(2*time.Minute, "c")) || i.Outbox[0].By != "c" || i.Outbox[1].By != "c" {
		t.Errorf("outbox %+v", i.Outbox)
	}
}

func TestSettle(t *testing.T) {
	for _, tt := range []struct {
		name     string
		by       string
		outcomes []notify.Outcome
		left     []string
		threads  int
		free     bool
		again    time.Duration // from the end of the try
		tries    int
	}{
		{"all took it", "a", taken("slack", "sns"), nil, 2, false, 0, 0},
		{"one refused", "a", []notify.Outcome{refused("slack"), taken("sns")[0]}, []string{"slack"}, 1, true, 20 * time.Second, 1},
		{"taken in part", "a", []notify.Outcome{{Channel: "slack", Thread: "x", Err: &notify.Incomplete{Err: errDown}}, refused("sns")}, []string{"sns"}, 1, true, 20 * time.Second, 1},
		{"nothing tried", "a", nil, []string{"slack", "sns"}, 0, true, 0, 0},
		{"another has taken over", "late", taken("slack"), []string{"sns"}, 1, false, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := &Incident{ID: "i"}
			i.tell(after(0, "a"), Message{Kind: notify.Alert})
			i.settle(after(time.Second, tt.by), "i-1", tt.outcomes)
			var left []string
			for _, m := range i.Outbox {
				left = m.Channels
				if m.Claimed.IsZero() != tt.free || m.Tries != tt.tries || tt.again > 0 && !m.Again.Equal(noon.Add(time.Second+tt.again)) {
					t.Errorf("message %+v", m)
				}
			}
			if !slices.Equal(left, tt.left) || len(i.Threads) != tt.threads {
				t.Errorf("left %v, threads %v", left, i.Threads)
			}
		})
	}
}

func TestTheFirstThreadStays(t *testing.T) {
	i := &Incident{ID: "i", Threads: map[string]string{"slack": "first"}}
	i.thread(notify.Outcome{Channel: "slack", Thread: "second"})
	digest := &Incident{ID: DigestID, Kind: Digest}
	digest.thread(notify.Outcome{Channel: "slack", Thread: "x"})
	if i.Threads["slack"] != "first" || digest.Threads != nil {
		t.Errorf("threads %v and %v", i.Threads, digest.Threads)
	}
}

func TestPostpone(t *testing.T) {
	i := &Incident{ID: "i"}
	i.tell(after(0, "a"), Message{Kind: notify.Alert})
	if i.postpone(after(0, "b"), "i-1") {
		t.Error("another took the message away")
	}
	if !i.postpone(after(0, "a"), "i-1") || i.Waits.IsZero() || i.Announced || i.Told.Count != 0 || i.Shelf() != Active {
		t.Errorf("incident %+v", i)
	}
	if i.postpone(after(0, "a"), "i-1") {
		t.Error("it was taken away twice")
	}
}

// Whatever fails and whoever is killed, every message reaches every channel,
// each channel in the order of the messages.
func TestOutboxLosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		i, got := &Incident{ID: "i"}, map[string][]string{}
		told, now := 0, time.Duration(0)
		send := func(by string, odds int) {
			for _, m := range slices.Clone(i.Outbox) {
				if m.By != by {
					continue
				}
				n := slices.IndexFunc(i.Outbox, func(o Message) bool { return o.ID == m.ID })
				var outcomes []notify.Outcome
				for _, c := range i.unblocked(n, "nobody") {
					if rapid.IntRange(1, 100).Draw(rt, "luck") <= odds {
						outcomes = append(outcomes, refused(c))
						continue
					}
					outcomes = append(outcomes, taken(c)...)
					got[c] = append(got[c], m.ID)
				}
				i.settle(after(now, by), m.ID, outcomes)
			}
		}
		for step := range rapid.IntRange(1, 30).Draw(rt, "steps") {
			by := fmt.Sprint("turn ", step)
			now += time.Duration(rapid.IntRange(0, 200).Draw(rt, "seconds")) * time.Second
			if rapid.Bool().Draw(rt, "tell") && len(i.Outbox) < MostOutbox {
				i.tell(after(now, by), Message{Kind: notify.Answer})
				told++
			} else {
				i.claim(after(now, by))
			}
			if rapid.Bool().Draw(rt, "survives") {
				send(by, 40)
			}
		}
		for range 2 * MostOutbox {
			now += time.Hour
			i.claim(after(now, "last"))
			send("last", 0)
		}
		for _, c := range []string{"slack", "sns"} {
			if len(got[c]) != told || !slices.IsSortedFunc(got[c], byNumber) {
				rt.Fatalf("%s has %v of %d messages", c, got[c], told)
			}
		}
	})
}

func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return slices.Compare([]byte(a), []byte(b))
}

// Digests stand by themselves: one that is stuck keeps no other back.
func TestDigestsWaitForNoOther(t *testing.T) {
	g := &Incident{ID: DigestID, Kind: Digest}
	g.tell(after(0, "killed"), Message{Kind: notify.Digest})
	g.tell(after(time.Second, "b"), Message{Kind: notify.Digest})
	if got := g.unblocked(1, "b"); len(got) != 2 {
		t.Errorf("the second digest can go to %v", got)
	}
}
