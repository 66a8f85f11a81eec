package incident_test

import (
	"fmt"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// posting is a message that a channel took, whether or not the sender came to
// know.
type posting struct {
	at      time.Time
	channel operation
	notice  notify.Notice // without its report
	verdict report.Verdict
	thread  string // in which it is a reply, "" where it begins one
	name    string // what the channel calls it
	by      *execution
	lost    bool // the sender got an error
}

// ledger is everything that people can see.
type ledger struct {
	clock    *clock
	mu       sync.Mutex
	postings []posting
}

// post takes a message, and returns what it is called.
func (l *ledger) post(channel operation, n *notify.Notice, thread string, by *execution, lost error) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := posting{at: l.clock.now(), channel: channel, notice: *n, thread: thread, by: by, lost: lost != nil}
	if n.Report != nil {
		p.verdict, p.notice.Report = n.Report.Verdict, nil
	}
	if channel == slack {
		p.name = fmt.Sprintf("message-%d", len(l.postings))
	}
	by.sent++
	l.postings = append(l.postings, p)
	return p.name
}
