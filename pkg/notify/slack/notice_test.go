package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
)

// sent is a notice with what the bot posts for it, as deploy/scripts/slack-picture
// draws it.
type sent struct {
	Kind     notify.Kind       `json:"kind"`
	At       time.Time         `json:"at"`
	Messages []json.RawMessage `json:"messages"`
}

// sentAt is how long after the denial each notice of the story is sent.
var sentAt = []time.Duration{
	6 * time.Second, 20 * time.Second, 15 * time.Minute, 30*time.Minute + 12*time.Second,
	41*time.Minute + 9*time.Second, 46 * time.Minute, 31 * 24 * time.Hour,
}

// The thread of one incident, whose pictures are in the documentation.
func TestThreadOfAnIncident(t *testing.T) {
	var thread []sent
	for i, n := range notifytest.Story(t) {
		s := sent{Kind: n.Kind, At: n.Incident.First.Add(sentAt[i])}
		for _, raw := range payloads(t, n, true) {
			s.Messages = append(s.Messages, raw)
		}
		thread = append(thread, s)
	}
	raw, err := json.MarshalIndent(thread, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	notifytest.Golden(t, *update, "thread.json", append(raw, '\n'))
}

// Every kind of notice as people read it, by webhook and in the thread.
func TestNotices(t *testing.T) {
	for _, threaded := range []bool{false, true} {
		var all strings.Builder
		for _, n := range append(notifytest.Story(t), notifytest.Others(t)...) {
			for i, raw := range payloads(t, n, threaded) {
				var p payload
				if err := json.Unmarshal(raw, &p); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&all, "--- %s %d: %s\n%s\n", n.Kind, i, p.Text, p.outline())
			}
		}
		notifytest.Golden(t, *update, map[bool]string{false: "webhook", true: "bot"}[threaded]+".notices.txt", []byte(all.String()))
	}
}

// outline is what a reader sees, a line for each part and item.
func (p payload) outline() string {
	var b strings.Builder
	for _, block := range p.Blocks {
		if len(block.Elements) == 0 {
			b.WriteString("# " + block.shown() + "\n")
		}
		for _, part := range block.Elements {
			if part.Type != "rich_text_list" {
				b.WriteString(part.shown() + "\n")
				continue
			}
			for _, item := range part.Elements {
				b.WriteString("- " + item.shown() + "\n")
			}
		}
	}
	return b.String()
}

// Where a bot puts a notice, and what it calls the thread from then on.
func TestBotKeepsTheThread(t *testing.T) {
	const old, begun = "1780000000.000001", "1790000000.000001"
	for _, tt := range []struct {
		kind      notify.Kind
		thread    string
		posted    string // in which thread
		returns   string
		broadcast bool
	}{
		{notify.Alert, "", "", begun, false},
		{notify.Provider, "", "", begun, false},
		{notify.Update, old, old, old, false},
		{notify.Update, "", "", begun, false},
		{notify.Answer, old, old, old, false},
		{notify.Over, old, old, old, false},
		{notify.Back, old, old, old, true},
		{notify.Back, "", "", begun, false},
		{notify.Evidence, old, old, old, false},
		{notify.Digest, old, "", begun, false},
		{notify.Security, old, "", begun, false},
	} {
		t.Run(string(tt.kind)+" "+tt.thread, func(t *testing.T) {
			w := newWorkspace(t)
			b, _ := w.bot(0)
			thread, err := b.Notify(t.Context(), notifytest.Notice(tt.kind, "x"), tt.thread)
			if err != nil || thread != tt.returns {
				t.Errorf("thread %q, error %v; want %q", thread, err, tt.returns)
			}
			if w.posts[0].Thread != tt.posted || w.posts[0].Broadcast != tt.broadcast {
				t.Errorf("in thread %q, broadcast %t", w.posts[0].Thread, w.posts[0].Broadcast)
			}
			for _, p := range w.posts[1:] {
				if p.Thread != tt.returns || p.Broadcast {
					t.Errorf("reply in thread %q, broadcast %t", p.Thread, p.Broadcast)
				}
			}
		})
	}
}

// In a thread, the alert says who and what; elsewhere a header does.
func TestRepliesHaveNoHeader(t *testing.T) {
	for _, kind := range []notify.Kind{notify.Update, notify.Answer, notify.Over} {
		n := notifytest.Notice(kind, "x")
		for _, d := range []destination{byWebhook, inChannel, inThread} {
			blocks := read(t, messages(n, d)[0]).Blocks
			if header := blocks[0].Type == "header"; header == (d == inThread) {
				t.Errorf("%s, destination %d: header %t", kind, d, header)
			}
			if d == inThread && !strings.HasPrefix(blocks[0].shown(), notify.Sign(n)) {
				t.Errorf("%s begins with %.60q", kind, blocks[0].shown())
			}
		}
	}
}

// A stranger's way in is proposed by no notice.
func TestSecurityProposesNothing(t *testing.T) {
	n := notifytest.Others(t)[slices.IndexFunc(notifytest.Others(t), func(n *notify.Notice) bool { return n.Kind == notify.Security })]
	shown := read(t, messages(n, byWebhook)[0]).shown()
	for _, word := range []string{"Change to make", "add ", "rolewhy explain", "update-assume-role-policy"} {
		if strings.Contains(shown, word) {
			t.Errorf("says %q:\n%s", word, shown)
		}
	}
	for _, word := range []string{"812 denials", "40 names", "none got in", "role/ci/deploy", "acme-evil"} {
		if !strings.Contains(shown, word) {
			t.Errorf("does not say %q:\n%s", word, shown)
		}
	}
}

// What lacks something is an error, and nothing is posted.
func TestNoticesThatLackSomething(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	bad := &notify.Notice{Kind: notify.Alert}
	if _, err := b.Notify(t.Context(), bad, ""); err == nil || len(w.posts) != 0 {
		t.Errorf("%d posts, error %v", len(w.posts), err)
	}
	secret, posts := serve(t)
	n, _ := at(secret, 0)
	if _, err := n.Notify(t.Context(), bad, ""); err == nil || *posts != 0 {
		t.Errorf("%d posts, error %v", *posts, err)
	}
	if _, err := Messages(bad, true); err == nil {
		t.Error("messages of a notice without report")
	}
	if _, err := n.Notify(t.Context(), notifytest.Notice(notify.Evidence, "x"), ""); err != nil || *posts != 0 {
		t.Errorf("evidence: %d posts, error %v", *posts, err)
	}
}
