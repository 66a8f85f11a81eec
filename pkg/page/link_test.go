package page

import (
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
)

// seen tells whether an element lies within what the window shows, at its top.
func (p *tab) seen(selector string) bool {
	p.Helper()
	return eval[bool](p, `(() => { const { top } = document.querySelector(`+quote(selector)+`).getBoundingClientRect(); return top >= 0 && top < innerHeight; })()`)
}

func (p *tab) focused() string {
	p.Helper()
	return eval[string](p, `document.activeElement.id`)
}

// A link to an incident leads there.
func TestLinksLeadToTheirIncident(t *testing.T) {
	html := sampleScan(t)
	d := dataOf(t, html)
	p := open(t, html, "open="+d.Items[30].ID)
	if !p.seen("#row-30") || p.focused() != "row-30" || p.opened() != 1 {
		t.Errorf("the row is not in the window, or not open: the focus is at %q, %d open", p.focused(), p.opened())
	}
	eval[string](p, `location.hash = "#open=`+d.Items[20].ID+`"`)
	p.do(chromedp.WaitVisible(chromedp.CSS("#body-20")))
	if !p.seen("#row-20") || p.focused() != "row-20" {
		t.Errorf("a second link leads to %q", p.focused())
	}
	if got := p.text("#notice"); got != "" {
		t.Errorf("the notice says %q", got)
	}
}

// A link to what is far down lays no more rows than that one.
func TestFarLinksLayNoOtherRows(t *testing.T) {
	html := scanPage(t, pagetest.Many(reports(t), 300))
	d := dataOf(t, html)
	p := open(t, html, "open="+d.Items[290].ID)
	if !p.seen("#row-290") || p.focused() != "row-290" || p.count(".item") != 51 {
		t.Errorf("%d rows, the focus at %q", p.count(".item"), p.focused())
	}
	if got := p.texts(".apart"); !slices.Equal(got, []string{"Open, from further down the list", "The list from its beginning"}) {
		t.Errorf("the parts of the list are %q", got)
	}
	for range 5 {
		p.click("#more")
	}
	if rows, ids := p.count(".item"), eval[int](p, `new Set([...document.querySelectorAll(".row")].map((row) => row.id)).size`); rows != 300 || ids != 300 {
		t.Errorf("%d rows with %d ids in the end, want 300", rows, ids)
	}
}

// What a link asks for and the page does not show is told.
func TestLinksToWhatIsNotShownAreTold(t *testing.T) {
	html := sampleScan(t)
	id := idOf(t, html, "subject-mismatch")
	for _, tt := range []struct {
		name, fragment, notice, left string
	}{
		{"not known", "open=nope", "1 linked incident is not in this file.", ""},
		{"hidden", "cause=audience-mismatch&open=" + id, "1 linked incident is hidden by the filters.", "cause=audience-mismatch&open=" + id},
		{"one of two", "open=" + id + "&open=nope", "1 linked incident is not in this file.", "open=" + id},
		{"names of all objects", "open=__proto__&open=constructor", "2 linked incidents are not in this file.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := open(t, html, tt.fragment)
			if got := p.text("#notice"); got != tt.notice || p.fragment() != tt.left {
				t.Errorf("says %q at %q, want %q at %q", got, p.fragment(), tt.notice, tt.left)
			}
			p.do(sendQuery("x"))
			if got := p.text("#notice"); got != "" {
				t.Errorf("still says %q after a search", got)
			}
		})
	}
}

// A finding has the same address in the page of another audit.
func TestFindingsKeepTheirAddresses(t *testing.T) {
	r := pagetest.Audit(reports(t))
	before := idsOf(audited(r))
	slices.Reverse(r.Findings)
	r.Findings = append([]audit.Finding{{Kind: audit.TooOpen, Code: "no-condition", Role: "arn:aws:iam::111122223333:role/new"}}, r.Findings...)
	after := idsOf(audited(r))
	for _, id := range before {
		if !slices.Contains(after, id) {
			t.Errorf("%s is gone", id)
		}
	}
	if slices.Sort(after); len(slices.Compact(after)) != len(r.Findings) {
		t.Errorf("%d findings have the addresses %q", len(r.Findings), after)
	}
}

func TestFindingsOfOnePlaceHaveAddressesOfTheirOwn(t *testing.T) {
	f := audit.Finding{Kind: audit.TooOpen, Code: "x", Role: "arn:aws:iam::111122223333:role/a"}
	ids := idsOf(audited(&audit.Result{Findings: []audit.Finding{f, f}}))
	if !regexp.MustCompile(`^x-[0-9a-f]{12}$`).MatchString(ids[0]) || ids[1] != ids[0]+"-2" {
		t.Errorf("addresses %q", ids)
	}
}

func idsOf(d *document) (ids []string) {
	for _, i := range d.Items {
		ids = append(ids, i.ID)
	}
	return ids
}
