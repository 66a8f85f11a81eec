package slack

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// node is any part of a payload as Slack reads it.
type node struct {
	Type     string
	Text     json.RawMessage // a string, or a text object
	URL      string
	Fallback string
	Elements []node
}

// string is the text of an element, or of the text object of a block.
func (n node) string() string {
	var s string
	var object struct{ Text string }
	if json.Unmarshal(n.Text, &s) != nil && json.Unmarshal(n.Text, &object) == nil {
		return object.Text
	}
	return s
}

// walk visits n and all that is in it.
func (n node) walk(visit func(node)) {
	visit(n)
	for _, e := range n.Elements {
		e.walk(visit)
	}
}

// shown is what a reader sees of n.
func (n node) shown() string {
	var b strings.Builder
	n.walk(func(n node) { b.WriteString(n.string() + n.Fallback) })
	return b.String()
}

// payload is an encoded message, read back.
type payload struct {
	size   int
	Text   string
	Parse  string
	Blocks []node
}

func read(t *testing.T, m *slack.WebhookMessage) (p payload) {
	t.Helper()
	raw, err := encode(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	p.size = len(raw)
	return p
}

func (p payload) walk(visit func(node)) {
	for _, b := range p.Blocks {
		b.walk(visit)
	}
}

// shown is what a reader sees, a line for each block.
func (p payload) shown() string {
	var b strings.Builder
	for _, block := range p.Blocks {
		b.WriteString(block.shown() + "\n")
	}
	return b.String()
}

// everyMessage is all that is sent for n: to a webhook, by a bot, and as a reply.
func everyMessage(n *notify.Notice) map[string]*slack.WebhookMessage {
	all := map[string]*slack.WebhookMessage{}
	for name, d := range map[string]destination{"webhook": byWebhook, "bot": inChannel, "thread": inThread} {
		for i, m := range messages(n, d) {
			all[fmt.Sprint(name, " ", i)] = m
		}
	}
	return all
}

// eachMessage runs f for every message of every notice, and of a report in
// which everything occurs many times.
func eachMessage(t *testing.T, f func(t *testing.T, p payload)) {
	t.Helper()
	notices := notifytest.Notices()
	for name, r := range notifytest.Samples(t) {
		notices["sample "+name] = notify.ForReport(r)
	}
	for name, value := range notifytest.Hostile {
		value = notify.Cut(value, 3000, "")
		for _, kind := range []notify.Kind{notify.Alert, notify.Provider, notify.Evidence, notify.Answer} {
			n := notifytest.Notice(kind, value)
			n.Report = much(value)
			notices["much "+string(kind)+" "+name] = n
		}
	}
	for i, n := range append(notifytest.Story(t), notifytest.Others(t)...) {
		notices[fmt.Sprint("story ", i)] = n
	}
	for name, n := range notices {
		for kind, m := range everyMessage(n) {
			t.Run(name+"/"+kind, func(t *testing.T) { f(t, read(t, m)) })
		}
	}
}

// much is a report of a caller that is known, with a lot of everything and s
// wherever somebody else writes.
func much(s string) *report.Report {
	r := notifytest.Report(s)
	r.Caller = report.Undetermined
	policy, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{}, "Id": s})
	var changed bytes.Buffer
	json.Indent(&changed, policy, "", "  ")
	f := &r.Findings[0]
	f.Fixes = append(f.Fixes, report.Fix{Message: "change " + s, Target: report.TrustPolicy, Policy: changed.String(), Admits: s})
	slices.Reverse(f.Fixes)
	r.FixedTrustPolicy, r.FixedText = policy, changed.String()
	for range 30 {
		r.Findings = append(r.Findings, *f)
		r.Changes = append(r.Changes, report.Change{Time: time.Unix(1, 0), Name: s, By: s, Via: s, Effect: s})
		r.Gaps = append(r.Gaps, report.Gap{What: s, Why: s + fmt.Sprint(len(r.Gaps))})
	}
	return r
}

// Whatever others wrote, a message keeps Slack's limits, and it can do nothing.
func TestMessagesStandHostileText(t *testing.T) {
	eachMessage(t, func(t *testing.T, p payload) {
		checkLimits(t, p)
		checkHarmless(t, p)
		checkFallback(t, p)
	})
}

