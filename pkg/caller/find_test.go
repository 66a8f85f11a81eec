package caller

import (
	"context"
	"errors"
	"io/fs"
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

// found is what is found in an environment.
type found struct {
	name, place string // the place
	vars, files map[string]string
	from, role  string // where the token comes from, and the role
	remarks     []string
}

func find(t *testing.T, cases []found) {
	t.Helper()
	for _, tt := range cases {
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

// inPod are the variables of a pod that EKS made ready.
var inPod = map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1", "AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": awsToken, "AWS_REGION": "eu-west-1"}

func TestFindPod(t *testing.T) {
	own := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:api", "aud": "https://kubernetes.default.svc"})
	aws := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:api"})
	other := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:default"})
	find(t, []found{
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
	})
}

func TestFindGitLab(t *testing.T) {
	gitlabToken := jwtOf(t, map[string]any{"iss": "https://gitlab.example", "project_path": "a/b", "aud": "https://gitlab.example"})
	gitlabForAWS := jwtOf(t, map[string]any{"iss": "https://gitlab.example", "project_path": "a/b"})
	find(t, []found{
		{"GitLab", "gitlab", map[string]string{"GITLAB_CI": "true", "CI_SERVER_URL": "https://gitlab.example", "ROLE_ARN": role, "A_TOKEN": gitlabToken, "CI_JOB_JWT": gitlabToken, "PASSWORD": "x.y.z"}, nil, "the variable A_TOKEN", role, nil},
		{"GitLab, several", "gitlab", map[string]string{"GITLAB_CI": "true", "A_TOKEN": gitlabToken, "B_TOKEN": gitlabForAWS}, nil, "the variable B_TOKEN", nothing, []string{"note: the job has several ID tokens: A_TOKEN, B_TOKEN"}},
		{"GitLab without", "gitlab", map[string]string{"GITLAB_CI": "true", "CI_SERVER_URL": "https://gitlab.example", "CI_JOB_JWT_V2": gitlabToken}, nil, nothing, nothing, []string{"fault: the job has no ID token"}},
	})
}

func TestFindOtherSystems(t *testing.T) {
	aws := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:api"})
	other := jwtOf(t, map[string]any{"sub": "system:serviceaccount:shop:default"})
	plan := jwtOf(t, map[string]any{"terraform_run_phase": "plan"})
	find(t, []found{
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
	})
}

func TestFindGitHub(t *testing.T) {
	find(t, []found{
		{"GitHub without permission", "github", map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_JOB": "deploy"}, nil, nothing, nothing, []string{"fault: the job may not ask for an ID token"}},
		{"GitHub, half of it", "github", map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "https://x"}, nil, nothing, nothing, []string{"fault: the job may not ask for an ID token"}},
		{"GitHub, not by https", "github", map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": "http://evil.example/" + secret, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": secret}, nil, nothing, nothing, []string{"fault: GitHub gave no ID token: ACTIONS_ID_TOKEN_REQUEST_URL is no https address"}},
	})
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
