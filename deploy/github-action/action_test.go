// Package githubaction_test runs the script of the action as the runner of
// GitHub does: a process with variables and files.
package githubaction_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/caller/callertest"
)

const (
	role    = "arn:aws:iam::111122223333:role/deploy"
	actions = "https://token.actions.githubusercontent.com"
	subject = "repo:acme/api:environment:a%0A::error::b\n::error::c"
)

// job is a job of GitHub Actions whose login failed.
type job struct {
	dir, summary string
	vars         []string
	token        string
	sts          *callertest.STS
}

func newJob(t *testing.T) *job {
	t.Helper()
	issuer, err := callertest.NewIssuer(actions)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	j := &job{dir: t.TempDir()}
	j.summary = filepath.Join(j.dir, "summary.md")
	j.token, err = issuer.Sign("RS256", map[string]any{"sub": subject, "aud": "sts.amazonaws.com", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()})
	if err != nil {
		t.Fatal(err)
	}
	j.sts = &callertest.STS{
		Now: time.Now, Client: callertest.NewInternet(t, issuer).Client(),
		Providers: map[string][]string{actions: {"sts.amazonaws.com"}}, Trust: map[string]string{},
	}
	service := callertest.ServeGitHub(t, func(string) (string, error) { return j.token, nil })
	j.vars = []string{
		"GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY=" + j.summary, "RUNNER_TEMP=" + j.dir, "AWS_ENDPOINT_URL_STS=" + j.sts.Serve(t), "AWS_MAX_ATTEMPTS=1",
		"AWS_REGION=", "AWS_PROFILE=", "AWS_CONFIG_FILE=" + os.DevNull, "ACTIONS_ID_TOKEN_REQUEST_URL=" + service, "ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + callertest.RequestToken,
		"ROLEWHY_ROLE=" + role, "ROLEWHY_AUDIENCE=sts.amazonaws.com", "ROLEWHY_REGION=eu-central-1", "ROLEWHY_VERSION=",
	}
	return j
}

// run runs the script, and returns what it leaves: the log and the summary.
func (j *job) run(t *testing.T, vars ...string) (code int, log, summary string) {
	t.Helper()
	script, err := filepath.Abs("explain")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), script)
	cmd.Dir = t.TempDir() // a job's working directory is not that of the action
	cmd.Env = slices.Concat(os.Environ(), j.vars, vars)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(j.summary)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	j.clean(t, cmd.Dir)
	return cmd.ProcessState.ExitCode(), out.String(), string(raw)
}

// clean fails where the script left something behind.
func (j *job) clean(t *testing.T, workspace string) {
	t.Helper()
	for _, dir := range []string{j.dir, workspace} {
		left, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range left {
			if file.Name() != filepath.Base(j.summary) {
				t.Errorf("the script leaves %s behind", file.Name())
			}
		}
	}
}

// Without a version, what is run is built from the source of the action.
func TestDeniedLogin(t *testing.T) {
	j := newJob(t)
	code, log, summary := j.run(t)
	if code != 0 {
		t.Errorf("exits with %d:\n%s", code, log)
	}
	for _, want := range []string{"## The call of this place: GitHub Actions", "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", "To send to the people who own the role:", "region      eu-central-1"} {
		if !strings.Contains(summary, want) {
			t.Errorf("no %q in the summary\n%s", want, summary)
		}
	}
	if !strings.HasPrefix(log, "::error title=rolewhy%3A why the login at AWS fails::not visible from the caller's side") {
		t.Errorf("the log begins with\n%.500s", log)
	}
	commands := regexp.MustCompile(`(?m)^\s*::([a-z-]+)[: ]`).FindAllStringSubmatch(log, -1)
	if len(commands) != 2 || commands[0][1] != "error" || commands[1][1] != "stop-commands" {
		t.Errorf("the runner would obey %q in\n%s", commands, log)
	}
	j.leaksNothing(t, log+summary)
	if calls := j.sts.Calls(); len(calls) != 1 || calls[0].Role != role || calls[0].Session != "GitHubActions" || calls[0].Credentials {
		t.Errorf("STS got %+v", calls)
	}
}

