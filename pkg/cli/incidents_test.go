package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// incidentsOf runs the command with a store in the place of the table.
func incidentsOf(t *testing.T, s incident.Store, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	c := &Command{
		Args: append([]string{"incidents"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: func() time.Time { return atNoon },
		Env:       func(name string) string { return map[string]string{"ROLEWHY_TABLE": "incidents"}[name] },
		Incidents: func(context.Context, string, string) (incident.Store, error) { return s, nil },
	}
	code = c.Run(t.Context())
	return code, out.String(), errs.String()
}

func TestIncidentsAreToldAsInFiles(t *testing.T) {
	for name, args := range map[string][]string{
		"list.txt":          {"--width", "100"},
		"list-all.txt":      {"--all"},
		"list-narrow.txt":   {"--width", "80"},
		"list.jsonl":        {"--all", "-o", "json"},
		"show.txt":          {"show", "4f0a", "--width", "100"},
		"show-provider.txt": {"show", clusterID},
		"show.json":         {"show", storefrontID, "-o", "json"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := incidentsOf(t, stocked(t), args...)
			if code != exitExplained || stderr != "" {
				t.Errorf("exit %d: %s", code, stderr)
			}
			golden(t, filepath.Join("testdata", "incidents", name), stdout)
		})
	}
}

// golden compares text with a file, which -update writes anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" { // declared beside the scripts
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got; -update writes it anew):\n%s", diff)
	}
}

func TestIncidentsOfSeveralAccounts(t *testing.T) {
	s := stocked(t)
	stock(t, s, []kept{{incident.Incident{ID: "1-other", State: incident.Open, Kind: incident.Call, Account: "444455556666", Role: "arn:aws:iam::444455556666:role/deploy"}, nil}})
	_, stdout, _ := incidentsOf(t, s, "--width", "200")
	for _, part := range []string{"  444455556666/deploy  ", "  acme-prod/deploy-storefront  ", "  strangers  "} {
		if !strings.Contains(stdout, part) {
			t.Errorf("no %q in\n%s", part, stdout)
		}
	}
}

