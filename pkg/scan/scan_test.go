package scan

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/scan/internal/corpus"
)

const (
	testAccount = "111122223333"
	testRole    = "arn:aws:iam::" + testAccount + ":role/deploy"
	testIssuer  = "arn:aws:iam::" + testAccount + ":oidc-provider/token.actions.githubusercontent.com"
)

// texts is a source of inputs that are in memory.
type texts []string

func (all texts) Inputs(context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		for i, text := range all {
			in := Input{Name: fmt.Sprintf("input-%d", i), Size: int64(len(text)), Open: func(context.Context) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader(text)), nil
			}}
			if !yield(in, nil) {
				return
			}
		}
	}
}

// denied is a record of a denial. Records of equal repositories are of one
// incident.
func denied(id, at, repo, branch string) string {
	sub := "repo:acme/" + repo + ":ref:refs/heads/" + branch
	return fmt.Sprintf(`{"eventVersion":"1.11","userIdentity":{"type":"WebIdentityUser","principalId":"%s:sts.amazonaws.com:%s","userName":"%s","identityProvider":"%s"},`+
		`"eventTime":"%s","eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","errorCode":"AccessDenied","errorMessage":"An unknown error occurred",`+
		`"requestParameters":{"roleArn":"%s","roleSessionName":"s"},"eventID":"%s","recipientAccountId":"%s"}`,
		testIssuer, sub, sub, testIssuer, at, testRole, id, testAccount)
}

// usual is a record that does not matter.
func usual(at string) string {
	return fmt.Sprintf(`{"eventTime":"%s","eventSource":"kms.amazonaws.com","eventName":"Decrypt","requestParameters":null}`, at)
}

func logOf(records ...string) string { return `{"Records":[` + strings.Join(records, ",") + `]}` }

func pack(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func scanned(t testing.TB, s *Scanner, sources ...Source) *Result {
	t.Helper()
	result, err := s.Scan(t.Context(), sources...)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestScanOfACorpus(t *testing.T) {
	dir := t.TempDir()
	made, err := corpus.Write(dir, corpus.Small)
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(filepath.Join(dir, "account.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	account, err := casefile.Load(in, "account.json")
	if err != nil {
		t.Fatal(err)
	}
	at := func() time.Time { return day(31, 12) }
	want := scanned(t, &Scanner{Account: account, Workers: 1, Now: at}, Files(filepath.Join(dir, "AWSLogs")))
	if want.Denials != made.Denials || want.Records != made.Records || want.Bytes != made.Bytes || want.Files != corpus.Small.Files {
		t.Errorf("read %d denials, %d records, %d bytes, %d files of %+v", want.Denials, want.Records, want.Bytes, want.Files, made)
	}
	if len(want.Unreadable)+len(want.Notes) > 0 || want.From.IsZero() || !want.To.After(want.From) {
		t.Errorf("unreadable %v, notes %v, from %s to %s", want.Unreadable, want.Notes, want.From, want.To)
	}
	count := 0
	for _, one := range want.Incidents {
		if count += one.Count; one.Standing != Failing || one.Report.Fingerprint != one.Fingerprint {
			t.Errorf("%s is %s in an incident %s", one.Report.Event.Role, one.Standing, one.Fingerprint)
		}
	}
	if count != made.Denials {
		t.Errorf("%d of %d denials are in incidents", count, made.Denials)
	}
	for name, source := range sources(t, dir) {
		got := scanned(t, &Scanner{Account: account, Workers: 3, Now: at}, source)
		got.Files = want.Files
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s gives another result:\n%s", name, diff)
		}
	}
}

// sources are those that hold what is in a corpus.
func sources(t *testing.T, dir string) map[string]Source {
	t.Helper()
	var paths []string
	var stream bytes.Buffer
	for in, err := range Files(filepath.Join(dir, "AWSLogs")).Inputs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(in.Name)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, in.Name)
		stream.Write(text)
	}
	slices.Reverse(paths)
	return map[string]Source{
		"the folder, by more workers": Files(filepath.Join(dir, "AWSLogs")),
		"files by name":               Files(paths...),
		"a stream of gzip":            Stdin(&stream),
	}
}

func TestIncidents(t *testing.T) {
	result := scanned(t, new(Scanner), texts{
		logOf(denied("1", "2026-03-02T10:00:00Z", "a", "main"), usual("2026-03-01T00:00:00Z"), denied("2", "2026-03-04T10:00:00Z", "a", "dev")),
		logOf(denied("3", "2026-03-02T11:00:00Z", "b", "main"), denied("4", "2026-03-02T09:00:00Z", "a", "dev")),
	})
	if len(result.Incidents) != 2 || result.Denials != 4 || result.Records != 5 {
		t.Fatalf("%d incidents of %d denials in %d records", len(result.Incidents), result.Denials, result.Records)
	}
	a := result.Incidents[0]
	want := Incident{
		Fingerprint: a.Fingerprint, Standing: Unclear, Count: 3, Report: a.Report,
		First: day(2, 9), Last: day(4, 10),
		Subjects: []string{"repo:acme/a:ref:refs/heads/dev", "repo:acme/a:ref:refs/heads/main"},
		Days:     map[string]int{"2026-03-02": 2, "2026-03-04": 1},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Error(diff)
	}
	if a.Report.Event.ID != "2" || !result.From.Equal(day(1, 0)) || !result.To.Equal(day(4, 10)) {
		t.Errorf("reports %s, from %s to %s", a.Report.Event.ID, result.From, result.To)
	}
	if len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "No account was given") {
		t.Errorf("notes = %q", result.Notes)
	}
}

