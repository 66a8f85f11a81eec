package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/caller/callertest"
	"github.com/rolewhy/rolewhy/pkg/cli"
)

const (
	hereRole  = "arn:aws:iam::111122223333:role/orders"
	hereEKS   = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	hereOfJob = "https://token.actions.githubusercontent.com"
)

var hereNow = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// here is one run of explain in a place, and the file with what it writes.
type here struct {
	golden  string
	issuer  string
	claims  map[string]any // beyond those that every token has; nil takes one out
	vars    []string
	files   map[string]string // by the variable that names them
	args    []string
	allowed bool
	exit    int
}

var heres = []here{
	{
		golden: "pod-denied.txt", issuer: hereEKS, claims: map[string]any{"sub": "system:serviceaccount:shop:orders", "kubernetes.io": map[string]any{"namespace": "shop"}},
		vars: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1", "AWS_ROLE_ARN=" + hereRole, "AWS_REGION=eu-west-1"}, args: []string{"--try"}, exit: 1,
	},
	{
		golden: "pod-denied.md", issuer: hereEKS, claims: map[string]any{"sub": "system:serviceaccount:shop:orders"},
		vars: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1", "AWS_ROLE_ARN=" + hereRole, "AWS_REGION=eu-west-1"}, args: []string{"--try", "-o", "markdown"}, exit: 1,
	},
	{
		golden: "pod-expired.txt", issuer: hereEKS, claims: map[string]any{"sub": "system:serviceaccount:shop:orders", "exp": hereNow.Add(-22 * time.Hour).Unix()},
		vars: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1", "AWS_ROLE_ARN=" + hereRole, "AWS_REGION=eu-west-1"}, args: []string{"--try"},
	},
	{
		golden: "pod-not-asked.txt", issuer: hereEKS, claims: map[string]any{"sub": "system:serviceaccount:shop:orders"},
		vars: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1", "AWS_ROLE_ARN=" + hereRole, "AWS_REGION=eu-west-1"}, exit: 1,
	},
	{golden: "pod-not-ready.txt", vars: []string{"KUBERNETES_SERVICE_HOST=10.0.0.1"}},
	{
		golden: "github-denied.json", issuer: hereOfJob, claims: map[string]any{"sub": "repo:acme/api:pull_request", "actor": "octocat", "event_name": "pull_request"},
		vars: []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/api", "GITHUB_JOB=deploy", "AWS_REGION=eu-west-1"}, args: []string{"--try", "-o", "json", "--role", hereRole}, exit: 1,
	},
	{
		golden: "github-account.txt", issuer: hereOfJob, claims: map[string]any{"sub": "repo:acme/api:pull_request"},
		vars:  []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/api", "GITHUB_JOB=deploy", "AWS_REGION=eu-west-1"},
		files: map[string]string{"--account": hereAccount}, args: []string{"--try", "--role", hereRole},
	},
	{
		golden: "github-allowed.txt", issuer: hereOfJob, claims: map[string]any{"sub": "repo:acme/api:ref:refs/heads/main"}, allowed: true,
		vars: []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/api", "GITHUB_JOB=deploy", "AWS_REGION=eu-west-1"}, args: []string{"--try", "--role", hereRole},
	},
	{
		golden: "github-permission.txt",
		vars:   []string{"GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=acme/api", "GITHUB_JOB=deploy", "GITHUB_WORKFLOW_REF=acme/api/.github/workflows/deploy.yml@refs/heads/main"}, args: []string{"--role", hereRole},
	},
	{
		golden: "github-fork.md", vars: []string{"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=pull_request", "GITHUB_JOB=deploy"},
		files: map[string]string{"GITHUB_EVENT_PATH": `{"pull_request":{"head":{"repo":{"full_name":"mallory/api"}},"base":{"repo":{"full_name":"acme/api"}}}}`}, args: []string{"-o", "markdown"},
	},
	{golden: "no-place.txt", exit: 2},
}

const hereAccount = `{"roles":[{"Arn":"arn:aws:iam::111122223333:role/orders","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity",
"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/api:ref:refs/heads/main"}}}]}}],
"oidcProviders":[{"Arn":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com","Url":"token.actions.githubusercontent.com","ClientIDList":["sts.amazonaws.com"]}]}`

// What explain writes in a place is what the files say.
func TestExplainHere(t *testing.T) {
	for _, h := range heres {
		t.Run(h.golden, func(t *testing.T) {
			code, out := h.run(t)
			if code != h.exit {
				t.Errorf("exits with %d, want %d", code, h.exit)
			}
			name := filepath.Join("testdata", "here", h.golden)
			if *update {
				if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), out); diff != "" {
				t.Errorf("%s (-want +got); make golden writes it anew:\n%s", name, diff)
			}
		})
	}
}

// Whatever is told in JSON has the form of its schema, and no other member.
func TestHereFitsItsSchema(t *testing.T) {
	for _, h := range heres {
		if h.golden == "no-place.txt" {
			continue // there is no place to tell of
		}
		t.Run(h.golden, func(t *testing.T) {
			h.args = append(slices.Clone(h.args), "-o", "json")
			_, out := h.run(t)
			cli.Fits(t, "../../docs/caller.schema.json", out)
		})
	}
}

// run makes the token and the files, and runs the command in that place.
func (h here) run(t *testing.T) (code int, output string) {
	t.Helper()
	args, vars := append([]string{"explain", "--width", "80"}, h.args...), h.vars
	if h.issuer != "" {
		name := write(t, "token", h.serve(t))
		if strings.HasPrefix(h.golden, "pod") {
			vars = append(vars, "AWS_WEB_IDENTITY_TOKEN_FILE="+name)
		} else {
			args = append(args, "--token", name)
		}
	}
	for name, text := range h.files {
		if file := write(t, "file", text); strings.HasPrefix(name, "--") {
			args = append(args, name, file)
		} else {
			vars = append(vars, name+"="+file)
		}
	}
	var out strings.Builder
	c := &cli.Command{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Env: func(string) string { return "" }, Environ: vars, Now: func() time.Time { return hereNow },
	}
	return c.Run(context.Background()), out.String()
}

// serve serves the issuer and STS, and returns the token.
func (h here) serve(t *testing.T) (token string) {
	t.Helper()
	issuer, err := callertest.NewIssuer(h.issuer)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{"aud": "sts.amazonaws.com", "iat": hereNow.Add(-time.Minute).Unix(), "exp": hereNow.Add(time.Hour).Unix()}
	for name, v := range h.claims {
		claims[name] = v
	}
	sts := &callertest.STS{
		Now: func() time.Time { return hereNow }, Client: callertest.NewInternet(t, issuer).Client(),
		Providers: map[string][]string{h.issuer: {"sts.amazonaws.com"}}, Trust: map[string]string{},
	}
	if h.allowed {
		sts.Trust[hereRole] = claims["sub"].(string)
	}
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_STS": sts.Serve(t), "AWS_MAX_ATTEMPTS": "1", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	token, err = issuer.Sign("ES256", claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func write(t *testing.T, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
