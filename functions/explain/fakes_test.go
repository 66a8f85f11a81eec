package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

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

func (a *fakeAccount) Alias(context.Context, string) string { return "acme-prod" }

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
	thread   string // what it calls its messages
	reports  []*report.Report
	followed []*report.Report
}

func (n *fakeNotifier) Notify(_ context.Context, notice *notify.Notice, thread string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case notice.Kind == notify.Evidence:
		n.followed = append(n.followed, notice.Report)
	case n.err == nil || errors.As(n.err, new(*notify.Incomplete)):
		n.reports = append(n.reports, notice.Report)
	}
	return n.thread, n.err
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
