package page

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// baits are values that strangers may choose, each of which would show if it
// were taken for anything but text.
var baits = map[string]string{
	"script":    `<script>window.caught = true</script>`,
	"end":       `</script><script>window.caught = true</script>`,
	"comment":   `<!--<script>`,
	"noscript":  `</noscript></table><img src="http://127.0.0.1:9/x" onerror="window.caught = true">`,
	"attribute": `" onmouseover="window.caught = true" x="`,
	"quotes":    `'"` + "`" + `\${window.caught = true}`,
	"link":      `javascript:window.caught=true`,
	"template":  `{{.Policy}}`,
	"entity":    `&lt;b&gt; &amp;`,
	"direction": "repo:acme\u202e/moc\u2066x",
	"invisible": "a\u200bb\u2028c\u2029d\x00e\x1b[31m",
	"emoji":     "👩‍👩‍👧 🇩🇪",
	"long":      strings.Repeat("long", 30_000),
	"no UTF-8":  "a\xffb",
}

// hostile is a report in which every text is a bait.
func hostile(bait string) *report.Report {
	pair := []report.Pair{{Name: bait, Value: bait}}
	raw, _ := json.Marshal(bait) // a string always can
	policy := `{"Statement":` + string(raw) + `}`
	return &report.Report{
		Event: report.Event{
			ID: bait, Time: time.Unix(1_790_000_000, 0), Account: bait, AccountAlias: bait, Region: bait, Role: "arn:aws:iam::111122223333:role/" + bait,
			SessionName: bait, Tags: pair, SourceIdentity: bait, Provider: bait, ProviderName: bait, Issuer: bait, Subject: bait,
			Audience: bait, Derived: pair, ErrorCode: bait, ErrorMessage: bait, SourceIP: bait, UserAgent: bait,
		},
		Verdict: report.Explained, Caller: report.Known, CallerReason: bait, TrustPolicy: policy, TrustPolicyNote: bait,
		Findings: []report.Finding{{
			Code: report.Code(bait), Certainty: report.Certainty(bait), Message: bait, Expected: bait, Actual: bait + "x",
			Where: &report.Where{Statement: 1, Path: bait, Line: 1, Column: 14, Length: 9},
			Notes: []string{bait}, Docs: bait,
			Fixes: []report.Fix{{Message: bait, Policy: policy + " ", Commands: []string{bait}, Admits: bait, Notes: []string{bait}}},
		}},
		Changes: []report.Change{{Name: bait, By: bait, Via: bait, Effect: bait}},
		Gaps:    []report.Gap{{What: bait, Why: bait}},
	}
}

// hostileScan has an incident for every bait.
func hostileScan(baits ...string) *scan.Result {
	r := &scan.Result{}
	for i, bait := range baits {
		r.Incidents = append(r.Incidents, scan.Incident{
			Fingerprint: fmt.Sprint(i), Count: 2, Subjects: []string{bait, bait + "2"}, Days: map[string]int{"2026-11-20": 2, bait: 1}, Report: hostile(bait),
		})
		r.Notes = append(r.Notes, bait)
		r.Unreadable = append(r.Unreadable, scan.Unreadable{Where: bait, Why: bait})
	}
	return r
}

// hostileAudit has a finding for every bait.
func hostileAudit(baits ...string) *audit.Result {
	r := &audit.Result{Account: baits[0]}
	for _, bait := range baits {
		f := hostile(bait).Findings[0]
		r.Gaps = append(r.Gaps, report.Gap{What: bait, Why: bait})
		r.Findings = append(r.Findings, audit.Finding{
			Kind: audit.TooOpen, Code: f.Code, Certainty: f.Certainty, Role: bait, Source: bait, Provider: bait, Message: bait, Where: f.Where,
			Policy: hostile(bait).TrustPolicy, Notes: f.Notes, Fixes: f.Fixes, Docs: bait,
			Admitted: &audit.Identity{Provider: bait, Subject: bait, Audience: bait, Who: bait, Claims: []report.Pair{{Name: bait, Value: bait}}},
		})
	}
	return r
}

// Nothing that a stranger wrote becomes an element, an attribute or a script.
func TestHostileValuesAreText(t *testing.T) {
	all := slices.Collect(maps.Values(baits))
	for view, page := range map[string]string{"scan": scanPage(t, hostileScan(all...)), "audit": auditPage(t, hostileAudit(all...))} {
		t.Run(view, func(t *testing.T) {
			p := open(t, page, "")
			eval[bool](p, `document.querySelectorAll(".row").forEach((row) => row.click()), document.querySelectorAll("details").forEach((node) => { node.open = true; }), true`)
			mustBeText(p)
			for i, bait := range all {
				mustShow(t, p.text(fmt.Sprintf("#body-%d", i)), bait)
				mustShow(t, p.text(".bounds"), bait)
			}
			p.resize(360, 740)
			if wide := eval[int](p, `document.scrollingElement.scrollWidth`); wide != 360 {
				t.Errorf("the page is %d pixels wide on a phone", wide)
			}
		})
	}
}

// mustBeText fails where a value became more than text.
func mustBeText(p *tab) {
	p.Helper()
	if eval[bool](p, `"caught" in window`) {
		p.Error("a value was run")
	}
	if got := p.count("script, img, iframe, object, embed, base, meta, link"); got != 2+7 {
		p.Errorf("%d scripts and the like, want 2 scripts and 7 metas", got)
	}
	if got := p.count(`a:not(.skip):not([href^="https://"]), [onmouseover], [style*="window"], noscript ~ *`); got != 0 {
		p.Errorf("%d attributes or elements that a value made", got)
	}
}

// mustShow fails where a text does not have the beginning of a bait, or has
// what a reader cannot see.
func mustShow(t *testing.T, text, bait string) {
	t.Helper()
	want := []rune(report.Escape(bait))
	if part := string(want[:min(len(want), 40)]); !strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
		t.Errorf("%q is not shown", part)
	}
	for _, r := range text {
		if s := string(r); r != '\n' && report.Escape(s) != s {
			t.Errorf("shows %U as it is", r)
		}
	}
}

// Whatever stands in a result, the page has as many elements, and its data reads
// back.
func TestValuesMakeNoMarkup(t *testing.T) {
	want := strings.Count(scanPage(t, hostileScan("x")), "<")
	rapid.Check(t, func(rt *rapid.T) {
		pieces := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(slices.Sorted(maps.Values(baits))[:8]), rapid.String())).Draw(rt, "pieces")
		bait := "x" + strings.Join(pieces, "")
		page := scanPage(t, hostileScan(bait))
		if got := strings.Count(page, "<"); got != want {
			rt.Fatalf("%d signs that open an element, want %d", got, want)
		}
		if data := dataElement.FindStringSubmatch(page)[1]; strings.ContainsAny(data, "<>&\u2028\u2029") {
			rt.Fatal("the data has characters that can end it")
		}
		dataOf(t, page)
	})
}
