package caller

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// jwtOf is the text of a token with healthy claims and these changes.
func jwtOf(t testing.TB, changes map[string]any) string {
	t.Helper()
	return of(t, header(), with(changes)).Token.Reveal()
}

// place is an environment of variables and files. A file whose text is an
// error cannot be read.
func place(vars map[string]string, files map[string]string) Environment {
	env := OfProcess(nil)
	env.Variables = vars
	env.ReadFile = func(name string) ([]byte, error) {
		switch text, ok := files[name]; {
		case !ok:
			return nil, fs.ErrNotExist
		case text == "forbidden":
			return nil, fs.ErrPermission
		case text == "broken":
			return nil, errors.New("input/output error")
		default:
			return []byte(text), nil
		}
	}
	env.Run = func(context.Context, string, ...string) ([]byte, error) { return nil, errors.New("exit status 1") }
	return env
}

const (
	awsToken = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
	nothing  = ""
)

func TestFind(t *testing.T) {
	own := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:api", "aud": "https://kubernetes.default.svc"})
	aws := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:api"})
	other := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:default"})
	inPod := map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1", "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": awsToken, "AWS_REGION": "eu-west-1"}
	gitlabToken := jwtOf(t, map[string]any{"iss": "https://gitlab.example", "project_path": "a/b", "aud": "https://gitlab.example"})
	gitlabForAWS := jwtOf(t, map[string]any{"iss": "https://gitlab.example", "project_path": "a/b"})
	plan := jwtOf(t, map[string]any{"terraform_run_phase": "plan"})
	for _, tt := range []struct {
		name, place string // the place that is found
		vars, files map[string]string
		from, role  string // where the token comes from, and the role
		remarks     []string
	}{
		{"pod", "pod", inPod, map[string]string{awsToken: aws, ownToken: own}, "the file that AWS_WEB_IDENTITY_TOKEN_FILE names", role, nil},
		{"pod of another account", "pod", inPod, map[string]string{awsToken: other, ownToken: own}, "the file that AWS_WEB_IDENTITY_TOKEN_FILE names", role, []string{
			"doubt: the token for AWS is that of service account shop:default, while the pod runs as shop:api",
		}},
		{"pod that was not made ready", "pod", map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, map[string]string{ownToken: own}, nothing, nothing, []string{"fault: AWS_WEB_IDENTITY_TOKEN_FILE is not set"}},
		{"pod without any token", "pod", map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, nil, nothing, nothing, []string{"fault: AWS_WEB_IDENTITY_TOKEN_FILE is not set"}},
		{"file of another user", "pod", inPod, map[string]string{awsToken: "forbidden"}, nothing, role, []string{"fault: the file that AWS_WEB_IDENTITY_TOKEN_FILE names may not be read"}},
		{"file that is gone", "pod", inPod, nil, nothing, role, []string{"fault: the file that AWS_WEB_IDENTITY_TOKEN_FILE names is not there"}},
		{"file that breaks", "pod", inPod, map[string]string{awsToken: "broken"}, nothing, role, []string{"fault: the file that AWS_WEB_IDENTITY_TOKEN_FILE names could not be read"}},
		{"file with something else", "pod", inPod, map[string]string{awsToken: "error: " + secret}, nothing, role, []string{"fault: the file that AWS_WEB_IDENTITY_TOKEN_FILE names holds no token: it is neither a JWT"}},
		{"keys and Pod Identity", "pod", merged(inPod, "AWS_ACCESS_KEY_ID", "AKIA", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/x"), map[string]string{awsToken: aws}, "the file that AWS_WEB_IDENTITY_TOKEN_FILE names", role, []string{
			"doubt: AWS_ACCESS_KEY_ID is set", "note: EKS Pod Identity is set up here too",
		}},
		{"variables of AWS", "variables", map[string]string{"AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, map[string]string{"/t": aws}, "the file that AWS_WEB_IDENTITY_TOKEN_FILE names", role, nil},

		{"GitLab", "gitlab", map[string]string{"GITLAB_CI": "true", "CI_SERVER_URL": "https://gitlab.example", "ROLE_ARN": role, "A_TOKEN": gitlabToken, "CI_JOB_JWT": gitlabToken, "PASSWORD": "x.y.z"}, nil, "the variable A_TOKEN", role, nil},
		{"GitLab, several", "gitlab", map[string]string{"GITLAB_CI": "true", "A_TOKEN": gitlabToken, "B_TOKEN": gitlabForAWS}, nil, "the variable B_TOKEN", nothing, []string{"note: the job has several ID tokens: A_TOKEN, B_TOKEN"}},
		{"GitLab without", "gitlab", map[string]string{"GITLAB_CI": "true", "CI_SERVER_URL": "https://gitlab.example", "CI_JOB_JWT_V2": gitlabToken}, nil, nothing, nothing, []string{"fault: the job has no ID token"}},

		{"CircleCI", "circleci", map[string]string{"CIRCLECI": "true", "CIRCLE_OIDC_TOKEN": other, "CIRCLE_OIDC_TOKEN_V2": aws, "AWS_ROLE_ARN": role}, nil, "the variable CIRCLE_OIDC_TOKEN_V2", role, []string{"note: CIRCLE_OIDC_TOKEN is set too"}},
		{"CircleCI without", "circleci", map[string]string{"CIRCLECI": "true"}, nil, nothing, nothing, []string{"fault: the job has no ID token"}},
		{"CircleCI, fork", "circleci", map[string]string{"CIRCLECI": "true", "CIRCLE_PR_USERNAME": "x"}, nil, nothing, nothing, []string{"fault: the job has no ID token"}},

		{"Bitbucket", "bitbucket", map[string]string{"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_STEP_OIDC_TOKEN": aws, "AWS_OIDC_ROLE_ARN": role}, nil, "the variable BITBUCKET_STEP_OIDC_TOKEN", role, nil},
		{"Bitbucket in a pod", "bitbucket", merged(inPod, "BITBUCKET_BUILD_NUMBER", "7", "BITBUCKET_STEP_OIDC_TOKEN", aws), nil, "the variable BITBUCKET_STEP_OIDC_TOKEN", role, []string{"doubt: the job runs in a pod that has a role of its own"}},
		{"Bitbucket in a pod, with a role", "bitbucket", merged(inPod, "BITBUCKET_BUILD_NUMBER", "7", "BITBUCKET_STEP_OIDC_TOKEN", aws, "AWS_ROLE_ARN", "", "AWS_OIDC_ROLE_ARN", role), nil, "the variable BITBUCKET_STEP_OIDC_TOKEN", role, nil},
		{"Bitbucket without", "bitbucket", map[string]string{"BITBUCKET_BUILD_NUMBER": "7"}, nil, nothing, nothing, []string{"fault: the step has no ID token"}},

		{"Buildkite without", "buildkite", map[string]string{"BUILDKITE": "true", buildkitePlugin + "ROLE_ARN": role}, nil, nothing, role, []string{"fault: buildkite-agent gave no ID token"}},

		{"HCP Terraform", "terraform", map[string]string{"TFC_RUN_ID": "run-1", "TFC_WORKLOAD_IDENTITY_TOKEN": plan, "TFC_AWS_PLAN_ROLE_ARN": role, "TFC_AWS_RUN_ROLE_ARN": "other"}, nil, "the variable TFC_WORKLOAD_IDENTITY_TOKEN", role, nil},
		{"HCP Terraform, tags", "terraform", map[string]string{"TFC_WORKLOAD_IDENTITY_TOKEN_B": aws, "TFC_WORKLOAD_IDENTITY_TOKEN_A": aws, "TFC_AWS_RUN_ROLE_ARN": role}, nil, "the variable TFC_WORKLOAD_IDENTITY_TOKEN_A", role, []string{"note: the run has several tokens"}},
		{"HCP Terraform without", "terraform", map[string]string{"TFC_RUN_ID": "run-1"}, nil, nothing, nothing, []string{"fault: the run has no token"}},

		{"GitHub without permission", "github", map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_JOB": "deploy"}, nil, nothing, nothing, []string{"fault: the job may not ask for an ID token"}},
		{"GitHub, half of it", "github", map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x"}, nil, nothing, nothing, []string{"fault: the job may not ask for an ID token"}},
		{"GitHub, not by https", "github", map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "http://evil.example/" + secret, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": secret}, nil, nothing, nothing, []string{"fault: GitHub gave no ID token: ACTIONS_ID_TOKEN_REQUEST_URL is no https address"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Find(t.Context(), place(tt.vars, tt.files), Wish{})
			if err != nil {
				t.Fatal(err)
			}
			if e.Place.ID != tt.place || e.Role != tt.role || e.TokenFrom != tt.from || e.Token.Known() != (tt.from != nothing) {
				t.Errorf("place %s, role %s, token %v from %s", e.Place.ID, e.Role, e.Token.Known(), e.TokenFrom)
			}
			compareRemarks(t, e.Remarks, tt.remarks)
			for _, r := range e.Remarks {
				if strings.Contains(r.Text+r.Fix+r.Snippet, secret) {
					t.Errorf("%q is in %+v", secret, r)
				}
			}
		})
	}
}

// merged is a map with further pairs.
func merged(m map[string]string, pairs ...string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func TestFindNothing(t *testing.T) {
	_, err := Find(t.Context(), place(map[string]string{"HOME": "/", "AWS_ROLE_ARN": role}, nil), Wish{})
	var unknown *NotRecognized
	if !errors.As(err, &unknown) {
		t.Fatalf("%v", err)
	}
	for _, p := range Places {
		if !strings.Contains(err.Error(), p.Name) || !strings.Contains(err.Error(), p.Looks) {
			t.Errorf("%q is not told of in %s", p.Name, err)
		}
	}
	if _, err := Find(t.Context(), place(nil, nil), Wish{Place: "jenkins"}); err == nil || !strings.HasPrefix(err.Error(), `there is no place "jenkins"; there are github, `) {
		t.Errorf("%v", err)
	}
}

// A job that runs in a pod is a job; the pod is looked at when asked for.
func TestFindOneOfTwo(t *testing.T) {
	env := place(map[string]string{"BITBUCKET_BUILD_NUMBER": "7", "KUBERNETES_SERVICE_HOST": "10.0.0.1", "AWS_WEB_IDENTITY_TOKEN_FILE": awsToken}, nil)
	for wish, want := range map[string]string{"": "bitbucket and pod", "pod": "pod and bitbucket"} {
		e, err := Find(t.Context(), env, Wish{Place: wish})
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Place.ID + " and " + e.Others[0].ID; got != want || len(e.Others) != 1 {
			t.Errorf("%s, want %s; %d others", got, want, len(e.Others))
		}
	}
}

// What is given goes before what is found.
func TestFindWhatIsGiven(t *testing.T) {
	held := of(t, header(), healthy()).Token
	env := place(map[string]string{"KUBERNETES_SERVICE_HOST": "x", "AWS_ROLE_ARN": "other", "AWS_WEB_IDENTITY_TOKEN_FILE": awsToken}, nil)
	e, err := Find(t.Context(), env, Wish{Token: &held, Role: role})
	if err != nil || e.Role != role || e.TokenFrom != "--token" || len(e.Remarks) > 0 {
		t.Errorf("%+v, %v", e, err)
	}
	e, err = Find(t.Context(), place(nil, nil), Wish{Token: &held})
	if err != nil || e.Place.ID != "elsewhere" {
		t.Errorf("without a place: %+v, %v", e, err)
	}
}

func TestBuildkiteAgent(t *testing.T) {
	env := place(map[string]string{"BUILDKITE": "true", "BUILDKITE_JOB_ID": "j1"}, nil)
	env.Run = func(_ context.Context, name string, args ...string) ([]byte, error) {
		if name+" "+strings.Join(args, " ") != "buildkite-agent oidc request-token --audience x" {
			return nil, errors.New("usage")
		}
		return []byte(jwtOf(t, nil) + "\n"), nil
	}
	e, err := Find(t.Context(), env, Wish{Audience: "x"})
	if err != nil || !e.Token.Complete() || e.Session != "buildkite-job-j1" {
		t.Errorf("%+v, %v", e, err)
	}
}

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
