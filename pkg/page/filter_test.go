package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// with counts the items of a page that have a value in a facet.
func with(d *document, name, value string) (n int) {
	at := slices.IndexFunc(d.Facets, func(f facet) bool { return f.Name == name })
	for _, i := range d.Items {
		if d.Texts[i.Facets[at]] == value {
			n++
		}
	}
	return n
}

func TestFacetsFilter(t *testing.T) {
	page := sampleScan(t)
	d := dataOf(t, page)
	p := open(t, page, "")
	all, mismatches := len(d.Items), with(d, "cause", "subject-mismatch")
	hits := func(n int) string { return fmt.Sprintf("%d of %d incidents", n, all) }

	p.click(".facet-cause label:nth-of-type(1)")
	if !strings.HasPrefix(p.hits(), hits(mismatches)) || p.count(".item") != mismatches {
		t.Errorf("one cause: %q with %d rows, want %d", p.hits(), p.count(".item"), mismatches)
	}
	if p.fragment() != "cause=subject-mismatch" {
		t.Errorf("the address is %q", p.fragment())
	}
	if got := eval[string](p, `document.activeElement.id`); got != "f-cause-0" {
		t.Errorf("the focus went to %q", got)
	}
	p.click(".facet-cause label:nth-of-type(2)") // a second value of a facet adds to the first
	audiences := with(d, "cause", "audience-mismatch")
	if !strings.HasPrefix(p.hits(), hits(mismatches+audiences)) {
		t.Errorf("two causes: %q, want %d", p.hits(), mismatches+audiences)
	}
	p.click(".facet-standing label:nth-of-type(2)") // a value of another facet narrows
	both := p.count(".item")
	if both == 0 || both >= mismatches+audiences || len(p.texts("#chips .chip")) != 3 {
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
	if got := eval[string](p, `document.activeElement.id`); got != "f-role-7" {
		t.Errorf("the focus went to %q", got)
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
