package page

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

const axeFile = "../../.tools/axe/node_modules/axe-core/axe.min.js"

// axe reports what the rules of WCAG 2.2 A and AA, and good practice, find in
// the page as it is: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md
func (p *tab) axe() []string {
	p.Helper()
	source, err := os.ReadFile(axeFile)
	if err != nil {
		p.Fatalf("no axe-core: %v. `make tools` installs it", err)
	}
	eval[bool](p, string(source)+"; true")
	found := eval[string](p, `axe.run(document, {resultTypes: ["violations"]}).then((r) =>
		JSON.stringify(r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary).join(" | "))))`)
	var all []string
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		p.Fatal(err)
	}
	return all
}

// The pages are as usable for those who see, hear or type them as a machine can
// tell.
func TestAccessibility(t *testing.T) {
	scan, audit := scanPage(t, pagetest.Scan(few(t))), sampleAudit(t)
	opened := "open=" + idOf(t, scan, "subject-mismatch") + "&open=" + idOf(t, scan, "policy-changed-since")
	for _, tt := range []struct {
		name, page, fragment string
		width                int64
	}{
		{"the list", scan, "", 1440},
		{"open incidents", scan, opened, 1440},
		{"filtered", scan, "cause=subject-mismatch&q=repo&" + opened, 1440},
		{"nothing found", scan, "q=xyzzy", 1440},
		{"a phone", scan, opened, 360},
		{"an audit", audit, "open=" + idOf(t, audit, "subject-prefix-open"), 1440},
	} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(tt.name+" in "+scheme, func(t *testing.T) {
				p := open(t, tt.page, tt.fragment)
				p.prefer(scheme)
				p.resize(tt.width, 1000)
				for _, violation := range p.axe() {
					t.Error(violation)
				}
			})
		}
	}
}

// few are reports that differ in what is shown of them.
func few(t *testing.T) (some []*report.Report) {
	codes := []report.Code{"subject-mismatch", "policy-changed-since", "wildcard-in-exact-operator", "recently-changed", "provider-not-found"}
	for _, r := range reports(t) {
		code, _, _ := mainCause(r)
		if i := slices.Index(codes, report.Code(code)); i >= 0 || r.Caller == report.Stranger {
			some = append(some, r)
			codes = slices.Delete(codes, max(i, 0), i+1)
		}
	}
	return some
}

func TestLightAndDark(t *testing.T) {
	p := open(t, sampleScan(t), "")
	ground := func() string { return eval[string](p, `getComputedStyle(document.documentElement).backgroundColor`) }
	p.prefer("dark")
	dark := ground()
	p.prefer("light")
	light := ground()
	if dark == light {
		t.Fatalf("light and dark are both %s", dark)
	}
	p.click("#theme")
	if ground() != dark || p.fragment() != "" || p.text("#theme") != "Light" {
		t.Errorf("switched to %s at %q, offering %q", ground(), p.fragment(), p.text("#theme"))
	}
	p.click("#theme")
	if ground() != light {
		t.Errorf("switched back to %s", ground())
	}
}

// A page from disk may be denied the clipboard.
func TestCopyButtonsCopy(t *testing.T) {
	html := sampleScan(t)
	for name, clipboard := range map[string]string{
		"by the clipboard": `(text) => { window.copied = text; return Promise.resolve(); }`,
		"by a selection":   `() => Promise.reject(new Error("denied"))`,
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, html, "open="+idOf(t, html, "subject-mismatch"))
			eval[bool](p, `Object.defineProperty(navigator.clipboard, "writeText", {value: `+clipboard+`});
				document.addEventListener("copy", () => { window.copied = document.activeElement.value; }); true`)
			p.click(`[aria-label="Copy command"]`)
			p.do(chromedp.WaitVisible(chromedp.CSS(`#said:not(:empty)`), chromedp.NodeReady))
			if got := eval[string](p, `window.copied`); !strings.HasPrefix(got, "aws iam update-assume-role-policy --role-name ") {
				t.Errorf("copied %q", got)
			}
			if got := p.text("#said"); got != "Command copied" {
				t.Errorf("says %q", got)
			}
		})
	}
}

func TestTheClipboardIsThereForPagesFromDisk(t *testing.T) {
	p := open(t, sampleScan(t), "")
	if !eval[bool](p, `isSecureContext && typeof navigator.clipboard.writeText === "function"`) {
		t.Error("the page has no clipboard")
	}
}

// A phone shows the page without moving it sideways.
func TestPhonesNeedNoScrollingSideways(t *testing.T) {
	html := sampleScan(t)
	d := dataOf(t, html)
	var fragment strings.Builder
	for _, i := range d.Items {
		fragment.WriteString("open=" + i.ID + "&")
	}
	p := open(t, html, fragment.String())
	p.resize(360, 740)
	if got := eval[int](p, `document.scrollingElement.scrollWidth`); got != 360 {
		t.Errorf("with every incident open, the page is %d pixels wide", got)
	}
}

// In columns of two letters nobody reads why something could not be read.
func TestPhonesGiveReasonsTheWholeWidth(t *testing.T) {
	r := denied("111122223333")
	r.Unreadable = []scan.Unreadable{{Where: "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/03/a.json.gz", Why: "unexpected end of file"}}
	p := open(t, scanPage(t, r), "")
	p.resize(360, 740)
	if got := eval[int](p, `document.querySelector(".bounds dd").clientWidth`); got < 300 {
		t.Errorf("a reason has %d pixels of 360", got)
	}
}

// Where the system gives the colours, what still fails is not told by one.
func TestForcedColoursKeepTheMarks(t *testing.T) {
	r := denied("111122223333", "444455556666")
	r.Incidents[1].Standing = scan.Allowed
	p := open(t, scanPage(t, r), "open=0")
	p.forceColors()
	style := func(selector, property string) string {
		return eval[string](p, `getComputedStyle(document.querySelector(`+quote(selector)+`)).`+property)
	}
	if failing, allowed := style(".failing .dot", "backgroundColor"), style(".allowed-now .dot", "backgroundColor"); failing == allowed || failing == style("html", "backgroundColor") {
		t.Errorf("the mark of what still fails is %s, that of what is allowed %s", failing, allowed)
	}
	if open, closed := style(".opened", "borderLeftWidth"), style(".item:not(.opened)", "borderLeftWidth"); open == closed {
		t.Errorf("the open row has a line of %s, as the closed one", open)
	}
	if all, shown := style(".every", "fill"), style(".shown", "fill"); all == shown {
		t.Errorf("all bars and those that are shown are %s", all)
	}
}
