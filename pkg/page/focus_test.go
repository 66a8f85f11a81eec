package page

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Whoever drops filters by the keyboard stays among them.
func TestTheFocusStaysAmongTheFilters(t *testing.T) {
	p := open(t, sampleScan(t), "q=e&cause=subject-mismatch&cause=audience-mismatch")
	p.do(chromedp.Focus(chromedp.CSS("#chips li:nth-child(2) button")))
	for _, want := range []string{"Cause: audience-mismatch", "Search: e", ""} {
		p.press(kb.Enter)
		if got := eval[string](p, `document.activeElement.textContent`); got != want {
			t.Errorf("the focus went to %q, want %q", got, want)
		}
	}
	if p.focused() != "query" || p.fragment() != "" {
		t.Errorf("in the end the focus is at %q, the address %q", p.focused(), p.fragment())
	}
}

// A value that is shown only because it was chosen goes when it is dropped.
func TestTheFocusStaysInAFacetWhoseValueGoes(t *testing.T) {
	p := open(t, sampleScan(t), "cause=policy-chain")
	gone := eval[string](p, `[...document.querySelectorAll(".facet-cause input")].at(-1).id`)
	p.do(chromedp.Focus(chromedp.CSS("#" + gone)))
	p.press(" ")
	if p.count("#"+gone) != 0 || !strings.HasPrefix(p.focused(), "f-cause-") {
		t.Errorf("after %s was dropped, the focus is at %q", gone, p.focused())
	}
}

// The focus goes with a value, not with its place.
func TestTheFocusFollowsAValue(t *testing.T) {
	p := open(t, sampleScan(t), "cause=principal-mismatch")
	p.do(chromedp.Focus(chromedp.CSS("#f-cause-audience-mismatch")))
	p.press(" ")
	if p.focused() != "f-cause-audience-mismatch" || !strings.Contains(p.fragment(), "cause=audience-mismatch") {
		t.Errorf("the focus is at %q, the address %q", p.focused(), p.fragment())
	}
}