func checkLimits(t *testing.T, p payload) {
	t.Helper()
	if p.size >= 10_000 || len(p.Blocks) > 50 || len(p.Blocks) == 0 {
		t.Errorf("%d bytes in %d blocks", p.size, len(p.Blocks))
	}
	if p.Text == "" || utf8.RuneCountInString(p.Text) > 200 {
		t.Errorf("fallback of %d characters", utf8.RuneCountInString(p.Text))
	}
	p.walk(func(n node) {
		text := n.string()
		switch length := utf8.RuneCountInString(text); {
		case n.Type == "header" && (length == 0 || length > 150):
			t.Errorf("header of %d characters", length)
		case n.Type == "text" && length == 0, n.Type == "link" && length == 0:
			t.Errorf("%s without text", n.Type)
		case strings.HasPrefix(n.Type, "rich_text") && len(n.Elements) == 0:
			t.Errorf("%s without elements", n.Type)
		case len(n.URL) > 3000:
			t.Errorf("link of %d characters", len(n.URL))
		}
		notifytest.Printable(t, text)
	})
}

// takenAsItIs are the types of which Slack interprets no text.
var takenAsItIs = []string{
	"header", "rich_text", "rich_text_section", "rich_text_quote", "rich_text_list",
	"rich_text_preformatted", "text", "link", "date",
}

// checkHarmless: what others wrote stands in rich text and in plain text alone,
// of which Slack takes every character as it is.
func checkHarmless(t *testing.T, p payload) {
	t.Helper()
	if strings.ContainsAny(p.Text, "<>\n") || p.Parse != "none" {
		t.Errorf("fallback %q, parse %q", p.Text, p.Parse)
	}
	p.walk(func(n node) {
		if !slices.Contains(takenAsItIs, n.Type) {
			t.Errorf("a %q", n.Type)
		}
		if n.Type == "header" && (strings.ContainsAny(n.string(), "<>\n") || !bytes.Contains(n.Text, []byte(`"emoji":false`))) {
			t.Errorf("header %s", n.Text)
		}
		if u, err := url.Parse(n.URL); err != nil || (n.URL != "" && u.Host != "github.com" && !strings.HasSuffix(u.Host, "console.aws.amazon.com")) {
			t.Errorf("a link to %q", n.URL)
		}
	})
}

// messageOf is the alert about r.
func messageOf(r *report.Report, d destination) *slack.WebhookMessage {
	return alert(notify.ForReport(r), d)[0]
}

func TestMessageIsInTheOrderOfTheNight(t *testing.T) {
	r := notifytest.Samples(t)["subject-mismatch"]
	for _, d := range []destination{byWebhook, inChannel} {
		shown, at := read(t, messageOf(r, d)).shown(), 0
		for _, piece := range []string{
			"🔴 repo acme/api (GitHub Actions) could not assume role deploy in 111122223333\n",
			"Who  repo:acme/api:environment:production", "What  arn:aws:iam::111122223333:role/ci/deploy",
			"When  2026-03-02 09:12:44 UTC", "eu-west-1", "AccessDenied",
			"Why (certain): ", "subject-mismatch", "expected  ", "\nactual    ", "^^^",
			"Change to make: ", "\n+", "Changed", "Could not be seen",
			"Role  ·  CloudTrail event  ·  About subject-mismatch",
		} {
			i := strings.Index(shown[at:], piece)
			if i < 0 {
				t.Fatalf("%q is not behind what comes before it:\n%s", piece, shown)
			}
			at += i + len(piece)
		}
	}
}

// The difference stands under the two values, in whatever columns they are.
func TestExpectedStandsOverActual(t *testing.T) {
	const want = `expected  repo:acme/api:ref:refs/heads/main
actual    repo:acme/api:environment:production
                        ^^^^^^^^^^^^^^^^^^^^^^`
	found := false
	read(t, messageOf(notifytest.Samples(t)["subject-mismatch"], byWebhook)).walk(func(n node) {
		found = found || n.Type == "rich_text_preformatted" && n.shown() == want
	})
	if !found {
		t.Errorf("no block of code reads\n%s", want)
	}
}

