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
)

// The limits that the function keeps. Lambda's own are wider; these are what
// it was built for.
const (
	maxZip    = 8 << 20
	maxStart  = 40 * time.Millisecond
	maxMemory = 40 << 10 // KiB
)

// What sam builds, packed as it is uploaded.
func TestZipIsSmall(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("make", "--no-print-directory", "build-ExplainFunction", "ARTIFACTS_DIR="+dir)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw := must(os.ReadFile(dir + "/bootstrap"))(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	must(must(z.Create("bootstrap"))(t).Write(raw))(t)
	check(t, z.Close())
	if b.Len() > maxZip {
		t.Errorf("%d bytes", b.Len())
	}
	t.Logf("bootstrap for arm64: %d bytes, zipped %d", len(raw), b.Len())
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

// A thousand failures in batches of ten: none is lost and none is sent twice.
func TestThousandEvents(t *testing.T) {
	const n = 1000
	s := newStage(t, trusted(t))
	noHistory(s)
	seen := map[string]int{}
	for batch := range slices.Chunk(thousand(t, n), 10) {
		failed, err := s.Hand(limited(t), s.function, batch)
		s.orLogs(t, err)
		if len(failed) != 0 {
			t.Errorf("failed: %s", failed)
		}
		for _, got := range s.received(t) {
			seen[must(readID(got))(t)]++
		}
	}
	messages, posts := places.Slack.Take()
	if twice := slices.Max(slices.Collect(maps.Values(seen))); len(seen) != n || twice != 1 || len(messages) != n || posts != n {
		t.Errorf("%d reports by SNS, up to %d times each; %d Slack messages of %d posts", len(seen), twice, len(messages), posts)
	}
	checkUse(t, s.function, n)
}

// thousand are n messages, each of another failure.
func thousand(t *testing.T, n int) (all []types.Message) {
	t.Helper()
	for i := range n {
		all = append(all, types.Message{MessageId: aws.String(fmt.Sprint("m", i)), Body: aws.String(string(numbered(t, trusted(t), i)))})
	}
	return all
}

// readID is the id of the event that a report is of.
func readID(n world.Notification) (string, error) {
	var r struct{ Event struct{ ID string } }
	err := json.Unmarshal([]byte(n.Message), &r)
	return r.Event.ID, err
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
