package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"unicode"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// nasty is what somebody may have put into a branch name, a session name, a
// tag or a policy.
const nasty = "\x1b]0;owned\x07\x1b[2J\u202egnp.\u2066\u200b\u009b31m ``` <script> | @admins $(touch owned) `id` 'q' \" \\ \u2028"

// hostileEvent is a denied call with hostile values wherever a caller or an
// author of a policy can put them; size more bytes make them long.
func hostileEvent(t *testing.T, size int) string {
	t.Helper()
	s := nasty + strings.Repeat("A", size)
	const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	sub := "repo:acme/api:environment:" + s
	policy := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Sid": "x", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": map[string]any{"Federated": provider},
		"Condition": map[string]any{"StringEquals": map[string]any{
			"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:acme/api:ref:" + s,
		}},
	}}}
	event := map[string]any{
		"detail": map[string]any{
			"eventID": s, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRoleWithWebIdentity", "eventTime": "2026-03-02T09:12:44Z",
			"awsRegion": s, "errorCode": "AccessDenied", "errorMessage": s, "sourceIPAddress": s, "userAgent": s,
			"requestParameters": map[string]any{
				"roleArn": "arn:aws:iam::111122223333:role/deploy", "roleSessionName": s, "sourceIdentity": s,
				"principalTags": map[string]any{s: s},
			},
			"userIdentity": map[string]any{"type": "WebIdentityUser", "userName": sub, "identityProvider": provider, "principalId": provider + ":sts.amazonaws.com:" + sub},
		},
		"case": map[string]any{"account": map[string]any{
			"roles": []any{map[string]any{"Arn": "arn:aws:iam::111122223333:role/deploy", "AssumeRolePolicyDocument": policy}},
		}},
	}
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "hostile.json")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestHostileValuesReachNoTerminal(t *testing.T) {
	for _, size := range []int{0, 100_000} {
		name := hostileEvent(t, size)
		for _, output := range outputs {
			for _, command := range [][]string{{"explain", "--mine"}, {"explain"}, {"replay"}} {
				code, out := run("", append(command, "-o", output, name)...)
				if code != exitExplained || !strings.Contains(out, "subject-mismatch") {
					t.Errorf("%v in %s exits with %d:\n%.2000s", command, output, code, out)
				}
				harmless(t, out)
				if output != "json" && output != "sns" && len(out) > 120_000 {
					t.Errorf("%v in %s writes %d bytes", command, output, len(out))
				}
			}
		}
	}
}

// harmless fails on characters that act on a terminal or hide from a reader.
func harmless(t *testing.T, text string) {
	t.Helper()
	for at, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Fatalf("%U at byte %d: %q", r, at, text[max(at-40, 0):min(at+40, len(text))])
		}
	}
}

func TestHostileArgumentsReachNoTerminal(t *testing.T) {
	for _, args := range [][]string{
		{nasty},
		{"--" + nasty},
		{"explain", nasty},
		{"explain", "--account", nasty, "x"},
		{"explain", "--token", nasty, "x"},
		{"explain", "--expect", nasty, "x"},
		{"explain", "--output", nasty, "x"},
		{"explain", "--width", nasty, "x"},
		{"explain", "--error", nasty, "--role", nasty},
		{"replay", nasty},
		{"causes", nasty},
		{"eval", nasty},
	} {
		code, out := run(nasty, args...)
		if code == exitExplained || out == "" {
			t.Errorf("%q exits with %d and says %q", args, code, out)
		}
		harmless(t, out)
	}
}

func TestHostileInputReachesNoTerminal(t *testing.T) {
	for name, in := range map[string]string{
		"no JSON":    nasty,
		"broken":     `{"eventName": "` + nasty,
		"wrong type": `{"eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","eventTime":"` + `\u001b[2J\u202e` + `"}`,
	} {
		for _, command := range [][]string{{"explain", "-"}, {"eval"}} {
			code, out := run(in, command...)
			if code != exitFailure {
				t.Errorf("%s: %v exits with %d", name, command, code)
			}
			harmless(t, out)
		}
	}
}

func TestColorAsTheTerminalAllows(t *testing.T) {
	for name, c := range map[string]struct {
		columns int
		env     map[string]string
		want    bool
	}{
		"terminal":      {100, nil, true},
		"no terminal":   {0, nil, false},
		"NO_COLOR":      {100, map[string]string{"NO_COLOR": "1"}, false},
		"dumb terminal": {100, map[string]string{"TERM": "dumb"}, false},
	} {
		in := &invocation{Command: &Command{Columns: c.columns, Env: func(name string) string { return c.env[name] }}}
		if got := (&printer{in: in}).color(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestVersionOf(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}}}
	for want, info := range map[string]*debug.BuildInfo{"rolewhy v1.2.3 0123456789ab go1.26.0": info, "rolewhy unknown": nil} {
		if got := versionOf(info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestErrorsStayOnOneLine(t *testing.T) {
	_, out := run("", "explain", "a\nrolewhy: all is well")
	if want := "rolewhy: open a⟨U+000A⟩rolewhy: all is well: no such file or directory\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
}

func TestTableIsHarmless(t *testing.T) {
	row := tableRow("events/"+nasty+".json", &report.Report{Event: report.Event{Role: "arn:aws:iam::1:role/" + nasty}})
	harmless(t, strings.Join(row, "\n"))
}