func (j *job) leaksNothing(t *testing.T, text string) {
	t.Helper()
	parts := strings.Split(j.token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(parts, string(signature), callertest.RequestToken, callertest.SessionToken, callertest.SecretKey, callertest.AccessKey) {
		if strings.Contains(text, s) {
			t.Errorf("%.40q is shown", s)
		}
	}
}

func TestLoginThatWorksNow(t *testing.T) {
	j := newJob(t)
	j.sts.Trust[role] = subject
	code, log, summary := j.run(t)
	if code != 0 || !strings.HasPrefix(log, "::notice title=") || !strings.Contains(summary, "it let the call through now, in eu-central-1") {
		t.Errorf("exits with %d:\n%s", code, log)
	}
	j.leaksNothing(t, log+summary)
}

func TestJobWithoutPermission(t *testing.T) {
	j := newJob(t)
	code, _, summary := j.run(t, "ACTIONS_ID_TOKEN_REQUEST_URL=", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=", "GITHUB_JOB=deploy")
	if want := "jobs:\n  deploy:\n    permissions:\n      id-token: write\n      contents: read\n"; code != 0 || !strings.Contains(summary, want) {
		t.Errorf("exits with %d:\n%s", code, summary)
	}
	if len(j.sts.Calls()) > 0 {
		t.Error("STS was asked without a token")
	}
}

// A version is installed by go install; what is none reaches no program.
func TestVersion(t *testing.T) {
	for version, want := range map[string]struct {
		code  int
		calls string
	}{
		"v1.2.3":             {0, "install github.com/rolewhy/rolewhy@v1.2.3\n"},
		"v1.2.3-rc.1":        {0, "install github.com/rolewhy/rolewhy@v1.2.3-rc.1\n"},
		"latest":             {2, ""},
		"v1.2.3 -exec=touch": {2, ""},
		"$(touch owned)":     {2, ""},
	} {
		j, fake := newJob(t), t.TempDir()
		calls := filepath.Join(fake, "calls")
		stub := "#!/bin/sh\necho \"$@\" >>" + calls + "\nprintf '#!/bin/sh\\necho \"$@\"\\n' >\"$GOBIN/rolewhy\"\nchmod +x \"$GOBIN/rolewhy\"\n"
		if err := os.WriteFile(filepath.Join(fake, "go"), []byte(stub), 0o755); err != nil {
			t.Fatal(err)
		}
		code, log, _ := j.run(t, "ROLEWHY_VERSION="+version, "PATH="+fake+":"+os.Getenv("PATH"))
		got, err := os.ReadFile(calls)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if code != want.code || string(got) != want.calls {
			t.Errorf("%s: exits with %d, go %q:\n%s", version, code, got, log)
		}
		if options := "explain --try --place github --output github --role " + role + " --audience sts.amazonaws.com --region eu-central-1\n"; code == 0 && log != options {
			t.Errorf("%s: runs rolewhy %s", version, log)
		}
	}
}

// The inputs reach the script as variables, all of them and nothing else.
func TestInputs(t *testing.T) {
	metadata, script := read(t, "action.yml"), read(t, "explain")
	variable := regexp.MustCompile(`ROLEWHY_[A-Z]+`)
	set, used := unique(variable.FindAllString(metadata, -1)), unique(variable.FindAllString(script, -1))
	if !slices.Equal(set, used) {
		t.Errorf("action.yml sets %q, the script uses %q", set, used)
	}
	for line := range strings.Lines(metadata) {
		if strings.Contains(line, "${{") && !strings.HasPrefix(strings.TrimSpace(line), "ROLEWHY_") {
			t.Errorf("an expression outside of env: %s", line)
		}
	}
}

func unique(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
