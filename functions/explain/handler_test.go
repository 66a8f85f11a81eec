package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/metrics"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// fakeAccount knows nothing until it has settled; then the role is missing.
type fakeAccount struct {
	diagnose.Account // of the methods that are not replaced below
	news             bool
	settled          int
}

func newAccount(news bool) *fakeAccount {
	return &fakeAccount{Account: unseenAccount{}, news: news}
}

func (a *fakeAccount) Begin(*cloudtrail.Event) {}

func (a *fakeAccount) Settled(context.Context) bool {
	a.settled++
	return a.news
}

func (a *fakeAccount) Role(context.Context, string) diagnose.Known[diagnose.Role] {
	if a.settled > 0 && a.news {
		return diagnose.Missing[diagnose.Role]()
	}
	return diagnose.Unseen[diagnose.Role]("it follows")
}

// unseenAccount knows nothing.
type unseenAccount struct{ diagnose.Account }

func (unseenAccount) Provider(context.Context, string) diagnose.Known[diagnose.Provider] {
	return diagnose.Unseen[diagnose.Provider]("no")
}

func (unseenAccount) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Unseen[[]diagnose.Role]("no")
}

func (unseenAccount) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Unseen[[]diagnose.Provider]("no")
}

func (unseenAccount) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Unseen[[]diagnose.NamedPolicy]("no")
}

func (unseenAccount) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change]("no")
}

// fakeNotifier notes the reports that it takes, and fails with err.
type fakeNotifier struct {
	mu       sync.Mutex
	err      error
	reports  []*report.Report
	followed []*report.Report
}

func (n *fakeNotifier) Notify(_ context.Context, r *report.Report) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.err == nil || errors.As(n.err, new(*notify.Incomplete)) {
		n.reports = append(n.reports, r)
	}
	return n.err
}

func (n *fakeNotifier) Follow(_ context.Context, r *report.Report) error {
	n.followed = append(n.followed, r)
	return n.err
}

// fakeQueue notes what is put into it, and fails with err.
type fakeQueue struct {
	bodies []string
	err    error
}

func (q *fakeQueue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if q.err == nil {
		q.bodies = append(q.bodies, *in.MessageBody)
	}
	return &sqs.SendMessageOutput{}, q.err
}

// bench is a handler with two channels, all of it fake.
type bench struct {
	*handler
	account *fakeAccount
	sns     *fakeNotifier
	slack   *fakeNotifier
	queue   *fakeQueue
	log     *bytes.Buffer
}

func newBench() *bench {
	b := &bench{account: newAccount(false), sns: &fakeNotifier{}, slack: &fakeNotifier{}, queue: &fakeQueue{}, log: &bytes.Buffer{}}
	b.handler = &handler{
		account:  b.account,
		channels: []notify.Channel{{Name: "sns", Notifier: b.sns}, {Name: "slack", Notifier: b.slack}},
		queue:    &queue{b.queue, "https://sqs.eu-west-1.amazonaws.com/111122223333/q"},
		log:      slog.New(slog.NewJSONHandler(b.log, nil)),
		metrics:  metrics.New(io.Discard, "f"),
	}
	return b
}

func (b *bench) reports() string {
	return fmt.Sprintf("sns %d, slack %d, queue %d", len(b.sns.reports), len(b.slack.reports), len(b.queue.bodies))
}

func TestDeliver(t *testing.T) {
	down := errors.New("down")
	for _, tt := range []struct {
		name              string
		sns, slack, queue error
		fails             bool
		want              string
	}{
		{"both take it", nil, nil, nil, false, "sns 1, slack 1, queue 0"},
		{"one takes it", down, nil, nil, false, "sns 0, slack 1, queue 1"},
		{"none takes it", down, down, nil, true, "sns 0, slack 0, queue 0"},
		{"one takes it, and the queue is down", nil, down, down, true, "sns 1, slack 0, queue 0"},
		{"the thread is incomplete", nil, &notify.Incomplete{Err: down}, nil, false, "sns 1, slack 1, queue 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.sns.err, b.slack.err, b.queue.err = tt.sns, tt.slack, tt.queue
			_, err := b.handle(t.Context(), realRecord(t).Raw)
			if (err != nil) != tt.fails || b.reports() != tt.want {
				t.Errorf("%s, error %v; want %s, error %t", b.reports(), err, tt.want, tt.fails)
			}
		})
	}
}

