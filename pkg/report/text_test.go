package report

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func TestWrap(t *testing.T) {
	for name, c := range map[string]struct {
		in          string
		first, rest int
		want        []string
	}{
		"empty":          {"", 10, 10, []string{""}},
		"fits":           {"one two", 7, 7, []string{"one two"}},
		"breaks":         {"one two three", 8, 8, []string{"one two", "three"}},
		"rest is wider":  {"one two three four", 3, 9, []string{"one", "two three", "four"}},
		"many blanks":    {"  one   two ", 10, 10, []string{"one two"}},
		"long word":      {"a abcdefghij b", 4, 4, []string{"a", "abcd", "efgh", "ij b"}},
		"wide letters":   {"東京東京", 5, 5, []string{"東京", "東京"}},
		"line feed":      {"a\nb", 20, 20, []string{"a⟨U+000A⟩b"}},
		"no-break space": {"a\u00a0b", 20, 20, []string{"a⟨U+00A0⟩b"}},
	} {
		if got := wrap(c.in, c.first, c.rest); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWrapBoundsWhatNobodyReads(t *testing.T) {
	word := strings.Join(wrap("x "+strings.Repeat("a", 100_000)+" y", 80, 80), "")
	if !strings.HasPrefix(word, "x") || !strings.HasSuffix(word, "y") || len(word) > longestWord+10 || !strings.Contains(word, ellipsis) {
		t.Errorf("a long word came out as %d bytes: %.300s", len(word), word)
	}
	prose := strings.Join(wrap(strings.Repeat("a ", 100_000), 80, 80), "\n")
	if len(prose) > longestProse+10 || !strings.Contains(prose, ellipsis) {
		t.Errorf("long prose came out as %d bytes", len(prose))
	}
}

func TestHeadline(t *testing.T) {
	for name, c := range map[string]struct {
		event Event
		want  string
	}{
		"repository":         {githubEvent(), "repo acme/api (GitHub Actions) could not assume role deploy in 111122223333"},
		"owner apart":        {Event{Subject: "x", Derived: []Pair{{"owner", "acme"}, {"repository", "api"}}, Role: "arn:aws:iam::1:role/r"}, "repo acme/api could not assume role r in 1"},
		"service account":    {providerNotFound().Event, "service account external-dns/external-dns (Amazon EKS) could not assume role external-dns in 111122223333"},
		"other spelling":     {Event{Derived: []Pair{{"Namespace", "n"}, {"service account", "s"}}, Role: "arn:aws:iam::1:role/r"}, "service account n/s could not assume role r in 1"},
		"workspace":          {Event{Derived: []Pair{{"project", "p"}, {"workspace", "w"}}, Role: "arn:aws:iam::1:role/r"}, "workspace w could not assume role r in 1"},
		"group and project":  {Event{Derived: []Pair{{"group", "mossgate/platform"}, {"project", "dns"}}, Role: "arn:aws:iam::1:role/r"}, "project mossgate/platform/dns could not assume role r in 1"},
		"organization":       {Event{Derived: []Pair{{"organization", "o"}, {"project", "p"}, {"workspace", "w"}}, Role: "arn:aws:iam::1:role/r"}, "workspace o/w could not assume role r in 1"},
		"id of an owner":     {Event{Derived: []Pair{{"organization", "0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f"}, {"project", "6d0f2a4b-8c3e-4b71-9f5d-1e2a3b4c5d6e"}}, Role: "arn:aws:iam::1:role/r"}, "project 6d0f2a4b-8c3e-4b71-9f5d-1e2a3b4c5d6e could not assume role r in 1"},
		"stack":              {Event{Derived: []Pair{{"space", "production-01K4"}, {"stack", "network"}, {"run type", "TRACKED"}}, Role: "arn:aws:iam::1:role/r"}, "stack network could not assume role r in 1"},
		"script":             {Event{Derived: []Pair{{"user", "al"}, {"script", "f/finance/close"}, {"workspace", "acme"}}, Role: "arn:aws:iam::1:role/r"}, "script f/finance/close could not assume role r in 1"},
		"long names":         {Event{Derived: []Pair{{"namespace", "openshift-image-registry"}, {"service account", "cluster-image-registry-operator-of-the-cluster"}}, Role: "arn:aws:iam::1:role/r"}, "service account openshift-image-registry/cluster-image-registry-operator-of-the-cluster could not assume role r in 1"},
		"nobody":             {Event{ProviderName: "an OIDC provider", Role: "arn:aws:iam::1:role/r"}, "a caller whom the record does not name could not assume role r in 1"},
		"subject alone":      {Event{Subject: "abc", Issuer: "https://idp.example", Role: "arn:aws:iam::1:role/r"}, "subject abc (idp.example) could not assume role r in 1"},
		"host from provider": {Event{Subject: "abc", Provider: "arn:aws:iam::1:oidc-provider/idp.example/x", Role: "arn:aws:iam::1:role/r"}, "subject abc (idp.example/x) could not assume role r in 1"},
		"role is no ARN":     {Event{Subject: "abc", Role: "deploy", Account: "2"}, "subject abc could not assume role deploy in 2"},
		"nothing known":      {Event{}, "a caller whom the record does not name could not assume a role that the record does not name"},
		"hostile":            {Event{Subject: "a\x1b[2J\n" + strings.Repeat("b", 1000)}, "subject a⟨U+001B⟩[2J⟨U+000A⟩bbbb…bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb could not assume a role that the record does not name"},
	} {
		if got := Headline(&Report{Event: c.event}); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

func TestHeadlineOfWhatIsNoDenial(t *testing.T) {
	for want, event := range map[string]Event{
		"repo acme/api (GitHub Actions) was not denied role deploy in 111122223333": githubEvent(),
		"no denied call": {},
	} {
		if got := Headline(&Report{Event: event, Verdict: NotADenial}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for verdict, want := range map[Verdict]string{
		AllowedNow:  "the trust policy as it stands now allows this call",
		NotADenial:  "the record shows no denied AssumeRoleWithWebIdentity call",
		Unexplained: "no cause was found in what could be looked at",
	} {
		if got := textOf(t, &Report{Event: githubEvent(), Verdict: verdict}, 80); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in\n%s", verdict, want, got)
		}
	}
}

// Whatever a report holds for a stranger, no change that would let it in is
// shown.
func TestStrangersGetNoFix(t *testing.T) {
	for name, sample := range map[string]func() *Report{"one cause": subjectMismatch, "two causes": twoCauses} {
		r := sample()
		r.Caller = Stranger
		for _, got := range []string{textOf(t, r, 80), markdownOf(t, r)} {
			if strings.Contains(got, "update-assume-role-policy") || strings.Contains(strings.ToLower(got), "fix") {
				t.Errorf("%s: a fix is shown in\n%s", name, got)
			}
			if !strings.Contains(got, "security: this caller is a stranger") {
				t.Errorf("%s: no word of the stranger in\n%s", name, got)
			}
		}
	}
}

func TestUnknownCallersAreVerifiedFirst(t *testing.T) {
	r := subjectMismatch()
	r.Caller, r.CallerReason = Undetermined, "the repository is the same, the owner is another"
	got := textOf(t, r, 80)
	caution, fix := strings.Index(got, "before any change: make sure that the caller is yours: the repository"), strings.Index(got, "│ fix: ")
	if caution < 0 || fix < caution {
		t.Errorf("the caution is at %d, the fix at %d in\n%s", caution, fix, got)
	}
	for what, fixes := range map[string][]Fix{"nothing": nil, "no change in AWS": r.Findings[0].Fixes[1:]} {
		r.Findings[0].Fixes = fixes
		if got := textOf(t, r, 80); strings.Contains(got, "before any change") {
			t.Errorf("a caution though %s is proposed in\n%s", what, got)
		}
	}
}

func TestPossibleFindingsAreBounded(t *testing.T) {
	r := unexplained()
	for range 9 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	got := textOf(t, r, 80)
	if n := strings.Count(got, "(possible)"); n != mostPossible {
		t.Errorf("%d possible causes are shown, not %d", n, mostPossible)
	}
	if !strings.Contains(got, "5 more possible causes are in the JSON report") {
		t.Errorf("no word of the others in\n%s", got)
	}
}

func TestSourceOfOtherDocuments(t *testing.T) {
	r := subjectMismatch()
	r.Findings[0].Where = &Where{Statement: 1, Path: "Statement[0].Condition", Line: 7, Column: 3, Length: 6, Source: "p-abc123", Text: `  "Bool": {"aws:x": "true"}` + "\nnext"}
	got := textOf(t, r, 80)
	for _, want := range []string{"line 7, p-abc123, Statement[0].Condition", " 7 │ \"Bool\": {", "   │ ^^^^^^\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestOneOfTwoValuesStandsAlone(t *testing.T) {
	for what, c := range map[string]struct{ expected, actual, want string }{
		"expected": {"a", "", "│   expected  a\n"},
		"actual":   {"", "b", "│   actual    b\n"},
	} {
		r := providerNotFound()
		r.Findings[0].Expected, r.Findings[0].Actual = c.expected, c.actual
		got := textOf(t, r, 80)
		if !strings.Contains(got, c.want) || strings.Contains(got, "^") {
			t.Errorf("%s: no %q alone in\n%s", what, c.want, got)
		}
	}
}

func TestSourceOverSeveralLines(t *testing.T) {
	const document = "{\n\t\"Principal\": {\n\t\t\"AWS\": \"*\"\n\t}\n}"
	r := &Report{TrustPolicy: document}
	w := place(document, "{\n\t\t\"AWS\": \"*\"\n\t}", "Statement[0].Principal")
	var got []string
	for _, l := range sourceLines(r, w) {
		got = append(got, l.paintedBy(as), l.carets(), fmt.Sprint(l.bracket()))
	}
	want := []string{`"Principal": {`, `             ^`, "true", `  "AWS": "*"`, `  ^^^^^^^^^^`, "false", `}`, `^`, "true"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPlacesThatAreNotThere(t *testing.T) {
	r := &Report{TrustPolicy: "{}\n"}
	for _, w := range []*Where{nil, {}, {Line: 1, Column: 99, Length: 1}, {Line: 9, Column: 1, Length: 1}, {Line: -1}, {Line: 2, Column: 1}, {Line: 1, Column: 1, Source: "x"}} {
		if got := sourceLines(r, w); got != nil {
			t.Errorf("%+v gives %+v", w, got)
		}
	}
}

func TestColorOnlyWhenAsked(t *testing.T) {
	if got := textOf(t, subjectMismatch(), 80); strings.Contains(got, "\x1b") {
		t.Error("colours without being asked")
	}
	var b bytes.Buffer
	if err := Text(&b, subjectMismatch(), TextOptions{Width: 80, Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[") {
		t.Error("no colours though asked")
	}
	if got, want := ansi.Strip(b.String()), textOf(t, subjectMismatch(), 80); got != want {
		t.Errorf("without its colours the text is\n%s\nwant\n%s", got, want)
	}
}

func TestWidths(t *testing.T) {
	for asked, want := range map[int]int{0: 80, 10: 40, 40: 40, 80: 80, 100: 100, 500: 120} {
		widest := 0
		for line := range strings.Lines(prose(textOf(t, unexplained(), asked))) {
			widest = max(widest, ansi.StringWidth(strings.TrimSuffix(line, "\n")))
		}
		if widest > want || widest < want-12 {
			t.Errorf("asked for %d the widest line has %d columns, want nearly %d", asked, widest, want)
		}
	}
}

// prose is a text without its diffs and commands, which may be wider.
func prose(text string) string {
	var b strings.Builder
	diff := false
	for line := range strings.Lines(text) {
		diff = strings.HasPrefix(line, rule+"   --- trust policy") || diff && line != rule+"\n"
		if strings.HasPrefix(line, rule) && !diff {
			b.WriteString(line)
		}
	}
	return b.String()
}

// hostileReports draws reports with arbitrary text everywhere.
func hostileReports(t *rapid.T) *Report {
	text := rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{nasty, "", " ", "\n", "東京 🇩🇪 e\u0301", strings.Repeat("long ", 400), strings.Repeat("x", 3000)}),
	)
	document := rapid.SampledFrom([]string{githubPolicy, "{}", "x"}).Draw(t, "document")
	r := hostileWith(text.Draw(t, "text"), document)
	w := r.Findings[0].Where
	w.Line, w.Column, w.Length = rapid.IntRange(-1, 9).Draw(t, "line"), rapid.IntRange(-1, 99).Draw(t, "column"), rapid.IntRange(-1, 99).Draw(t, "length")
	r.Caller = rapid.SampledFrom([]Caller{Known, Stranger, Undetermined}).Draw(t, "caller")
	r.Verdict = rapid.SampledFrom([]Verdict{Explained, Unexplained, AllowedNow, NotADenial}).Draw(t, "verdict")
	return r
}

func TestNothingHostileLeaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := hostileReports(t)
		width := rapid.IntRange(40, 130).Draw(t, "width")
		text := textOf(t, r, width)
		noControls(t, "text", text, "\n")
		for line := range strings.Lines(prose(text)) {
			if n := ansi.StringWidth(strings.TrimSuffix(line, "\n")); n > min(width, mostWidth) {
				t.Fatalf("a line has %d columns at a width of %d: %q", n, width, line)
			}
		}
		noControls(t, "Markdown", markdownOf(t, r), "\n")
		noControls(t, "JSON", strings.TrimSuffix(jsonOf(t, r), "\n"), "")
		noControls(t, "headline", Headline(r), "")
	})
}

func TestHostileReportsStaySmall(t *testing.T) {
	for what, size := range map[string]int{"text": len(textOf(t, hostile(), 80)), "Markdown": len(markdownOf(t, hostile()))} {
		if size > 40_000 {
			t.Errorf("%s of a report full of values of 100 kB has %d bytes", what, size)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWritersThatFail(t *testing.T) {
	for name, err := range map[string]error{
		"text":     Text(brokenPipe{}, subjectMismatch(), TextOptions{}),
		"Markdown": Markdown(brokenPipe{}, subjectMismatch()),
		"JSON":     JSON(brokenPipe{}, subjectMismatch()),
	} {
		if err == nil || err.Error() != "write report: broken pipe" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFactsOfTheSession(t *testing.T) {
	e := githubEvent()
	e.Tags, e.SourceIdentity = []Pair{{"team", "red"}, {"stage", "prod"}}, "jane"
	got := textOf(t, &Report{Event: e, Verdict: Explained}, 80)
	for _, want := range []string{"│   tags        team red, stage prod\n", "│   identity    jane\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestChangeNamesTheToolAlone(t *testing.T) {
	for via, want := range map[string]string{
		"aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1":                                     "UpdateRole via aws-cli/2.31.4",
		"APN/1.0 HashiCorp/1.0 Terraform/1.13.3 (+https://www.terraform.io) aws/6.1": "UpdateRole via Terraform/1.13.3",
		"[aws-sdk-go/1.44 exec-env/AWS_Lambda]":                                      "UpdateRole via aws-sdk-go/1.44",
		"cloudformation.amazonaws.com":                                               "UpdateRole via cloudformation.amazonaws.com",
		"APN/1.0":                                                                    "UpdateRole via APN/1.0",
	} {
		if got := changesInWords([]Change{{Name: "UpdateRole", Via: via}}); len(got) != 1 || got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSameFixIsToldOnce(t *testing.T) {
	fix := []Fix{{Message: "rename the provider", Target: TrustPolicy, Policy: "{}"}}
	r := &Report{Verdict: Explained, Caller: Known, Findings: []Finding{
		{Code: "a", Certainty: Certain, Message: "one", Fixes: fix}, {Code: "b", Certainty: Certain, Message: "two", Fixes: fix},
	}}
	got := textOf(t, r, 80)
	if strings.Count(got, "rename the provider") != 1 || !strings.Contains(got, "│ fix: rename") || strings.Contains(got, "together") {
		t.Errorf("the fix is not told once:\n%s", got)
	}
}

func TestLongValuesGoOnInTheNextLine(t *testing.T) {
	for name, c := range map[string]struct{ expected, actual, want string }{
		"end missing": {
			"organization:mossgate:pipeline:frontend:ref:refs/heads/main",
			"organization:mossgate:pipeline:frontend:ref:refs/heads/main:commit:0c1d2e3f4a5b:step:", `
│   expected  organization:mossgate:pipeline:frontend:ref:refs/heads/main
│   actual    organization:mossgate:pipeline:frontend:ref:refs/heads/main:
│                                                                        ^
│             commit:0c1d2e3f4a5b:step:
│             ^^^^^^^^^^^^^^^^^^^^^^^^^
`,
		},
		"in the first line": {
			"space:production:stack:network-of-the-company:run_type:TRACKED:scope:write",
			"space:staging:stack:network-of-the-company:run_type:TRACKED:scope:write", `
│   expected  space:production:stack:network-of-the-company:run_type:TRACKED:
│             scope:write
│   actual    space:staging:stack:network-of-the-company:run_type:TRACKED:scope:
│                   ^^^^^^^
│             write
`,
		},
		"missing in the middle": {
			"project_path:mossgate/platform/dns-zones/x:ref_type:branch:ref:release",
			"project_path:mossgate/platform/dns-zones:ref_type:branch:ref:release", `
│   expected  project_path:mossgate/platform/dns-zones/x:ref_type:branch:ref:
│             release
│   actual    project_path:mossgate/platform/dns-zones:ref_type:branch:ref:
│                                                     ^
│             release
`,
		},
	} {
		m := &text{width: 80}
		m.compare(compare(c.expected, c.actual, false))
		if got := strings.TrimPrefix(m.out.String(), "│"); got != c.want {
			t.Errorf("%s:\n%s\nwant%s", name, got, c.want)
		}
	}
}
