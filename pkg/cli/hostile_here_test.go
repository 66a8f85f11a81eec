package cli

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/caller"
)

// hostileClaims are where such a value can stand in a token.
var hostileClaims = map[string]func(v string) map[string]any{
	"subject":     func(v string) map[string]any { return map[string]any{"sub": "repo:acme/api:environment:" + v} },
	"audience":    func(v string) map[string]any { return map[string]any{"aud": v} },
	"audiences":   func(v string) map[string]any { return map[string]any{"aud": []string{v, v}} },
	"azp":         func(v string) map[string]any { return map[string]any{"azp": v} },
	"issuer":      func(v string) map[string]any { return map[string]any{"iss": "https://" + v} },
	"any claim":   func(v string) map[string]any { return map[string]any{"actor": v, "x": map[string]any{v: v}} },
	"name":        func(v string) map[string]any { return map[string]any{v: "x"} },
	"roles claim": func(v string) map[string]any { return map[string]any{"https://aws.amazon.com/roles": v} },
	"environment": func(string) map[string]any { return nil },
}

// Every hostile value, in a token or a variable, leaves every form of output
// harmless.
func TestHostileTokensStayValues(t *testing.T) {
	for place, claims := range hostileClaims {
		for kind, value := range hostileValues {
			if kind == "not UTF-8" {
				continue // which JSON cannot hold
			}
			t.Run(place+"/"+kind, func(t *testing.T) {
				t.Parallel()
				token := hostileToken(t, claims(value))
				environ := []string{"GITHUB_ACTIONS=true", "AWS_REGION=eu-west-1"}
				if place == "environment" {
					environ = append(environ, "GITHUB_JOB="+value, "GITHUB_WORKFLOW="+value, "AWS_ROLE_SESSION_NAME="+value, "GITHUB_REPOSITORY="+value)
				}
				for _, output := range []string{"text", "json", "markdown", "github"} {
					out, summary := explainHere(t, environ, token, output)
					harmless(t, out+summary)
					if len(out) > 200_000 && output != "json" {
						t.Errorf("%s has %d bytes", output, len(out))
					}
					switch output {
					case "markdown":
						plainMarkdown(t, out)
					case "github":
						plainMarkdown(t, summary)
						obeysNobody(t, out)
					case "text":
						ownersCommand(t, out)
					}
				}
			})
		}
	}
}

func hostileToken(t *testing.T, changes map[string]any) string {
	t.Helper()
	claims := map[string]any{"iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/api:ref:refs/heads/main", "aud": "sts.amazonaws.com", "iat": 1772442000, "exp": 1772442600}
	for name, v := range changes {
		claims[name] = v
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return part(`{"alg":"RS256","kid":"k"}`) + "." + base64.RawURLEncoding.EncodeToString(raw) + "." + part(secret)
}

// explainHere runs explain with a token, and returns what it writes and the
// job summary.
func explainHere(t *testing.T, environ []string, token, output string) (out, summary string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "summary")
	var b strings.Builder
	c := &Command{
		Args: []string{"explain", "--token", "-", "--role", "arn:aws:iam::111122223333:role/deploy", "-o", output}, Stdin: strings.NewReader(token), Stdout: &b, Stderr: &b,
		Environ: environ, Env: func(name string) string { return map[string]string{"GITHUB_STEP_SUMMARY": file}[name] },
		Now: func() time.Time { return time.Date(2026, 3, 2, 9, 5, 0, 0, time.UTC) },
	}
	if code := c.Run(t.Context()); code > exitUnexplained {
		t.Fatalf("exits with %d: %.500s", code, b.String())
	}
	raw, err := os.ReadFile(file)
	if err != nil && output == "github" {
		t.Fatal(err)
	}
	return b.String(), string(raw)
}

// obeysNobody fails where the runner of GitHub would take a line for a command
// that is not one of the three of explain: the annotation, and those around the
// text, within which it takes none.
func obeysNobody(t *testing.T, log string) {
	t.Helper()
	first, rest, _ := strings.Cut(log, "\n")
	stop, rest, _ := strings.Cut(rest, "\n")
	resume, ok := strings.CutPrefix(stop, "::stop-commands::")
	if !strings.HasPrefix(first, "::error title=") || strings.Contains(strings.TrimPrefix(first, "::"), "::error") || !ok || len(resume) < 20 {
		t.Errorf("the log begins with\n%.300s\n%.300s", first, stop)
	}
	if strings.Count(rest, resume) != 1 || !strings.HasSuffix(rest, "\n::"+resume+"::\n") {
		t.Errorf("commands do not resume at the end of\n%.2000s", rest)
	}
}

func TestWorkflowCommands(t *testing.T) {
	p := &presence{Evidence: &caller.Evidence{}, remarks: []caller.Remark{{Grade: caller.Fault, Text: "100% a, b: c\r\n::error::d"}}}
	if got, want := p.annotation(), "::error title=rolewhy%3A why the login at AWS fails::100%25 a, b: c⟨U+000D⟩⟨U+000A⟩::error::d\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := forProperty("100%, a: b\r\n"), "100%25%2C a%3A b%0D%0A"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// ownersCommand runs the command for the people who own the role, with rolewhy
// replaced by what writes down its arguments and its input.
func ownersCommand(t *testing.T, text string) {
	t.Helper()
	_, command, ok := strings.Cut(text, "this explains it in full:\n\n")
	if !ok {
		return // too long to paste
	}
	run := shell("bash", "set -f +H\nrolewhy() { IFS= read -r line; printf '%s\\0' \"$line\" \"$@\"; }\n"+command, "--noprofile", "--norc")
	run.Dir = t.TempDir()
	out, err := run.CombinedOutput()
	got := strings.Split(string(out), "\x00")
	var claims map[string]any
	if err != nil || len(got) < 8 || json.Unmarshal([]byte(got[0]), &claims) != nil {
		t.Fatalf("%v: %.500q of %.500s", err, out, command)
	}
	want := []string{"explain", "--live", "--token", "-", "--role", "arn:aws:iam::111122223333:role/deploy", "--error", "AccessDenied"}
	if !reflect.DeepEqual(got[1:9], want) {
		t.Errorf("calls with %q", got[1:])
	}
	if made, err := os.ReadDir(run.Dir); err != nil || len(made) > 0 {
		t.Errorf("%v, makes %v", err, made)
	}
}