func TestStrangersDifferAtAGlance(t *testing.T) {
	stranger := notifytest.Samples(t)["stranger"]
	p := read(t, messageOf(stranger, inChannel))
	if !strings.HasPrefix(p.Text, "🛡️ Stranger refused: ") || p.Blocks[0].string() != p.Text {
		t.Errorf("header %q, fallback %q", p.Blocks[0].string(), p.Text)
	}
	if quote := p.Blocks[1].Elements[0]; quote.Type != "rich_text_quote" || !strings.HasPrefix(quote.shown(), "Security: this caller is a stranger") {
		t.Errorf("after the header: %s %q", quote.Type, quote.shown())
	}
	for _, word := range []string{"Change to make", "thread", "update-assume-role-policy", "Repository", "\n+"} {
		if strings.Contains(p.shown(), word) {
			t.Errorf("a stranger's alert says %q", word)
		}
	}
	if replies := details(tell(stranger)); len(replies) > 0 {
		t.Errorf("%d replies for a stranger", len(replies))
	}
}

// What does not fit is said to be elsewhere, and how to get there.
func TestMessagePointsToTheRest(t *testing.T) {
	const event = "e8b7a0f1-7dca-72ed-fe77-5de94880fbc0"
	samples := notifytest.Samples(t)
	command := *samples["subject-mismatch"]
	command.FixedTrustPolicy, command.FixedText = nil, ""
	command.Findings = []report.Finding{{Fixes: []report.Fix{{Message: "run it", Commands: []string{"kubectl delete pod x"}}}}}
	long := command
	long.Findings = []report.Finding{{Fixes: []report.Fix{{Message: "run it", Commands: []string{"echo " + strings.Repeat("x", 500)}}}}}
	nameless := long
	nameless.Event.ID = "$(reboot)"
	for _, tt := range []struct {
		name string
		r    *report.Report
		d    destination
		want string
	}{
		{"a policy, to a webhook", samples["subject-mismatch"], byWebhook, "The whole change, what to run and the Terraform: rolewhy explain --live --event-id " + event},
		{"a policy, by a bot", samples["subject-mismatch"], inChannel, "The whole change, what to run and the Terraform: in the thread"},
		{"a short command", &command, byWebhook, "kubectl delete pod x"},
		{"a long command, to a webhook", &long, byWebhook, "What to run: rolewhy explain --live --event-id " + event},
		{"a long command, by a bot", &long, inChannel, "What to run: in the thread"},
		{"an event without an id", &nameless, byWebhook, "What to run: see rolewhy explain"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if shown := read(t, messageOf(tt.r, tt.d)).shown(); !strings.Contains(shown, tt.want) {
				t.Errorf("%q is not in\n%s", tt.want, shown)
			}
		})
	}
}

func TestDetails(t *testing.T) {
	var got []string
	for _, m := range details(tell(notifytest.Samples(t)["subject-mismatch"])) {
		p := read(t, m)
		first, _, _ := strings.Cut(p.Blocks[0].Elements[1].shown(), " ")
		got = append(got, p.Text+": "+first)
	}
	want := []string{"The change of the trust policy: ---", "To run: aws", "Terraform: assume_role_policy"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// A command that is cut would run, and do something else.
func TestCommandsAreWholeOrNotThere(t *testing.T) {
	s := &story{orders: []string{"echo short", "echo " + strings.Repeat("x", 20_000) + " end"}}
	shown := read(t, details(s)[0]).shown()
	if !strings.Contains(shown, "echo short") || strings.Contains(shown, "xxx") || !strings.HasSuffix(shown, tooLong+"\n") {
		t.Errorf("%.300s", shown)
	}
}

// The payloads for reports alone. Of bots, the goldens have the thread alone:
// their alert differs from that of a webhook in one line.
func TestPayloads(t *testing.T) {
	for name, r := range notifytest.Samples(t) {
		var all bytes.Buffer
		n := notify.ForReport(r)
		laidOut(t, &all, "webhook", payloads(t, n, false))
		laidOut(t, &all, "reply", payloads(t, n, true)[1:])
		notifytest.Golden(t, *update, name+".txt", all.Bytes())
	}
}

func payloads(t *testing.T, n *notify.Notice, threaded bool) [][]byte {
	t.Helper()
	all, err := Messages(n, threaded)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func laidOut(t *testing.T, b *bytes.Buffer, title string, payloads [][]byte) {
	t.Helper()
	for _, raw := range payloads {
		fmt.Fprintf(b, "// %s\n", title)
		if err := json.Indent(b, raw, "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
	}
}

// checkFallback: the first line of a message is what notifications show of it.
func checkFallback(t *testing.T, p payload) {
	t.Helper()
	if p.Blocks[0].Type == "header" && p.Blocks[0].string() != p.Text {
		t.Errorf("fallback %q, header %q", p.Text, p.Blocks[0].string())
	}
}
