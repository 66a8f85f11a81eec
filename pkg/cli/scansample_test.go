package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// scanSample are the sample events that the logs of tests are made of, with
// how often each call was denied.
var scanSample = []struct {
	event string
	times int
}{
	{"subject-environment", 41},
	{"provider-not-found", 1280},
	{"policy-changed-since", 17},
	{"subject-addon-account", 9},
	{"audience-mismatch", 6},
	{"subject-tag-not-branch", 3},
	{"stranger-miner", 2},
	{"session-duration-too-long", 1},
}

// sampleEvent is what is read of a sample event.
type sampleEvent struct {
	Detail map[string]any
	Case   struct{ Account map[string][]map[string]any }
}

func readSampleEvent(t *testing.T, name string) sampleEvent {
	t.Helper()
	raw, err := os.ReadFile("../../events/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var e sampleEvent
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// sampleLogs writes logs as CloudTrail lays them out, and the account they are
// of. Each call is denied once an hour.
func sampleLogs(t *testing.T) (logs, account string) {
	t.Helper()
	dir := t.TempDir()
	logs, account = filepath.Join(dir, "AWSLogs"), filepath.Join(dir, "account.json")
	known := map[string][]map[string]any{}
	for _, s := range scanSample {
		e := readSampleEvent(t, s.event)
		for _, list := range []string{"roles", "oidcProviders"} {
			known[list] = append(known[list], e.Case.Account[list]...)
		}
		writeLog(t, logs, fmt.Sprint(e.Detail["recipientAccountId"]), s.event, append(repeated(t, e.Detail, s.times), e.Case.Account["events"]...))
	}
	writeJSON(t, account, map[string]any{"roles": each(known["roles"]), "oidcProviders": each(known["oidcProviders"])})
	return logs, account
}

// each keeps one of those with an ARN.
func each(list []map[string]any) (kept []map[string]any) {
	for _, one := range list {
		if !slices.ContainsFunc(kept, func(o map[string]any) bool { return o["Arn"] == one["Arn"] }) {
			kept = append(kept, one)
		}
	}
	return kept
}

func repeated(t *testing.T, record map[string]any, times int) (all []map[string]any) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, fmt.Sprint(record["eventTime"]))
	if err != nil {
		t.Fatal(err)
	}
	for n := range times {
		one := map[string]any{}
		for name, value := range record {
			one[name] = value
		}
		one["eventID"] = fmt.Sprintf("%v-%04d", record["eventID"], n)
		one["eventTime"] = at.Add(time.Duration(n-times+1) * time.Hour).Format(time.RFC3339)
		all = append(all, one)
	}
	return all
}

func writeLog(t *testing.T, logs, account, name string, records []map[string]any) {
	t.Helper()
	writeJSON(t, filepath.Join(logs, account, "CloudTrail/eu-west-1/2026/10/01", name+".json"), map[string]any{"Records": records})
}

func writeJSON(t *testing.T, path string, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// scans runs rolewhy scan.
func scans(t *testing.T, c *Command, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	c.Args, c.Stdout, c.Stderr = append([]string{"scan"}, args...), &out, &errs
	if c.Stdin == nil {
		c.Stdin = strings.NewReader("")
	}
	c.Env = os.Getenv
	if c.Now == nil {
		c.Now = func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	}
	code = c.Run(t.Context())
	return code, out.String(), errs.String()
}
