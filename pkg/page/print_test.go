package page

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"

	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
)

// On paper, what is open is whole.
func TestOpenIncidentsPrintWhole(t *testing.T) {
	html := sampleScan(t)
	p := open(t, html, "open="+idOf(t, html, "subject-mismatch"))
	p.onPaper()
	if p.count(".body details") == 0 || p.count(".body details:not([open])") != 0 {
		t.Error("something in an open incident is folded")
	}
	for _, hidden := range []string{"#filters", ".copy", "#order", "#all", "#more"} {
		if eval[bool](p, `document.querySelector(`+quote(hidden)+`).checkVisibility()`) {
			t.Errorf("%s is printed", hidden)
		}
	}
	if eval[bool](p, `[...document.querySelectorAll("pre")].some((node) => node.scrollWidth > node.clientWidth)`) {
		t.Error("code is cut off")
	}
	if body := p.text("#body-0 .folded"); strings.Count(body, "Terraform") != 1 {
		t.Errorf("the name of what was folded is printed twice: %.60q", body)
	}
	if pdf := call(p, page.PrintToPDF, page.PrintToPDFParams{}).Data; !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("%d bytes that are no PDF", len(pdf))
	}
	p.offPaper()
	if p.count(".body details[open]") != 0 {
		t.Error("what was folded stays open after printing")
	}
}

// On paper there is no button that shows the rest.
func TestAllRowsArePrinted(t *testing.T) {
	r := pagetest.Many(reports(t), 300)
	html := scanPage(t, r)
	d := dataOf(t, html)
	p := open(t, html, "open="+d.Items[200].ID)
	p.onPaper()
	if got := p.count(".item"); got != 300 {
		t.Errorf("%d rows are printed, want all 300", got)
	}
	p.offPaper()
	if got, more := p.count(".item"), p.text("#more"); got != 51 || more != "Show 50 more of 249" {
		t.Errorf("%d rows after printing, and %q", got, more)
	}
	p.do(sendQuery("storefront"))
	p.onPaper()
	if got, want := p.count(".item"), p.hits(); !strings.HasPrefix(want, number(got)+" of 300 ") {
		t.Errorf("%d rows are printed of %s", got, want)
	}
	if got := p.text("#chips"); !strings.Contains(got, "Search: storefront") {
		t.Errorf("the filters that are printed are %q", got)
	}
}

// Rows that must each stay with the next one are moved to the next page
// together: the first page would be blank.
func TestClosedRowsBreakAnywhere(t *testing.T) {
	html := sampleScan(t)
	p := open(t, html, "open="+idOf(t, html, "subject-mismatch"))
	p.onPaper()
	breaks := func(selector string) string {
		return eval[string](p, `getComputedStyle(document.querySelector(`+quote(selector)+`)).breakAfter`)
	}
	if got := breaks(".item:not(.opened) .row"); got != "auto" {
		t.Errorf("after a closed row: %s, want auto", got)
	}
	if got := breaks(".opened .row"); got != "avoid" {
		t.Errorf("after an open row: %s, want avoid", got)
	}
}

// All that is shown can be opened at once, as for printing.
func TestAllShownAreOpenedAtOnce(t *testing.T) {
	p := open(t, sampleScan(t), "")
	p.click("#all")
	if p.opened() != 50 || p.text("#all") != "Close all" || strings.Count(p.fragment(), "open=") != 50 {
		t.Errorf("%d open, offering %q", p.opened(), p.text("#all"))
	}
	p.click("#row-3")
	if p.text("#all") != "Open all shown" {
		t.Errorf("with one closed, it offers %q", p.text("#all"))
	}
	p.click("#all")
	p.click("#all")
	if p.opened() != 0 || p.fragment() != "" {
		t.Errorf("%d open after closing, at %q", p.opened(), p.fragment())
	}
}
