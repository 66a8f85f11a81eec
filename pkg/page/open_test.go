package page

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

func TestPageOpensFromDisk(t *testing.T) {
	r := pagetest.Scan(reports(t))
	p := open(t, scanPage(t, r), "")
	if want := fmt.Sprintf("%d incidents, %s denied calls", len(r.Incidents), number(r.Denials)); p.hits() != want {
		t.Errorf("says %q, want %q", p.hits(), want)
	}
	if got := p.count("#timeline svg path"); got != 2 {
		t.Errorf("the timeline has %d paths", got)
	}
	if got := p.text(".facet-standing .note"); !strings.Contains(got, r.Scanned.Format(time.DateOnly)) {
		t.Errorf("the standings are %q", got)
	}
	if got := p.text("#items .cause .code"); got == "" {
		t.Error("the first incident names no cause")
	}
}

// That strangers are denied is right: it is not marked as what still fails.
func TestStrangersAreNotMarkedAsFailing(t *testing.T) {
	r := denied("111122223333", "111122223333")
	r.Incidents[1].Report.Caller = report.Stranger
	p := open(t, scanPage(t, r), "")
	if got := p.texts(".failing .first"); len(got) != 1 || got[0] != "still failing" {
		t.Errorf("marked as failing: %q", got)
	}
	if got := p.texts(".rightly .first"); len(got) != 1 || got[0] != "denied rightly" {
		t.Errorf("marked as right: %q", got)
	}
}

func TestPagesWithoutAnything(t *testing.T) {
	for name, page := range map[string]string{"scan": scanPage(t, &scan.Result{}), "audit": auditPage(t, &audit.Result{})} {
		p := open(t, page, "")
		if got := p.text("#items"); got != "Nothing was found." {
			t.Errorf("%s says %q", name, got)
		}
	}
}

func TestAnIncidentWithoutAReportIsShown(t *testing.T) {
	p := open(t, scanPage(t, &scan.Result{Incidents: []scan.Incident{{Fingerprint: "x", Count: 1}}}), "open=x")
	if got := p.text("#items"); !strings.Contains(got, "unexplained") {
		t.Errorf("says %q", got)
	}
}

func TestAnIncidentOpensByMouse(t *testing.T) {
	p := open(t, sampleScan(t), "")
	p.click("#row-0")
	body := p.text("#body-0")
	for _, want := range []string{"Why", "Expected", "Actual", "In the policy: line ", "What to change", "+++ trust policy, fixed", "aws iam update-assume-role-policy", "Terraform", "Could not be seen", "The call"} {
		if !strings.Contains(body, want) {
			t.Errorf("the explanation lacks %q:\n%s", want, body)
		}
	}
	if !strings.Contains(p.fragment(), "open=") {
		t.Errorf("the address is %q", p.fragment())
	}
	p.click("#row-0")
	if p.opened() != 0 || p.text("#body-0") != "" {
		t.Error("the incident does not close")
	}
}

func TestIncidentsOpenByKeyboard(t *testing.T) {
	p := open(t, sampleScan(t), "")
	focused := func() string { return eval[string](p, `document.activeElement.id`) }
	p.do(chromedp.Focus(chromedp.CSS("#row-0")))
	for _, step := range []struct {
		key, name string
		focused   string
		opened    int
	}{
		{kb.ArrowDown, "down", "row-1", 0},
		{kb.Enter, "enter", "row-1", 1},
		{kb.ArrowDown, "down", "row-2", 1},
		{" ", "space", "row-2", 2},
		{kb.Escape, "escape", "row-2", 1},
		{kb.ArrowUp, "up", "row-1", 1},
		{kb.Tab, "into the explanation", "", 1},
		{kb.Escape, "escape from within", "row-1", 0},
		{kb.End, "end of the piece that is shown", "row-49", 0},
		{kb.ArrowDown, "down at the end", "row-49", 0},
		{kb.Home, "home", "row-0", 0},
	} {
		p.press(step.key)
		if focused() != step.focused || p.opened() != step.opened {
			t.Errorf("%s: at %q with %d open, want %q and %d", step.name, focused(), p.opened(), step.focused, step.opened)
		}
	}
}

