package callertest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/caller/callertest"
)

// A pod with a projected token.
func TestPod(t *testing.T) {
	for _, s := range situations {
		for _, algorithm := range []string{"RS256", "ES256"} {
			t.Run(s.name+"/"+algorithm, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				token := s.token(t, w, w.cluster, algorithm, podSubject)
				file := filepath.Join(t.TempDir(), "token")
				if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
					t.Fatal(err)
				}
				s.check(t, w, token, podSubject, []string{
					"KUBERNETES_SERVICE_HOST=10.0.0.1", "AWS_ROLE_ARN=" + role, "AWS_WEB_IDENTITY_TOKEN_FILE=" + file, "AWS_ENDPOINT_URL_STS=" + w.address,
				})
			})
		}
	}
}

// A job of GitHub Actions, which asks for its token.
func TestGitHubActions(t *testing.T) {
	for _, s := range situations {
		for _, algorithm := range []string{"RS256", "ES256"} {
			t.Run(s.name+"/"+algorithm, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				token := s.token(t, w, w.github, algorithm, jobSubject)
				service := callertest.ServeGitHub(t, func(string) (string, error) { return token, nil })
				s.check(t, w, token, jobSubject, []string{
					"GITHUB_ACTIONS=true", "ACTIONS_ID_TOKEN_REQUEST_URL=" + service, "ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + callertest.RequestToken,
					"AWS_ENDPOINT_URL_STS=" + w.address, "GITHUB_STEP_SUMMARY=" + filepath.Join(t.TempDir(), "summary"),
				}, "--role", role)
			})
		}
	}
}

// token makes the token of a situation.
func (s situation) token(t *testing.T, w *world, by *callertest.Issuer, algorithm, sub string) string {
	t.Helper()
	claims := fresh(sub)
	if s.alter != nil {
		s.alter(t, w, claims)
	}
	if s.sign != nil {
		by = s.sign(t, by)
	}
	token, err := by.Sign(algorithm, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// check runs explain in every form of output, and looks for what must be there
// and what must not.
func (s situation) check(t *testing.T, w *world, token, sub string, vars []string, args ...string) {
	t.Helper()
	hidden := secrets(t, token)
	explain := append([]string{"explain", "--try"}, args...)
	code, text := process(t, vars, explain...)
	if code != s.exit {
		t.Errorf("exits with %d, want %d:\n%s", code, s.exit, text)
	}
	for _, want := range append(s.want, "sub "+sub) {
		if !strings.Contains(folded(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	_, data := process(t, vars, append(explain, "-o", "json")...)
	s.checkJSON(t, data, sub)
	_, markdown := process(t, vars, append(explain, "-o", "markdown")...)
	_, untried := process(t, vars, append([]string{"explain"}, args...)...)
	leaksNothing(t, text+data+markdown+untried, hidden)
	for _, v := range vars {
		if name, ok := strings.CutPrefix(v, "GITHUB_STEP_SUMMARY="); ok {
			_, log := process(t, vars, append(explain, "-o", "github")...)
			summary, err := os.ReadFile(name)
			if err != nil || !strings.Contains(string(summary), "## The call of this place: GitHub Actions") {
				t.Errorf("summary: %v\n%s", err, summary)
			}
			leaksNothing(t, log+string(summary), hidden)
		}
	}
	for _, c := range w.sts.Calls() {
		if c.Credentials || c.Role != role || c.Duration != "900" {
			t.Errorf("STS got %+v", c)
		}
	}
}

func (s situation) checkJSON(t *testing.T, data, sub string) {
	t.Helper()
	var got struct {
		Schema, Subject string
		Report          *struct{ Findings []struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	cause := ""
	if s.cause != "" && got.Report != nil && len(got.Report.Findings) > 0 {
		cause = got.Report.Findings[0].Code
	}
	if got.Schema != "rolewhy.caller/1" || got.Subject != sub || cause != s.cause {
		t.Errorf("%s of %s, cause %q; want %q", got.Schema, got.Subject, cause, s.cause)
	}
}

// The account explains what STS keeps to itself, tried or not.
func TestWithTheAccount(t *testing.T) {
	w := newWorld(t)
	token := situation{}.token(t, w, w.github, "RS256", jobSubject)
	dir := t.TempDir()
	account, file := filepath.Join(dir, "account.json"), filepath.Join(dir, "token")
	for name, text := range map[string]string{account: accountFile, file: token} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, more := range [][]string{nil, {"--try"}} {
		code, text := process(t, []string{"AWS_ENDPOINT_URL_STS=" + w.address}, append([]string{"explain", "--token", file, "--role", role, "--account", account}, more...)...)
		if code != 0 || !strings.Contains(text, "[subject-mismatch]") || !strings.Contains(folded(text), "cause certain: ") {
			t.Errorf("%v: exits with %d:\n%s", more, code, text)
		}
		leaksNothing(t, text, secrets(t, token))
	}
}

const accountFile = `{"roles":[{"Arn":"arn:aws:iam::111122223333:role/deploy","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity",
"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/api:ref:refs/heads/main"}}}]}}],
"oidcProviders":[{"Arn":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com","Url":"token.actions.githubusercontent.com","ClientIDList":["sts.amazonaws.com"]}]}`

// What goes wrong before STS is asked is told, without the token.
func TestBeforeSTS(t *testing.T) {
	w := newWorld(t)
	token := situation{}.token(t, w, w.github, "ES256", jobSubject)
	dir := t.TempDir()
	file, claims := filepath.Join(dir, "token"), filepath.Join(dir, "claims")
	for name, text := range map[string]string{file: token, claims: `{"iss":"https://idp.example","sub":"s","aud":"a"}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		vars []string
		args []string
		code int
		want string
	}{
		{"no place", nil, nil, 2, "this is none of the places that make such calls"},
		{"a wrong place", nil, []string{"--place", "jenkins"}, 2, `--place: there is no place "jenkins"; there are github, gitlab`},
		{"no permission", []string{"GITHUB_ACTIONS=true"}, []string{"--try"}, 0, "it was not asked, or gave no answer: there is no token to send"},
		{"no role", nil, []string{"--try", "--token", file}, 1, "which role to ask for is not known"},
		{"claims alone", nil, []string{"--try", "--token", claims, "--role", role}, 0, "the claims alone are at hand"},
		{"STS out of reach", []string{"AWS_ENDPOINT_URL_STS=http://127.0.0.1:1"}, []string{"--try", "--token", file, "--role", role}, 1, "ask STS in eu-west-1: "},
		{"no credentials", nil, []string{"--live", "--token", file, "--role", role}, 3, "no AWS credentials were found"},
		{"slack", nil, []string{"--token", file, "-o", "slack"}, 2, "is none of text, json, markdown, github"},
		{"no summary", nil, []string{"--token", file, "-o", "github"}, 2, "GITHUB_STEP_SUMMARY, which names it, is not set"},
		{"a record", nil, []string{"--try", file}, 2, "--try, --audience and --place are about the call of this very place"},
	} {
		code, text := process(t, tt.vars, append([]string{"explain"}, tt.args...)...)
		if code != tt.code || !strings.Contains(folded(text), tt.want) {
			t.Errorf("%s: exits with %d, want %d with %q:\n%s", tt.name, code, tt.code, tt.want, text)
		}
		leaksNothing(t, text, secrets(t, token))
	}
}