func day(d, hour int) time.Time { return time.Date(2026, 3, d, hour, 0, 0, 0, time.UTC) }

func TestTimeOfDenials(t *testing.T) {
	source := texts{logOf(denied("1", "2026-03-01T00:00:00Z", "a", "x"), denied("2", "2026-03-02T00:00:00Z", "a", "x"), denied("3", "2026-03-03T00:00:00Z", "a", "x"))}
	tests := []struct {
		name     string
		from, to time.Time
		want     int
	}{
		{"all", time.Time{}, time.Time{}, 3},
		{"from", day(2, 0), time.Time{}, 2},
		{"to", time.Time{}, day(2, 0), 2},
		{"both", day(2, 0), day(2, 0), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := scanned(t, &Scanner{From: tt.from, To: tt.to}, source).Denials; got != tt.want {
				t.Errorf("%d denials, want %d", got, tt.want)
			}
		})
	}
	if _, err := (&Scanner{From: day(2, 0), To: day(1, 0)}).Scan(t.Context(), source); err == nil {
		t.Error("a time that ends before it begins is taken")
	}
}

// TestRecordsThatAreReadTwice count once: trails of several kinds write them,
// and folders overlap.
func TestRecordsThatAreReadTwice(t *testing.T) {
	log := logOf(denied("1", "2026-03-01T00:00:00Z", "a", "x"), denied("1", "2026-03-01T00:00:00Z", "a", "x"), denied("", "2026-03-01T00:00:00Z", "a", "x"))
	if got := scanned(t, new(Scanner), texts{log, log}); got.Denials != 3 {
		t.Errorf("%d denials of one with an id and two without", got.Denials)
	}
}

func TestMostGroups(t *testing.T) {
	var records []string
	for i := range 20 {
		records = append(records, denied(fmt.Sprint(i), "2026-03-01T00:00:00Z", fmt.Sprintf("repo-%d", i%10), "x"))
	}
	result := scanned(t, &Scanner{MostGroups: 4}, texts{logOf(records...)})
	if len(result.Incidents) != 4 || result.Denials != 20 || !strings.Contains(strings.Join(result.Notes, " "), "none of them: 12,") {
		t.Errorf("%d incidents of %d denials: %q", len(result.Incidents), result.Denials, result.Notes)
	}
}

func TestSubjectsAreBounded(t *testing.T) {
	var records []string
	for i := range 50 {
		at := day(1, 0).Add(time.Duration(50-i) * time.Minute).Format(time.RFC3339)
		records = append(records, denied(fmt.Sprint(i), at, "a", fmt.Sprintf("branch-%02d", i)))
	}
	one := scanned(t, new(Scanner), texts{logOf(records...)}).Incidents[0]
	if len(one.Subjects) != MostSubjects || !one.MoreSubjects || one.Subjects[0] != "repo:acme/a:ref:refs/heads/branch-49" {
		t.Errorf("subjects = %q, more %t", one.Subjects, one.MoreSubjects)
	}
}

func TestInterruptedScan(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	all := texts{logOf(denied("1", "2026-03-01T00:00:00Z", "a", "x"))}
	result, err := new(Scanner).Scan(ctx, all, stopping{stop}, all)
	if err != nil {
		t.Fatal(err)
	}
	if !result.Interrupted || len(result.Unreadable) > 0 || !strings.Contains(strings.Join(result.Notes, " "), "interrupted") {
		t.Errorf("interrupted %t, unreadable %v, notes %q", result.Interrupted, result.Unreadable, result.Notes)
	}
	for _, one := range result.Incidents {
		if one.Report == nil {
			t.Error("what was found is not diagnosed")
		}
	}
}

// stopping is a source during which somebody interrupts.
type stopping struct{ stop context.CancelFunc }

func (s stopping) Inputs(context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		yield(Input{Name: "endless", Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(readerFunc(func(p []byte) (int, error) {
				s.stop()
				return copy(p, usual("2026-03-01T00:00:00Z")+"\n"), nil
			})), nil
		}}, nil)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestProgress(t *testing.T) {
	var last Progress
	s := &Scanner{Progress: func(p Progress) { last = p }}
	plain := logOf(denied("1", "2026-03-01T00:00:00Z", "a", "x"), usual("2026-03-01T00:00:00Z"))
	packed := pack(t, plain)
	scanned(t, s, texts{packed, plain})
	want := Progress{
		Inputs: 2, Listed: true, Done: 2, Packed: int64(len(packed) + len(plain)), Size: int64(len(packed) + len(plain)),
		Bytes: int64(2 * len(plain)), Records: 4, Denials: 1, Groups: 1, Finished: true,
	}
	if last != want {
		t.Errorf("progress ends with %+v, want %+v", last, want)
	}
}