// Trying an event again repeats nothing that was taken, though the queue did
// not take the rest.
func TestRetryWithoutQueueRepeatsNothing(t *testing.T) {
	b := newBench()
	b.handler.queue, b.slack.err = nil, errors.New("down")
	for range 3 {
		if _, err := b.handle(t.Context(), realRecord(t).Raw); err == nil {
			t.Error("no error")
		}
	}
	b.slack.err = nil
	if _, err := b.handle(t.Context(), realRecord(t).Raw); err != nil || b.reports() != "sns 1, slack 1, queue 0" {
		t.Errorf("%s, %v", b.reports(), err)
	}
	// It is over: the same event anew is another delivery.
	if _, err := b.handle(t.Context(), realRecord(t).Raw); err != nil || b.reports() != "sns 2, slack 2, queue 0" {
		t.Errorf("%s, %v", b.reports(), err)
	}
}

// batchOf is an SQS event with these bodies, whose ids are 0, 1, 2...
func batchOf(t *testing.T, bodies ...string) []byte {
	t.Helper()
	var records []map[string]any
	for i, body := range bodies {
		records = append(records, map[string]any{"messageId": fmt.Sprint(i), "eventSource": "aws:sqs", "body": body})
	}
	return must(json.Marshal(map[string]any{"Records": records}))(t)
}

