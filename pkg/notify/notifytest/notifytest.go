// Package notifytest holds what every notifier must stand: reports whose text
// was written by somebody hostile, and checks that no secret gets out.
package notifytest

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Hostile are values as a caller may choose them for a session name, a branch
// or a sub, by what they try.
var Hostile = map[string]string{
	"mention":       "<!channel> <@U012AB3CD> @here",
	"link":          "<https://evil.example|click here> https://evil.example",
	"fence":         "x```y````z`",
	"formatting":    "*bold* _it_ ~no~ `code` > quote",
	"escapes":       "\x1b[31mred\x1b]8;;https://evil.example\x07link\r\n\x00\x7f",
	"bidi":          "a\u202eb\u2066c\u200bd\u2028e\ufeff",
	"invalid":       "\xff\xfe\xc3",
	"entities":      strings.Repeat("&", 4000),
	"long":          strings.Repeat("long ", 60_000),
	"long in runes": strings.Repeat("\U0001F600é", 60_000),
	"quotes":        strings.Repeat(`"\`, 4000),
	"lines":         strings.Repeat("a\n", 4000),
	"emoji":         ":rotating_light: :flag-us:",
}

// Reports are reports to send, by name: a usual one, an empty one, and one for
// each Hostile value in every place that others write.
func Reports() map[string]*report.Report {
	all := map[string]*report.Report{
		"usual": Report("system:serviceaccount:argo:runner"),
		"empty": {Schema: report.Schema},
	}
	for name, value := range Hostile {
		all[name] = Report(value)
	}
	return all
}

// Report is one whose every value from outside is s.
func Report(s string) *report.Report {
	return &report.Report{
		Schema: report.Schema,
		Event: report.Event{
			ID: s, Time: time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC), Account: "111122223333", Region: s,
			Role: "arn:aws:iam::111122223333:role/" + s, SessionName: s, Provider: s, Issuer: s, Subject: s, Audience: s,
			Derived: []report.Pair{{Name: "repository", Value: s}}, ErrorCode: s, ErrorMessage: s, UserAgent: s,
		},
		Verdict:      report.Explained,
		Caller:       report.Stranger,
		CallerReason: s,
		Findings: []report.Finding{{
			Code: "subject-mismatch", Certainty: report.Certain, Message: "the sub differs: " + s,
			Expected: s, Actual: s, Notes: []string{s},
			Fixes: []report.Fix{{Message: "change " + s, Target: report.CallerSide, Commands: []string{"echo " + s}, Notes: []string{s}}},
		}},
		TrustPolicy: `{"Version":"2012-10-17","Statement":[]}`,
		Gaps:        []report.Gap{{What: s, Why: s}},
		Fingerprint: "f",
	}
}

// Each runs f for every report of Reports.
func Each(t *testing.T, f func(t *testing.T, r *report.Report)) {
	t.Helper()
	for name, r := range Reports() {
		t.Run(name, func(t *testing.T) { f(t, r) })
	}
}

// NoSecret fails where the secret, or its last path segment, is in one of
// values as they print.
func NoSecret(t *testing.T, secret notify.Secret, values ...any) {
	t.Helper()
	whole := secret.Reveal()
	for _, v := range values {
		for _, part := range []string{whole, whole[strings.LastIndexByte(whole, '/')+1:]} {
			for _, form := range []string{"%v", "%+v", "%#v", "%q"} {
				if strings.Contains(fmt.Sprintf(form, v), part) {
					t.Errorf("the secret shows in %T printed with %s", v, form)
				}
			}
		}
	}
}

// Printable fails where text is not valid UTF-8 or holds a character, apart
// from the line end, that is not seen.
func Printable(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("not valid UTF-8")
	}
	for i, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%U at %d", r, i)
			return
		}
	}
}
