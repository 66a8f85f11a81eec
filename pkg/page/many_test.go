package page

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
)

const (
	many         = 2000      // incidents, all of different roles and callers
	mostNodes    = 2_500     // elements of a page that was just opened
	largestPage  = 6_000_000 // bytes, for many
	largestEmpty = 70_000    // bytes without any incident
)

// However many incidents there are, the page holds a bounded number of elements.
func TestManyIncidentsStayBounded(t *testing.T) {
	page := scanPage(t, pagetest.Many(reports(t), many))
	p := open(t, page, "")
	if got := p.count("*"); got > mostNodes {
		t.Errorf("%d elements, want at most %d", got, mostNodes)
	}
	if got := p.count(".item"); got != 50 {
		t.Errorf("%d rows, want 50", got)
	}
	if !strings.HasPrefix(p.hits(), "2,000 incidents") {
		t.Errorf("says %q", p.hits())
	}
	p.click("#more")
	if got := eval[string](p, `document.activeElement.id`); p.count(".item") != 100 || got != "row-50" {
		t.Errorf("%d rows after more, the focus at %q", p.count(".item"), got)
	}
	before := p.count("*")
	p.click("#row-3")
	p.click("#row-3")
	if after := p.count("*"); after != before {
		t.Errorf("%d elements before an incident was opened and closed, %d after", before, after)
	}
}

// Incidents share most lines of their policies, which are in the page once.
func TestManyIncidentsShareTheirTexts(t *testing.T) {
	page := scanPage(t, pagetest.Many(reports(t), many))
	empty := scanPage(t, pagetest.Scan(nil))
	t.Logf("%d bytes for %d incidents, %d for none", len(page), many, len(empty))
	if len(page) > largestPage || len(empty) > largestEmpty {
		t.Errorf("%d bytes, want at most %d; %d without incidents, want at most %d", len(page), largestPage, len(empty), largestEmpty)
	}
}
