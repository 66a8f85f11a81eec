// Package metrics writes counts and measurements as lines of log from which
// CloudWatch makes metrics, in its embedded metric format:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package metrics

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// Namespace holds all metrics in CloudWatch.
const Namespace = "Rolewhy"

// Dimensions beside FunctionName, which every metric has.
const (
	None     = ""
	Cause    = "Cause"
	Notifier = "Notifier"
	Kind     = "Kind"   // of a message
	Action   = "Action" // of AWS, for example iam:GetRole
)

// Metric is one kind of number.
type Metric struct{ Name, Unit, Dimension string }

// The metrics. Each count is one of the function; a measurement is one of each
// event.
var (
	Events      = Metric{"Events", "Count", None}          // failed calls, each delivery of them
	Repeats     = Metric{"Repeats", "Count", None}         // those of an incident that was known, which are counted and no more
	Edits       = Metric{"Edits", "Count", None}           // edits of roles and providers
	Unexplained = Metric{"Unexplained", "Count", None}     // explained calls without a certain or likely cause
	Strangers   = Metric{"Strangers", "Count", None}       // explained calls that nobody of one's own made
	Poison      = Metric{"Poison", "Count", None}          // messages that are neither a failed call nor an edit
	Outstanding = Metric{"Outstanding", "Count", None}     // times that something was left which a notifier did not take
	Lost        = Metric{"Lost", "Count", None}            // messages that were given up
	EventAge    = Metric{"EventAge", "Seconds", None}      // from the call or the edit to the start of work on it
	Duration    = Metric{"Duration", "Milliseconds", None} // from there to its end
	Causes      = Metric{"Causes", "Count", Cause}         // findings that are certain or likely
	Sent        = Metric{"Sent", "Count", Notifier}
	Failed      = Metric{"Failed", "Count", Notifier}
	Messages    = Metric{"Messages", "Count", Kind} // those that a notifier took, by what they tell
	Calls       = Metric{"Calls", "Count", Action}  // of AWS, for evidence
	Refusals    = Metric{"Refusals", "Count", Action}
)

// maxValues is what CloudWatch takes of one metric in a line.
const maxValues = 100

// Recorder gathers numbers until Flush. It is safe for use by several
// goroutines at once.
type Recorder struct {
	w        io.Writer
	function string
	mu       sync.Mutex
	numbers  map[series][]float64
}

// series is one metric under one value of its dimension.
type series struct {
	Metric
	value string
}

// New returns a recorder that writes to w the metrics of a function of that
// name, which must not be empty.
func New(w io.Writer, function string) *Recorder {
	return &Recorder{w: w, function: function, numbers: map[series][]float64{}}
}

// Count adds one to a metric; value is that of its dimension, "" where it has
// none.
func (r *Recorder) Count(m Metric, value string) { r.Add(m, value, 1) }

// Add is Count for n of them.
func (r *Recorder) Add(m Metric, value string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := series{m, value}
	if r.numbers[s] == nil {
		r.numbers[s] = []float64{0}
	}
	r.numbers[s][0] += float64(n)
}

// Observe adds a measurement to a metric without dimension.
func (r *Recorder) Observe(m Metric, v float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := series{m, ""}
	r.numbers[s] = append(r.numbers[s], v)
}

// Called counts a call of AWS for evidence.
func (r *Recorder) Called(action string, refused bool) {
	r.Count(Calls, action)
	if refused {
		r.Count(Refusals, action)
	}
}

// Flush writes a line for each value of each dimension and forgets the
// numbers. Metrics are not worth failing for: an error of the writer is
// dropped.
func (r *Recorder) Flush(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines(now) {
		_ = json.NewEncoder(r.w).Encode(line)
	}
	clear(r.numbers)
}

func (r *Recorder) lines(now time.Time) (lines []map[string]any) {
	var current map[string]any
	var last series
	for _, s := range slices.SortedFunc(maps.Keys(r.numbers), bySeries) {
		for values := range slices.Chunk(r.numbers[s], maxValues) {
			if current == nil || s.Dimension != last.Dimension || s.value != last.value || current[s.Name] != nil {
				current, last = r.line(now, s), s
				lines = append(lines, current)
			}
			current[s.Name] = values
			directive := &current["_aws"].(map[string]any)["CloudWatchMetrics"].([]directive)[0]
			directive.Metrics = append(directive.Metrics, definition{s.Name, s.Unit})
		}
	}
	return lines
}

func bySeries(a, b series) int {
	return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.value, b.value), cmp.Compare(a.Name, b.Name))
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

// line is one without metrics yet.
func (r *Recorder) line(now time.Time, s series) map[string]any {
	dimensions := []string{"FunctionName"}
	line := map[string]any{"FunctionName": r.function}
	if s.Dimension != None {
		dimensions = append(dimensions, s.Dimension)
		line[s.Dimension] = s.value
	}
	line["_aws"] = map[string]any{
		"Timestamp":         now.UnixMilli(),
		"CloudWatchMetrics": []directive{{Namespace: Namespace, Dimensions: [][]string{dimensions}}},
	}
	return line
}