func TestNoIncident(t *testing.T) {
	code, stdout, stderr := incidentsOf(t, incident.NewMemory())
	if code != exitExplained || stdout != "" || stderr != "rolewhy: no incident is open; --all lists the others\n" {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	if code, stdout, stderr = incidentsOf(t, incident.NewMemory(), "-o", "json"); code != exitExplained || stdout+stderr != "" {
		t.Errorf("as JSON: exit %d, %q, %q", code, stdout, stderr)
	}
}

// Everything that others wrote stays harmless, in every form and width.
func TestHostileIncidents(t *testing.T) {
	for _, v := range []string{nasty, strings.Repeat(nasty, 2000), "a\nb\tc\x00\xff", strings.Repeat("\u202e漢", 3000)} {
		hostile := kept{incident.Incident{
			ID: "1-hostile" + v[:min(len(v), 200)], Kind: incident.Call, State: incident.State("open"), Account: v, AccountAlias: v, Role: v, Provider: v,
			ProviderName: v, Subjects: []string{v, v}, Caller: report.Caller(v), Causes: causes(report.Code(v), atNoon), Headline: v,
			Parent: v, Rule: v, Edits: []report.Change{{Name: v, By: v}}, Outbox: []incident.Message{{Kind: "alert", Channels: []string{v}}},
			Story: []incident.Chapter{{What: v, Text: v}},
		}, map[time.Duration]int{0: 1}}
		provider := kept{incident.Incident{ID: "provider-hostile", Kind: incident.Provider, State: incident.Open, Provider: v, Children: []string{hostile.ID, v[:min(len(v), 20)]}}, nil}
		s := incident.NewMemory()
		stock(t, s, []kept{hostile, provider})
		for _, args := range [][]string{{}, {"--all"}, {"show", "1-hostile"}, {"show", "provider-hostile"}} {
			for _, width := range []int{80, 120} {
				code, stdout, stderr := incidentsOf(t, s, append(args, "--width", fmt.Sprint(width))...)
				if code != exitExplained {
					t.Fatalf("%v: exit %d: %s", args, code, stderr)
				}
				harmless(t, stdout)
				if len(stdout) > 40_000 {
					t.Errorf("%v: %d bytes", args, len(stdout))
				}
				for line := range strings.Lines(stdout) {
					if n := ansi.StringWidth(strings.TrimSuffix(line, "\n")); n > width {
						t.Errorf("%v: %d columns in %q", args, n, line)
					}
				}
			}
			_, stdout, _ := incidentsOf(t, s, append(args, "-o", "json")...)
			harmless(t, stdout)
		}
	}
}

func TestIncidentsToShow(t *testing.T) {
	s := stocked(t)
	for _, tt := range []struct {
		name, id        string
		code            int
		want, complaint string
	}{
		{name: "by its ID", id: "strangers", want: "open · strangers"},
		{name: "that is over", id: "1-5e77", want: "over · 1-5e77ed"},
		{name: "of a stranger", id: "1-57a4", want: "folded · 1-57a491"},
		{name: "one that is none", id: "1-none", code: exitFailure, complaint: `there is no incident "1-none" in table incidents`},
		{name: "one of several", id: "1-", code: exitUsage, complaint: `incidents begin with "1-", such as 1-`},
		{name: "nothing", id: "", code: exitFailure, complaint: "needs an ID"},
		{name: "hostile", id: "\x1b[2J\u202e", code: exitFailure, complaint: `there is no incident "\x1b[2J\u202e"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := incidentsOf(t, s, "show", tt.id)
			if code != tt.code || !strings.Contains(stdout, tt.want) || !strings.Contains(stderr, tt.complaint) {
				t.Errorf("exit %d, %.200q, %q", code, stdout, stderr)
			}
			harmless(t, stderr)
		})
	}
}

// faultyStore fails in one method.
type faultyStore struct {
	incident.Store
	tally, list, get error
}

func (s faultyStore) Tally(ctx context.Context, id string) (incident.Tally, error) {
	t, err := s.Store.Tally(ctx, id)
	return t, cmp.Or(s.tally, err)
}

func (s faultyStore) Get(ctx context.Context, id string) (*incident.Incident, error) {
	i, err := s.Store.Get(ctx, id)
	return i, cmp.Or(s.get, err)
}

func (s faultyStore) List(ctx context.Context, shelf incident.Shelf) iter.Seq2[*incident.Incident, error] {
	return func(yield func(*incident.Incident, error) bool) {
		if s.list != nil && !yield(nil, s.list) {
			return
		}
		s.Store.List(ctx, shelf)(yield)
	}
}

func TestIncidentsThatCannotBeRead(t *testing.T) {
	refused := errors.New("AWS refused it: grant dynamodb:Query")
	for _, tt := range []struct {
		name  string
		store faultyStore
		args  []string
		rest  string // that is told all the same
	}{
		{name: "one of the list", store: faultyStore{list: refused}, rest: "deploy-storefront"},
		{name: "a counter", store: faultyStore{tally: refused}},
		{name: "the one to show", store: faultyStore{get: refused}, args: []string{"show", storefrontID}},
		{name: "the counter of the one to show", store: faultyStore{tally: refused}, args: []string{"show", storefrontID}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.store.Store = stocked(t)
			code, stdout, stderr := incidentsOf(t, tt.store, tt.args...)
			if code != exitFailure || !strings.Contains(stderr, "grant dynamodb:Query") || !strings.Contains(stdout, tt.rest) {
				t.Errorf("exit %d, %q\n%s", code, stderr, stdout)
			}
		})
	}
}

func TestIncidentsUsage(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no table":       {[]string{"incidents"}, "give --table NAME, or set ROLEWHY_TABLE"},
		"other output":   {[]string{"incidents", "--table", "x", "-o", "slack"}, `--output "slack" is none of text, json`},
		"an argument":    {[]string{"incidents", "x"}, "unknown command"},
		"no ID":          {[]string{"incidents", "show", "--table", "x"}, "accepts 1 arg"},
		"all of one":     {[]string{"incidents", "show", "x", "--all"}, "unknown flag: --all"},
		"hostile output": {[]string{"incidents", "--table", "x", "-o", nasty}, "is none of text, json"},
	} {
		code, out := run("", tt.args...)
		if code != exitUsage || !strings.Contains(out, tt.want) {
			t.Errorf("%s: exit %d: %s", name, code, out)
		}
		harmless(t, out)
	}
}

// JSON has what the incident has, also where it had to be escaped.
func TestIncidentJSONKeepsValues(t *testing.T) {
	s := incident.NewMemory()
	want := "repo:a/b:ref:refs/heads/\u202e\x1b[2J"
	stock(t, s, []kept{{incident.Incident{ID: "1-x", Kind: incident.Call, State: incident.Open, Subjects: []string{want}}, nil}})
	_, stdout, _ := incidentsOf(t, s, "-o", "json")
	var got struct{ Subjects []string }
	if err := json.NewDecoder(bytes.NewBufferString(stdout)).Decode(&got); err != nil || len(got.Subjects) != 1 || got.Subjects[0] != want {
		t.Errorf("%q, %v", got.Subjects, err)
	}
}
