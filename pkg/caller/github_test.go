package caller

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The service of GitHub is asked once, with the secret and the audience; the
// secret is told to nobody else.
func TestGitHubTokenService(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		status       int
		want         string // beginning of the fault, "" for a token
	}{
		{"token", `{"value":"` + jwtOf(t, nil) + `"}`, 200, ""},
		{"refusal", "no " + secret, 403, "GitHub gave no ID token: its token service answered 403"},
		{"elsewhere", "", 302, "GitHub gave no ID token: its token service answered 302"},
		{"no token", `{"value":"` + secret + `"}`, 200, "the token service of GitHub, asked for the audience \"x\" holds no token"},
		{"no value", `{}`, 200, "GitHub gave no ID token: the answer of its token service holds none"},
		{"no JSON", `<html>` + secret, 200, "GitHub gave no ID token: the answer of its token service holds none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if q := req.URL.Query(); q.Get("audience") != "x" || q.Get("api-version") != "2.0" || req.Header.Get("Authorization") != "Bearer "+secret {
					t.Errorf("%s %v", req.URL, req.Header)
				}
				w.Header().Set("Location", "https://evil.example")
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.answer))
			}))
			defer server.Close()
			env := place(map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": server.URL + "/token?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": secret}, nil)
			checkGitHub(t, env, tt.want)
		})
	}
	env := place(map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:1/" + secret + "?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": secret}, nil)
	checkGitHub(t, env, "GitHub gave no ID token: its token service could not be reached")
}

func checkGitHub(t *testing.T, env Environment, want string) {
	t.Helper()
	e, err := Find(t.Context(), env, Wish{Audience: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if e.Token.Complete() != (want == "") {
		t.Errorf("%+v", e.Remarks)
	}
	for _, r := range e.Remarks {
		if !strings.HasPrefix(r.Text, want) || strings.Contains(r.Text+r.Fix, secret) {
			t.Errorf("%q, want %q", r.Text, want)
		}
	}
}

func TestGitHubForks(t *testing.T) {
	event := func(head, base string) string {
		repo := func(name string) map[string]any { return map[string]any{"repo": map[string]any{"full_name": name}} }
		raw, err := json.Marshal(map[string]any{"pull_request": map[string]any{"head": repo(head), "base": repo(base)}})
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for _, tt := range []struct {
		name, on, file string
		fork           bool
	}{
		{"fork", "pull_request", event("mallory/api", "acme/api"), true},
		{"fork that is gone", "pull_request", `{"pull_request":{"head":{"repo":null},"base":{"repo":{"full_name":"acme/api"}}}}`, true},
		{"branch", "pull_request", event("acme/api", "acme/api"), false},
		{"push", "push", event("mallory/api", "acme/api"), false},
		{"target", "pull_request_target", event("mallory/api", "acme/api"), false},
		{"no JSON", "pull_request", "x", false},
		{"another event", "pull_request", "{}", false},
	} {
		vars := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": tt.on, "GITHUB_EVENT_PATH": "/event"}
		e, err := Find(t.Context(), place(vars, map[string]string{"/event": tt.file}), Wish{})
		if err != nil || len(e.Remarks) != 1 || strings.Contains(e.Remarks[0].Text, "from a fork") != tt.fork {
			t.Errorf("%s: %+v, %v", tt.name, e.Remarks, err)
		}
	}
}

// Names that are no names stay out of what is to be pasted.
func TestGitHubSnippet(t *testing.T) {
	for _, tt := range []struct{ job, ref, wantJob, wantFile string }{
		{"deploy", "acme/api/.github/workflows/deploy.yml@refs/heads/main", "  deploy:\n", "in .github/workflows/deploy.yml;"},
		{"a: b\n", "acme/api/.github/workflows/a b.yml@x", "  JOB:\n", "in the workflow;"},
		{strings.Repeat("a", 101), "acme/api/.github/workflows/" + strings.Repeat("a", 97) + ".yml@x", "  JOB:\n", "in the workflow;"},
		{strings.Repeat("a", 100), "acme/api/.github/workflows/" + strings.Repeat("a", 96) + ".yml@x", "  " + strings.Repeat("a", 100) + ":\n", strings.Repeat("a", 96) + ".yml;"},
	} {
		e, err := Find(t.Context(), place(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_JOB": tt.job, "GITHUB_WORKFLOW_REF": tt.ref}, nil), Wish{})
		if err != nil {
			t.Fatal(err)
		}
		if r := e.Remarks[0]; !strings.Contains(r.Snippet, tt.wantJob) || !strings.Contains(r.Fix, tt.wantFile) || !strings.Contains(r.Snippet, "id-token: write") {
			t.Errorf("%+v", r)
		}
	}
}
