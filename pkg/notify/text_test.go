package notify_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(t *testing.T, n *notify.Notice) string {
	t.Helper()
	text, err := notify.Text(n)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever others wrote, texts and titles are printable, titles are one line, and
// lists are short.
func TestTextsStandHostileText(t *testing.T) {
	notifytest.EachNotice(t, func(t *testing.T, n *notify.Notice) {
		text, title := text(t, n), notify.Title(n)
		notifytest.Printable(t, text)
		notifytest.Wordless(t, text)
		if lines := notify.Lines(n, 5); len(lines) > 40 {
			t.Errorf("%d lines", len(lines))
		}
		notifytest.Printable(t, title)
		if strings.Contains(title, "\n") || notify.Sign(n) == "" {
			t.Errorf("sign %q, title %.200q", notify.Sign(n), title)
		}
	})
}

// The life of an incident as people read it in their mails.
func TestTexts(t *testing.T) {
	for name, notices := range map[string][]*notify.Notice{"story": notifytest.Story(t), "others": notifytest.Others(t)} {
		var all strings.Builder
		for _, n := range notices {
			if n.Kind != notify.Evidence && n.Kind != notify.Alert { // which are reports alone
				fmt.Fprintf(&all, "--- %s: %s %s\n%s\n", n.Kind, notify.Sign(n), notify.Title(n), text(t, n))
			}
		}
		notifytest.Golden(t, *update, name+".txt", []byte(all.String()))
	}
}

func TestAlertIsItsReport(t *testing.T) {
	r := notifytest.Samples(t)["two-causes"]
	var want strings.Builder
	if err := report.Text(&want, r, report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := text(t, notify.ForReport(r)); got != want.String() {
		t.Errorf("got %s\nwant %s", got, want.String())
	}
}

func TestSigns(t *testing.T) {
	for _, tt := range []struct {
		kind    notify.Kind
		verdict report.Verdict
		caller  report.Caller
		sign    string
	}{
		{notify.Alert, report.Explained, report.Known, "🔴"},
		{notify.Alert, report.Explained, report.Undetermined, "🔴"},
		{notify.Alert, report.Unexplained, report.Known, "❔"},
		{notify.Alert, report.AllowedNow, report.Known, "🟢"},
		{notify.Alert, report.NotADenial, report.Known, "🟢"},
		{notify.Alert, report.AllowedNow, report.Stranger, "🛡️"},
		{notify.Back, report.Unexplained, report.Stranger, "🛡️"},
		{notify.Answer, report.AllowedNow, report.Known, "🟢"},
		{notify.Answer, report.Explained, report.Known, "🔴"},
		{notify.Answer, report.Unexplained, report.Known, "❔"},
		{notify.Update, "", "", "🔴"},
		{notify.Over, "", "", "✅"},
		{notify.Digest, "", "", "📋"},
		{notify.Security, "", "", "🛡️"},
	} {
		n := &notify.Notice{Kind: tt.kind}
		if tt.verdict != "" {
			n.Report = &report.Report{Verdict: tt.verdict, Caller: tt.caller}
		}
		if got := notify.Sign(n); got != tt.sign {
			t.Errorf("%s: %s of a caller %s: %q, want %q", tt.kind, tt.verdict, tt.caller, got, tt.sign)
		}
	}
}

func TestStandingOfRoles(t *testing.T) {
	for _, tt := range []struct {
		allowed []bool
		want    notify.Standing
	}{
		{[]bool{true, true}, notify.Allowed},
		{[]bool{true, false}, notify.Mixed},
		{[]bool{false, false}, notify.Denied},
		{nil, notify.Unclear},
	} {
		n := &notify.Notice{Kind: notify.Answer}
		for _, a := range tt.allowed {
			n.Roles = append(n.Roles, notify.RoleState{Allowed: a})
		}
		if got := n.Standing(); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.allowed, got, tt.want)
		}
	}
}

// What a notice lacks is an error before anything is sent.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		notice notify.Notice
		err    string
	}{
		{notify.Notice{ID: "i", Kind: notify.Alert}, `notice "i" of kind alert has no report`},
		{notify.Notice{Kind: notify.Back}, "has no report"},
		{notify.Notice{Kind: notify.Evidence}, "has no report"},
		{notify.Notice{Kind: notify.Digest}, "has no summary"},
		{notify.Notice{Kind: notify.Security}, "has no summary"},
		{notify.Notice{ID: "i", Kind: "rumour"}, `notice "i" is of the unknown kind "rumour"`},
		{notify.Notice{Kind: notify.Update}, ""},
		{notify.Notice{Kind: notify.Answer}, ""},
	} {
		err := tt.notice.Check()
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v, want %q", tt.notice.Kind, err, tt.err)
		}
	}
	for _, kind := range notifytest.Kinds {
		if err := notifytest.Notice(kind, "x").Check(); err != nil {
			t.Error(err)
		}
	}
}

// How long an incident lasted is told in the two largest units.
func TestOverTellsHowLongItLasted(t *testing.T) {
	for _, tt := range []struct {
		lasted time.Duration
		want   string
	}{
		{10 * time.Second, "less than a minute"},
		{time.Minute, "1 minute"},
		{44 * time.Minute, "44 minutes"},
		{time.Hour, "1 hour"},
		{3*time.Hour + 20*time.Minute, "3 hours and 20 minutes"},
		{25*time.Hour + 3*time.Minute, "1 day and 1 hour"},
		{49*time.Hour + 59*time.Minute, "2 days and 1 hour"},
		{48*time.Hour + 10*time.Minute, "2 days"},
	} {
		first := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
		n := &notify.Notice{Kind: notify.Over, Since: first.Add(tt.lasted), Incident: notify.Incident{First: first, Last: first, Count: 1}}
		if got := text(t, n); !strings.Contains(got, "It lasted "+tt.want+": 1 denial from") {
			t.Errorf("%s: %s", tt.lasted, got)
		}
	}
}

func TestTextKeepsItsWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zé]{1,20}`)).Draw(t, "words")
		line := notify.Line{Item: true, Pieces: []notify.Piece{{Text: strings.Join(words, " ")}}}
		for l := range strings.Lines(notify.TextOf([]notify.Line{line})) {
			if n := len([]rune(strings.TrimSuffix(l, "\n"))); n > 80 {
				t.Errorf("%d columns: %q", n, l)
			}
		}
		if got := strings.Fields(notify.TextOf([]notify.Line{line})); strings.Join(got[1:], " ") != strings.Join(words, " ") {
			t.Errorf("words %q came out as %q", words, got)
		}
	})
}
