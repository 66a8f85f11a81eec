package page

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"sync"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/page/pagetest"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

var sampleReports = sync.OnceValues(func() ([]*report.Report, error) {
	return pagetest.Reports(context.Background(), "../../events")
})

// reports are those of the sample events.
func reports(t testing.TB) []*report.Report {
	t.Helper()
	all, err := sampleReports()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func scanPage(t testing.TB, r *scan.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Scan(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func auditPage(t testing.TB, r *audit.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Audit(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sampleScan(t testing.TB) string { return scanPage(t, pagetest.Scan(reports(t))) }

func sampleAudit(t testing.TB) string { return auditPage(t, pagetest.Audit(reports(t))) }

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

// dataOf is what the script of a page reads.
func dataOf(t testing.TB, page string) *document {
	t.Helper()
	m := dataElement.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no data")
	}
	d := &document{}
	if err := json.Unmarshal([]byte(m[1]), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// idOf is the first item with a code.
func idOf(t testing.TB, page, code string) string {
	t.Helper()
	d := dataOf(t, page)
	for _, i := range d.Items {
		if d.Texts[i.Code] == code {
			return i.ID
		}
	}
	t.Fatalf("the page has no %s", code)
	return ""
}

// quote writes a string for JavaScript.
func quote(s string) string {
	raw, _ := json.Marshal(s) // a string always can
	return string(raw)
}
