package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// with counts the items of a page that have one of some causes, whether it is
// their first or not.
func with(d *document, causes ...string) (n int) {
	wanted := func(code ref) bool { return slices.Contains(causes, d.Texts[code]) }
	for _, i := range d.Items {
		if wanted(i.Code) || slices.ContainsFunc(i.Body, func(s section) bool { return s.Kind == report.CauseSection && wanted(s.Code) }) {
			n++
		}
	}
	return n
}

func TestFacetsFilter(t *testing.T) {
	page := sampleScan(t)
	d := dataOf(t, page)
	p := open(t, page, "")
	all, mismatches := len(d.Items), with(d, "subject-mismatch")
	hits := func(n int) string { return fmt.Sprintf("%d of %d incidents", n, all) }

	p.click(".facet-cause label:nth-of-type(1)")
	if !strings.HasPrefix(p.hits(), hits(mismatches)) || p.count(".item") != mismatches {
		t.Errorf("one cause: %q with %d rows, want %d", p.hits(), p.count(".item"), mismatches)
	}
	if p.fragment() != "cause=subject-mismatch" {
		t.Errorf("the address is %q", p.fragment())
	}
	if got := eval[string](p, `document.activeElement.id`); got != "f-cause-subject-mismatch" {
		t.Errorf("the focus went to %q", got)
	}
	p.click(".facet-cause label:nth-of-type(2)") // a second value of a facet adds to the first
	either := with(d, "subject-mismatch", "audience-mismatch")
	if !strings.HasPrefix(p.hits(), hits(either)) {
		t.Errorf("two causes: %q, want %d", p.hits(), either)
	}
	p.click(".facet-standing label:nth-of-type(2)") // a value of another facet narrows
	both := p.count(".item")
	if both == 0 || both >= either || len(p.texts("#chips .chip")) != 3 {
		t.Errorf("with a standing: %d rows, filters %q", both, p.texts("#chips .chip"))
	}
	p.click("#chips li:last-child button")
	if p.hits() != fmt.Sprintf("%d incidents, %s denied calls", all, number(calls(d))) || p.fragment() != "" {
		t.Errorf("cleared: %q at %q", p.hits(), p.fragment())
	}
}

func calls(d *document) (n int) {
	for _, i := range d.Items {
		n += i.Count
	}
	return n
}

func TestFacetsShowMoreValues(t *testing.T) {
	p := open(t, sampleScan(t), "")
	before := p.count(".facet-role input")
	p.click("#more-role")
	if after := p.count(".facet-role input"); before != 7 || after != 47 {
		t.Errorf("%d values, then %d", before, after)
	}
	if !eval[bool](p, `document.activeElement === document.querySelectorAll(".facet-role input")[7]`) {
		t.Error("the focus is not at the first of the values that were added")
	}
}

func TestSearchFindsWordsAnywhere(t *testing.T) {
	page := sampleScan(t)
	all := len(dataOf(t, page).Items)
	p := open(t, page, "")
	for _, tt := range []struct {
		name, query string
		some        bool
	}{
		{"a role", "storefront-deploy", true},
		{"a subject in capitals", "REPO:LARKFIELD/STOREFRONT", true},
		{"a cause and a role", "wildcard-in-exact-operator deploy", true},
		{"words that occur, but in no incident together", "grafana wildcard-in-exact-operator", false},
		{"markup", "<script>", false},
	} {
		eval[bool](p, `document.getElementById("query").value = "", true`)
		p.do(chromedp.SendKeys(chromedp.CSS("#query"), tt.query))
		if rows := p.count(".row"); (rows > 0) != tt.some || rows == all {
			t.Errorf("%s: %d rows, %q", tt.name, rows, p.hits())
		}
		if says := p.text("#items"); (says == "Nothing matches these filters.") == tt.some {
			t.Errorf("%s: says %q", tt.name, says)
		}
	}
}

// secondCause is the id of an item that has two causes, and the code of the
// second.
func secondCause(d *document) (id, code string) {
	for _, i := range d.Items {
		var others []ref
		causes := 0
		for _, s := range i.Body {
			if s.Kind != report.CauseSection {
				continue
			}
			if causes++; s.Code != i.Code {
				others = append(others, s.Code)
			}
		}
		if causes == 2 && len(others) == 1 {
			return i.ID, d.Texts[others[0]]
		}
	}
	return "", ""
}

// A cause is found whether it is the first of an incident or not, and the row
// says that there are more.
func TestSecondCausesAreFound(t *testing.T) {
	html := sampleScan(t)
	d := dataOf(t, html)
	id, code := secondCause(d)
	for _, fragment := range []string{"q=" + code, "cause=" + code} {
		p := open(t, html, fragment+"&open="+id)
		if p.opened() != 1 || !strings.HasPrefix(p.hits(), fmt.Sprint(with(d, code))+" of ") {
			t.Errorf("%s: %d open, %q", fragment, p.opened(), p.hits())
		}
		if got := p.text(".opened .cause .first"); !strings.Contains(got, "+1 more cause") {
			t.Errorf("the row says %q", got)
		}
	}
}

func TestTheOrderIsChosen(t *testing.T) {
	p := open(t, sampleScan(t), "")
	p.do(chromedp.Focus(chromedp.CSS("#sort")), chromedp.KeyEvent(kb.ArrowDown))
	counts := eval[[]float64](p, `[...document.querySelectorAll(".calls .first")].map((node) => parseInt(node.textContent.replace(",", "")))`)
	if !slices.IsSortedFunc(counts, func(a, b float64) int { return int(b - a) }) || p.fragment() != "sort=calls" {
		t.Errorf("the counts are %v at %q", counts, p.fragment())
	}
}

func TestTheTimelineFollowsTheFilters(t *testing.T) {
	p := open(t, sampleScan(t), "")
	all := eval[string](p, `document.querySelector(".shown").getAttribute("d")`)
	label := eval[string](p, `document.querySelector("#timeline svg").getAttribute("aria-label")`)
	p.click(".facet-cause label:nth-of-type(2)")
	if eval[string](p, `document.querySelector(".shown").getAttribute("d")`) == all {
		t.Error("the bars do not follow the filter")
	}
	if got := eval[string](p, `document.querySelector("#timeline svg").getAttribute("aria-label")`); got == label || !strings.HasPrefix(got, "Bars, ") {
		t.Errorf("described as %q", got)
	}
	if rows := p.texts("#timeline tbody tr"); len(rows) < 20 {
		t.Errorf("the table has %d rows", len(rows))
	}
}