func TestAnswerNamesWhatFailed(t *testing.T) {
	b := newBench()
	good := string(realRecord(t).Raw)
	out, err := b.handle(t.Context(), batchOf(t, good, "hello", good, "{}"))
	check(t, err)
	got := string(must(json.Marshal(out))(t))
	if want := `{"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"}]}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
	out, err = b.handle(t.Context(), batchOf(t, good))
	check(t, err)
	if got := string(must(json.Marshal(out))(t)); got != `{"batchItemFailures":[]}` {
		t.Errorf("answer %s", got)
	}
}

// panicking breaks on one event's role.
type panicking struct{ *fakeAccount }

func (panicking) Begin(ev *cloudtrail.Event) {
	if strings.HasSuffix(ev.RoleARN, "x") {
		panic("boom")
	}
}

// A fault of the program in one message neither ends the process nor fails the
// others.
func TestPanicFailsOneMessage(t *testing.T) {
	b := newBench()
	b.handler.account = panicking{b.account}
	s := realRecord(t)
	role := s.Detail.RequestParameters.RoleARN
	bad := strings.ReplaceAll(string(s.Raw), role, role+"x")
	errs := b.all(t.Context(), b.handler.log, []message{{id: "0", body: []byte(bad)}, {id: "1", body: s.Raw}})
	if errs[0] == nil || errs[1] != nil || !strings.Contains(b.log.String(), "boom") {
		t.Errorf("errors %v, log %s", errs, b.log)
	}
}

// A report that waits goes to the channels that miss it, and back for those
// that still do.
func TestWaitingReport(t *testing.T) {
	b := newBench()
	put := func(channels ...string) string {
		q := &fakeQueue{}
		check(t, (&queue{q, "u"}).put(t.Context(), waiting{Channels: channels, Report: &report.Report{Fingerprint: "f", Event: report.Event{ID: "e"}}}))
		return q.bodies[0]
	}
	for _, tt := range []struct {
		channels []string
		want     string
	}{
		{[]string{"slack"}, "sns 0, slack 1, queue 0"},
		{[]string{"sns", "slack"}, "sns 1, slack 2, queue 0"},
		{[]string{"pager"}, "sns 1, slack 2, queue 0"}, // no longer configured
	} {
		out, err := b.handle(t.Context(), batchOf(t, put(tt.channels...)))
		if got := string(must(json.Marshal(out))(t)); err != nil || b.reports() != tt.want || got != `{"batchItemFailures":[]}` {
			t.Errorf("%s: %s, %s, %v", tt.channels, b.reports(), got, err)
		}
	}
	b.slack.err = errors.New("down")
	_, err := b.handle(t.Context(), batchOf(t, put("sns", "slack")))
	check(t, err)
	w, ok := readWaiting([]byte(b.queue.bodies[0]))
	if !ok || !slices.Equal(w.Channels, []string{"slack"}) || w.Report.Fingerprint != "f" {
		t.Errorf("put back: %s", b.queue.bodies)
	}
}

// Every report of the samples is the same after it was in the queue.
func TestWaitingKeepsReports(t *testing.T) {
	for name, s := range samples(t) {
		if !s.Denied() {
			continue
		}
		want := diagnose.Explain(t.Context(), alone{onPaper{Sample: s}}, must(denied(s.Raw))(t), diagnose.Options{})
		q := &fakeQueue{}
		check(t, (&queue{q, "u"}).put(t.Context(), waiting{Channels: []string{"sns"}, Report: want}))
		w, ok := readWaiting([]byte(q.bodies[0]))
		if !ok {
			t.Fatalf("%s: not read", name)
		}
		if diff := cmp.Diff(text(t, want), text(t, w.Report)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// alone is an account on paper where nothing else is seen.
type alone struct{ onPaper }

func (alone) ResourceControlPolicies(ctx context.Context, account string) diagnose.Known[[]diagnose.NamedPolicy] {
	return unseenAccount{}.ResourceControlPolicies(ctx, account)
}

func (alone) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	return unseenAccount{}.Changes(ctx, role, provider, from, to)
}

func text(t *testing.T, r *report.Report) string {
	t.Helper()
	return must(notify.Text(r))(t)
}

func TestFollowUp(t *testing.T) {
	for _, tt := range []struct {
		name     string
		news     bool
		err      error
		settled  int
		followed int
	}{
		{"news", true, nil, 1, 1},
		{"no news", false, nil, 1, 0},
		{"not sent at all", true, errors.New("down"), 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.channels = b.channels[1:]
			b.account.news, b.slack.err = tt.news, tt.err
			_, _ = b.handle(t.Context(), realRecord(t).Raw)
			if b.account.settled != tt.settled || len(b.slack.followed) != tt.followed {
				t.Errorf("settled %d times, followed up %d times", b.account.settled, len(b.slack.followed))
			}
			for _, r := range b.slack.followed {
				if r.Findings[0].Code != "role-not-found" {
					t.Errorf("followed up with %+v", r.Findings)
				}
			}
		})
	}
}

// plain cannot follow up.
type plain struct{ notify.Notifier }

// Where no channel can add to a message, nothing is waited for.
func TestNoFollowUpWithoutFollower(t *testing.T) {
	b := newBench()
	b.account.news = true
	b.channels = []notify.Channel{{Name: "sns", Notifier: plain{b.sns}}}
	_, err := b.handle(t.Context(), realRecord(t).Raw)
	if check(t, err); b.account.settled != 0 {
		t.Error("waited")
	}
}

func TestPlan(t *testing.T) {
	now := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ left, evidence, send, requeue time.Duration }{
		{60 * time.Second, 28 * time.Second, 56 * time.Second, 59 * time.Second},
		{10 * time.Second, 4 * time.Second, 8 * time.Second, 9500 * time.Millisecond},
		{time.Second, 400 * time.Millisecond, 800 * time.Millisecond, 950 * time.Millisecond},
		{-time.Second, 0, -time.Second, -time.Second},
	} {
		ctx, cancel := context.WithDeadline(t.Context(), now.Add(tt.left))
		want := plan{now.Add(tt.evidence), now.Add(tt.send), now.Add(tt.requeue)}
		if got := newPlan(ctx, now); got != want {
			t.Errorf("%v left: %v, want %v", tt.left, got, want)
		}
		cancel()
	}
	if got := newPlan(t.Context(), now); got != (plan{}) {
		t.Errorf("without a deadline: %v", got)
	}
	ctx, cancel := until(t.Context(), time.Time{})
	defer cancel()
	if _, limited := ctx.Deadline(); limited {
		t.Error("no limit is one")
	}
}

func TestLeftoversAreBounded(t *testing.T) {
	var l leftovers
	for i := range 3 * maxLeftovers {
		l.remember(fmt.Sprint(i), []string{"sns"})
	}
	if len(l.channels) > maxLeftovers {
		t.Errorf("%d kept", len(l.channels))
	}
	l.remember("", []string{"sns"})
	if got := l.of("", []string{"all"}); got[0] != "all" {
		t.Error("an event without id is remembered")
	}
}