// Whoever has but the address sees the same.
func TestTheAddressKeepsTheState(t *testing.T) {
	page := sampleScan(t)
	id := idOf(t, page, "wildcard-in-exact-operator")
	p := open(t, page, "cause=wildcard-in-exact-operator&sort=calls&open="+id)
	if p.opened() != 1 || !strings.HasPrefix(p.hits(), "1 of ") {
		t.Errorf("%d open, %q", p.opened(), p.hits())
	}
	if got := eval[string](p, `document.getElementById("sort").value`); got != "calls" {
		t.Errorf("the order is %q", got)
	}
	eval[string](p, `location.hash = "#q=storefront"`)
	p.do(chromedp.WaitVisible(chromedp.CSS("#chips .quiet")))
	if got := eval[string](p, `document.getElementById("query").value`); got != "storefront" || p.opened() != 0 {
		t.Errorf("%q in the field, %d open", got, p.opened())
	}
}

func TestAuditIsTold(t *testing.T) {
	page := sampleAudit(t)
	p := open(t, page, "open="+idOf(t, page, "subject-prefix-open"))
	body := p.text("#body-0")
	for _, want := range []string{"Finding (certain)", "Who can enter", "repo:larkfield-x/any:ref:refs/heads/main", "In the policy: line 15", `"repo:larkfield/*"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the finding lacks %q:\n%s", want, body)
		}
	}
	if enter, change := strings.Index(body, "Who can enter"), strings.Index(body, "What to change"); enter > change {
		t.Error("what to change comes before who can enter")
	}
	if got := eval[string](p, `document.querySelector("#body-0 a").href`); !strings.HasPrefix(got, "https://docs.aws.amazon.com/") {
		t.Errorf("the link leads to %q", got)
	}
	if got := p.text(".facet-kind .value"); got != "too open" {
		t.Errorf("the first kind is %q", got)
	}
}

func TestWithoutScriptThereIsATable(t *testing.T) {
	r := pagetest.Scan(reports(t))
	p := open(t, scanPage(t, r), "", scripting(false))
	p.do(chromedp.WaitVisible(chromedp.CSS("noscript table")), scripting(true))
	rows := p.texts("noscript tbody tr")
	if len(rows) != len(r.Incidents) {
		t.Fatalf("%d rows, want %d", len(rows), len(r.Incidents))
	}
	if !strings.Contains(rows[0], "subject-mismatch") || !strings.Contains(rows[0], "still failing") {
		t.Errorf("the first row is %q", rows[0])
	}
	all := strings.Join(rows, "\n")
	for _, i := range r.Incidents {
		if _, _, grade := mainCause(i.Report); !strings.Contains(all, grade) || i.Report.Caller == report.Stranger && !strings.Contains(all, "stranger") {
			t.Errorf("the table lacks %q, or a stranger", grade)
		}
	}
}

// A table that can be read has the width of the page, and ends within it.
func TestTheTableWithoutScriptHasTheWholeWidth(t *testing.T) {
	for name, html := range map[string]string{"scan": sampleScan(t), "audit": sampleAudit(t)} {
		p := open(t, html, "", scripting(false), chromedp.EmulateViewport(1280, 900))
		p.do(chromedp.WaitVisible(chromedp.CSS("noscript table")), scripting(true))
		if got := eval[int](p, `document.querySelector("noscript .scroll").clientWidth`); got < 1200 {
			t.Errorf("%s: the table has a width of %d of 1280", name, got)
		}
		if got := eval[int](p, `document.querySelector("noscript .scroll").scrollWidth - document.querySelector("noscript .scroll").clientWidth`); got != 0 {
			t.Errorf("%s: %d pixels of the table are out of sight", name, got)
		}
	}
}

// scripting lets the page run scripts, or not.
func scripting(on bool) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}
