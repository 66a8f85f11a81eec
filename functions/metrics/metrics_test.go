package metrics

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.UnixMilli(1_700_000_000_123)

func flush(t *testing.T, record func(*Recorder)) (lines []string) {
	t.Helper()
	var b bytes.Buffer
	r := New(&b, "explain")
	record(r)
	r.Flush(now)
	if b.Len() == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

// The whole line as CloudWatch gets it.
func TestFlush(t *testing.T) {
	got := flush(t, func(r *Recorder) {
		r.Count(Events, "")
		r.Count(Events, "")
		r.Observe(EventAge, 1.5)
		r.Observe(EventAge, 90)
		r.Count(Causes, "subject-mismatch")
		r.Called("iam:GetRole", false)
		r.Called("iam:GetRole", true)
	})
	const head = `"_aws":{"CloudWatchMetrics":[{"Namespace":"Rolewhy","Dimensions":[["FunctionName"`
	want := []string{
		`{"EventAge":[1.5,90],"Events":[2],"FunctionName":"explain",` + head +
			`]],"Metrics":[{"Name":"EventAge","Unit":"Seconds"},{"Name":"Events","Unit":"Count"}]}],"Timestamp":1700000000123}}`,
		`{"Action":"iam:GetRole","Calls":[2],"FunctionName":"explain","Refusals":[1],` + head +
			`,"Action"]],"Metrics":[{"Name":"Calls","Unit":"Count"},{"Name":"Refusals","Unit":"Count"}]}],"Timestamp":1700000000123}}`,
		`{"Cause":"subject-mismatch","Causes":[1],"FunctionName":"explain",` + head +
			`,"Cause"]],"Metrics":[{"Name":"Causes","Unit":"Count"}]}],"Timestamp":1700000000123}}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFlushForgets(t *testing.T) {
	var b bytes.Buffer
	r := New(&b, "explain")
	r.Count(Events, "")
	r.Flush(now)
	b.Reset()
	r.Flush(now)
	if b.Len() != 0 {
		t.Errorf("written twice: %s", b.String())
	}
}

// CloudWatch drops a line that has more values.
func TestFlushKeepsTheLimitOfValues(t *testing.T) {
	lines := flush(t, func(r *Recorder) {
		for i := range 250 {
			r.Observe(Duration, float64(i))
		}
		r.Count(Events, "")
	})
	total := 0
	for _, line := range lines {
		var got struct{ Duration []float64 }
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Duration) > 100 {
			t.Errorf("%d values in a line", len(got.Duration))
		}
		total += len(got.Duration)
	}
	if total != 250 || len(lines) != 3 {
		t.Errorf("%d values in %d lines", total, len(lines))
	}
}

func TestCountIsSafeForGoroutines(t *testing.T) {
	lines := flush(t, func(r *Recorder) {
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { r.Called("iam:GetRole", true) })
		}
		wg.Wait()
	})
	if len(lines) != 1 || !strings.Contains(lines[0], `"Calls":[50]`) || !strings.Contains(lines[0], `"Refusals":[50]`) {
		t.Errorf("got %s", lines)
	}
}
