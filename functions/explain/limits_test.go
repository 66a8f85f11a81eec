package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/config"
)

// The limits that the function keeps. Lambda's own are wider; these are what
// it was built for.
const (
	maxZip    = 8 << 20
	maxStart  = 40 * time.Millisecond
	maxMemory = 40 << 10 // KiB
)

// What sam builds, packed as it is uploaded.
func TestZipsAreSmall(t *testing.T) {
	for _, target := range []string{"build-ExplainFunction", "build-FollowupFunction"} {
		dir := t.TempDir()
		cmd := exec.Command("make", "--no-print-directory", target, "ARTIFACTS_DIR="+dir)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		raw := must(os.ReadFile(dir + "/bootstrap"))(t)
		packed := zipped(t, raw)
		if packed > maxZip {
			t.Errorf("%s: %d bytes", target, packed)
		}
		t.Logf("%s for arm64: %d bytes, zipped %d", target, len(raw), packed)
	}
}

// zipped is the size of a bootstrap in a zip file.
func zipped(t *testing.T, bootstrap []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	must(must(z.Create("bootstrap"))(t).Write(bootstrap))(t)
	check(t, z.Close())
	return b.Len()
}

// The best of some starts, for the machine may be busy with other things.
func TestStartIsFast(t *testing.T) {
	env := must(places.New(t.Context(), realRecord(t)))(t).Env()
	var took []time.Duration
	for range 11 {
		begin := time.Now()
		f := must(standin.StartFunction(bootstrap, env...))(t)
		<-f.Polled
		took = append(took, time.Since(begin))
		f.Stop()
	}
	slices.Sort(took)
	if took[0] > maxStart {
		t.Errorf("the first poll comes after %v at best", took[0])
	}
	t.Logf("from start to first poll: best %v, median %v", took[0], took[len(took)/2])
}

// unlimited lets every incident have a message of its own.
var unlimited = []string{config.AlertsPerRole + "=9999", config.AlertsPerHour + "=9999"}

// Hundreds of failures in batches of ten: none is lost and none is told twice.
func TestManyFailures(t *testing.T) {
	const n = 300
	s := newStage(t, trusted(t), unlimited...)
	noHistory(s)
	seen := map[string]int{}
	for batch := range slices.Chunk(messagesOf(n, func(i int) []byte { return numbered(t, trusted(t), i) }), 10) {
		s.hand(t, batch)
		for _, got := range s.received(t) {
			seen[readID(t, got)]++
		}
	}
	messages, posts := places.Slack.Take()
	if twice := slices.Max(slices.Collect(maps.Values(seen))); len(seen) != n || twice != 1 || len(messages) != n || posts != n {
		t.Errorf("%d reports by SNS, up to %d times each; %d Slack messages of %d posts", len(seen), twice, len(messages), posts)
	}
	checkUse(t, s.function, n)
}

// One failure that repeats a thousand times is one message, and the counter is
// exact though every tenth event is delivered twice.
func TestStorm(t *testing.T) {
	const n = 1000
	s := newStage(t, trusted(t))
	noHistory(s)
	for batch := range slices.Chunk(messagesOf(n+n/10, func(i int) []byte { return again(t, trusted(t).Raw, i%n) }), 10) {
		s.hand(t, batch)
	}
	s.wantTold(t, "alert")
	if tally := must(s.Store().Tally(t.Context(), s.incident(t).ID))(t); tally.Count != n {
		t.Errorf("counted %d of %d", tally.Count, n)
	}
	checkUse(t, s.function, n)
}

// hand gives messages to the function, which has to deal with all of them.
func (s *stage) hand(t *testing.T, batch []types.Message) {
	t.Helper()
	failed, err := s.Hand(limited(t), s.function, batch)
	s.orLogs(t, err)
	if len(failed) != 0 {
		t.Errorf("failed: %s", failed)
	}
}

// messagesOf are n messages.
func messagesOf(n int, body func(i int) []byte) (all []types.Message) {
	for i := range n {
		all = append(all, types.Message{MessageId: aws.String(fmt.Sprint("m", i)), Body: aws.String(string(body(i)))})
	}
	return all
}

// readID is the id of the event that a report is of.
func readID(t *testing.T, n *world.Notice) string {
	t.Helper()
	var r struct{ Event struct{ ID string } }
	check(t, json.Unmarshal(n.Report, &r))
	return r.Event.ID
}

// checkUse looks at the memory that the process holds, and tells how much work
// an event was.
func checkUse(t *testing.T, f *standin.Function, events int) {
	t.Helper()
	held := resident(t, f.PID())
	if held == 0 || held > maxMemory {
		t.Errorf("%d KiB resident", held)
	}
	f.Stop()
	t.Logf("resident %d KiB, CPU %v an event", held, f.CPU()/time.Duration(events))
}

// resident is the memory of a process in KiB, as Linux tells it, else as ps
// does.
func resident(t *testing.T, pid int) (kib int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		out := must(exec.Command("ps", "-o", "rss=", "-p", fmt.Sprint(pid)).Output())(t)
		must(fmt.Sscan(string(out), &kib))(t)
		return kib
	}
	for line := range strings.Lines(string(status)) {
		fmt.Sscanf(line, "VmRSS: %d kB", &kib)
	}
	return kib
}
