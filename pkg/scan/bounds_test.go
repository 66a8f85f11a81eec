package scan

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// vanishing is a source of which a file is removed once it was listed.
type vanishing struct {
	Source
	path string
	t    *testing.T
}

func (v vanishing) Inputs(ctx context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		for in, err := range v.Source.Inputs(ctx) {
			if in.Name == v.path {
				if err := os.Remove(v.path); err != nil {
					v.t.Error(err)
				}
			}
			if !yield(in, err) {
				return
			}
		}
	}
}

// many is a source of inputs that are made when they are opened. Now and then it
// looks at the memory in use.
type many struct {
	count int
	text  func(i int) string
	most  *uint64
}

func (m many) Inputs(context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		for i := range m.count {
			in := Input{Name: fmt.Sprint(i), Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
				if i%40 == 0 {
					*m.most = max(*m.most, inUse())
				}
				return io.NopCloser(strings.NewReader(m.text(i))), nil
			}}
			if !yield(in, nil) {
				return
			}
		}
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMemoryDoesNotGrow scans ten times as much of the same kind.
func TestMemoryDoesNotGrow(t *testing.T) {
	text := func(i int) string {
		at := day(1+i%28, 0).Format("2006-01-02T15:04:05Z")
		return logOf(usual(at), denied(fmt.Sprint(i), at, fmt.Sprintf("repo-%d", i%50), fmt.Sprintf("branch-%d", i)), changed("UpdateAssumeRolePolicy", at, trust("main")))
	}
	var few, more uint64
	scanned(t, &Scanner{Workers: 1}, many{200, text, &few})
	result := scanned(t, &Scanner{Workers: 1}, many{2000, text, &more})
	if more > few+few/5+1<<20 || result.Denials != 2000 {
		t.Errorf("%d bytes in use for %d denials, %d for a tenth", more, result.Denials, few)
	}
}

// TestMemoryIsBounded scans what was made to fill the memory: each of the
// inputs is another incident with as many bytes as are taken.
func TestMemoryIsBounded(t *testing.T) {
	long := strings.Repeat("x", mostEvent/2)
	text := func(i int) string {
		return logOf(strings.Replace(denied(fmt.Sprint(i), "2026-03-01T00:00:00Z", fmt.Sprintf("repo-%d", i), "x"), "An unknown", long, 1))
	}
	var most uint64
	result := scanned(t, &Scanner{Workers: 1}, many{3 * mostDetails / mostEvent, text, &most})
	if most > 2*mostDetails || result.Denials != 3*mostDetails/mostEvent {
		t.Errorf("%d bytes in use for %d denials", most, result.Denials)
	}
	if !strings.Contains(strings.Join(result.Notes, " "), "more incidents than the memory holds") {
		t.Errorf("notes = %q", result.Notes)
	}
}

func TestEventsThatAreTooLong(t *testing.T) {
	long := strings.Replace(denied("1", "2026-03-01T00:00:00Z", "a", "x"), "An unknown", strings.Repeat("x", mostEvent), 1)
	result := scanned(t, new(Scanner), texts{logOf(long, denied("2", "2026-03-01T00:00:00Z", "a", "x"))})
	if result.Denials != 1 || len(result.Unreadable) != 1 || !strings.Contains(result.Unreadable[0].Why, "more than STS accepts") {
		t.Errorf("%d denials, unreadable %q", result.Denials, result.Unreadable)
	}
}

func TestUnreadablePlacesAreBounded(t *testing.T) {
	var most uint64
	result := scanned(t, new(Scanner), many{mostUnreadable + 5, func(int) string { return "x" }, &most})
	if len(result.Unreadable) != mostUnreadable || !strings.Contains(strings.Join(result.Notes, " "), "5 more places") {
		t.Errorf("%d places, notes %q", len(result.Unreadable), result.Notes)
	}
}

// The newest days are kept, in whatever order they are read.
func TestDaysAreBounded(t *testing.T) {
	const more = 50
	var records []string
	for i := range MostDays + more {
		records = append(records, denied(fmt.Sprint(i), day(1, 0).AddDate(0, 0, i*7%(MostDays+more)).Format("2006-01-02T15:04:05Z"), "a", "x"))
	}
	one := scanned(t, new(Scanner), texts{logOf(records...)}).Incidents[0]
	if len(one.Days) != MostDays || one.Count != MostDays+more || !one.MoreDays {
		t.Errorf("%d days of %d denials, more %t", len(one.Days), one.Count, one.MoreDays)
	}
	for i := range MostDays + more {
		if got := one.Days[day(1, 0).AddDate(0, 0, i).Format(time.DateOnly)]; got != min(1, i/more) {
			t.Errorf("%d denials on day %d", got, i)
		}
	}
}
