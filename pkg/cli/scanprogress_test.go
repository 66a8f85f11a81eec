package cli

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

func TestProgressLines(t *testing.T) {
	for _, tt := range []struct {
		name  string
		s     scan.Progress
		spent time.Duration
		want  string
	}{
		{"at the beginning", scan.Progress{Inputs: 1}, 0, "0 of 1 file, 0 B unpacked, 0 denials"},
		{
			"under way",
			scan.Progress{Inputs: 1200, Done: 300, Denials: 1, Listed: true, Packed: 100_000_000, Size: 400_000_000, Bytes: 1_000_000_000},
			10 * time.Second,
			"300 of 1,200 files, 1.0 GB unpacked, 1 denial, 100 MB/s, 30s left",
		},
		{
			"while more is found",
			scan.Progress{Inputs: 2, Done: 1, Denials: 2, Packed: 1000, Size: 4000, Bytes: 10_000},
			time.Second,
			"1 of 2 files, 10 kB unpacked, 2 denials, 10 kB/s",
		},
		{
			"while a pipe is open",
			scan.Progress{Inputs: 2, Done: 1, Listed: true, Packed: 1000, Size: 4000, Bytes: 10_000, Endless: 1},
			time.Second,
			"1 of 2 files, 10 kB unpacked, 0 denials, 10 kB/s",
		},
	} {
		if got := progressLine(tt.s, tt.spent); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A terminal has a bar, and everything else lines now and then; standard
// output has neither.
func TestProgressForms(t *testing.T) {
	t.Setenv("TERM", "xterm")
	for _, tt := range []struct {
		name     string
		columns  int
		progress string
		want     string
	}{
		{"a terminal", 100, "auto", "\r[============            ] 1 of 2 files, 5.0 kB unpacked, 3 denials"},
		{"no terminal", 0, "auto", "rolewhy: 1 of 2 files, 5.0 kB unpacked, 3 denials"},
		{"lines on a terminal", 100, "lines", "rolewhy: 1 of 2 files, 5.0 kB unpacked, 3 denials"},
		{"never", 100, "never", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs strings.Builder
			now := time.Unix(0, 0)
			c := &Command{Stderr: &errs, ErrColumns: tt.columns, Env: os.Getenv, Now: func() time.Time { return now }}
			p := (&scanning{invocation: &invocation{Command: c}, progress: tt.progress}).newProgress()
			now = now.Add(betweenLines)
			p.show(scan.Progress{Inputs: 2, Done: 1, Denials: 3, Packed: 500, Size: 1000, Bytes: 5000, Listed: true})
			p.show(scan.Progress{Finished: true})
			p.end()
			if got := errs.String(); !strings.Contains(got, tt.want) || tt.want == "" && got != "" || strings.Count(got, "rolewhy: ") > 1 {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// The bar never wraps, and has on every terminal what there is room for.
func TestProgressBarFits(t *testing.T) {
	s := scan.Progress{Inputs: 12_345, Done: 3_000, Denials: 1_234, Listed: true, Packed: 100_000_000, Size: 400_000_000, Bytes: 1_000_000_000}
	for columns := range 200 {
		if n := len(barLine(s, 10*time.Second, columns)); n > columns {
			t.Errorf("%d columns of %d", n, columns)
		}
	}
	for columns, want := range map[int]string{
		20:  "1,234 denials, 30s l",
		24:  "1,234 denials, 30s left",
		40:  "[===           ] 1,234 denials, 30s left",
		60:  "[==         ] 3,000 of 12,345 files, 1,234 denials, 30s left",
		79:  "3,000 of 12,345 files, 1.0 GB unpacked, 1,234 denials, 100 MB/s, 30s left",
		120: "[======                  ] 3,000 of 12,345 files, 1.0 GB unpacked, 1,234 denials, 100 MB/s, 30s left",
	} {
		if got := barLine(s, 10*time.Second, columns); got != want {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
	}
	s.Endless = 1
	if got, want := barLine(s, 10*time.Second, 120), "3,000 of 12,345 files, 1.0 GB unpacked, 1,234 denials, 100 MB/s"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
