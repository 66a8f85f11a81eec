package caller

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

var githubActions = &Place{
	ID: "github", Name: "GitHub Actions",
	Looks:  "GITHUB_ACTIONS, ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN",
	RoleAt: "--role, as role-to-assume: of the step that logs in has it",
	Docs:   "https://docs.github.com/en/actions/reference/security/oidc",
	is: func(env Environment) bool {
		return env.Get("GITHUB_ACTIONS") == "true" || env.Get("ACTIONS_ID_TOKEN_REQUEST_URL") != ""
	},
	look: lookGitHub,
}

// actionAudience is what configure-aws-credentials asks for by default.
const actionAudience = "sts.amazonaws.com"

func lookGitHub(ctx context.Context, env Environment, w Wish, e *Evidence) {
	e.Detail = githubJob(env)
	e.Session = cmp.Or(e.Session, "GitHubActions") // as configure-aws-credentials has it
	if e.given() {
		return
	}
	address, secret := env.Get("ACTIONS_ID_TOKEN_REQUEST_URL"), env.Get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
	if address == "" || secret == "" {
		e.remark(withoutIDToken(env))
		return
	}
	audience := cmp.Or(w.Audience, actionAudience)
	raw, err := askGitHub(ctx, env.Client, address, secret, audience)
	if err != nil {
		e.fault("GitHub gave no ID token: "+err.Error(), "run the job again; where it stays so, see https://www.githubstatus.com")
		return
	}
	e.found(raw, fmt.Sprintf("the token service of GitHub, asked for the audience %q", audience))
}

// githubJob tells workflow and job.
func githubJob(env Environment) string {
	var parts []string
	for _, v := range [...]struct{ label, name string }{
		{"repository", "GITHUB_REPOSITORY"}, {"workflow", "GITHUB_WORKFLOW"}, {"job", "GITHUB_JOB"}, {"event", "GITHUB_EVENT_NAME"},
	} {
		if value := env.Get(v.name); value != "" {
			parts = append(parts, v.label+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// withoutIDToken says why a job gets no token. GitHub sets the variables only
// for jobs that have the permission.
// https://docs.github.com/en/actions/reference/security/oidc#workflow-permissions-for-the-requesting-the-oidc-token
func withoutIDToken(env Environment) Remark {
	if fromFork(env) {
		return Remark{
			Grade: Fault,
			Text:  "this run is for a pull request from a fork: GitHub gives such runs no ID token, whatever their permissions say",
			Fix:   "leave the login out for pull requests from forks, with the condition below on the step or the job; what needs AWS runs after the merge",
			Snippet: "if: github.event_name != 'pull_request' || " +
				"github.event.pull_request.head.repo.full_name == github.repository",
		}
	}
	where := "the workflow"
	if file := workflowFile(env); file != "" {
		where = file
	}
	return Remark{
		Grade: Fault,
		Text:  "the job may not ask for an ID token: it lacks the permission id-token: write",
		Fix: "give the job the permission, in " + where + "; a job that names permissions loses all that it does not name, so contents: read stands beside it. " +
			"Where the job is in a reusable workflow, the job that calls it needs the same permission",
		Snippet: "jobs:\n  " + jobName(env) + ":\n    permissions:\n      id-token: write\n      contents: read",
	}
}

var (
	jobID    = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	fileName = lazyregexp.New(`^[A-Za-z0-9._-]+\.ya?ml$`)
)

func jobName(env Environment) string {
	if name := env.Get("GITHUB_JOB"); len(name) <= 100 && jobID.MatchString(name) {
		return name
	}
	return "JOB"
}

// workflowFile is the path within the repository, from owner/repo/path@ref.
func workflowFile(env Environment) string {
	ref, _, _ := strings.Cut(env.Get("GITHUB_WORKFLOW_REF"), "@")
	if name := path.Base(ref); len(name) <= 100 && fileName.MatchString(name) {
		return ".github/workflows/" + name
	}
	return ""
}

// fromFork tells whether the run is for a pull request from another
// repository.
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
func fromFork(env Environment) bool {
	if env.Get("GITHUB_EVENT_NAME") != "pull_request" {
		return false
	}
	type repository struct {
		Name string `json:"full_name"`
	}
	var event struct {
		PullRequest struct {
			Head, Base struct{ Repo repository }
		} `json:"pull_request"`
	}
	raw, err := env.ReadFile(env.Get("GITHUB_EVENT_PATH"))
	if err != nil || json.Unmarshal(raw, &event) != nil {
		return false
	}
	head, base := event.PullRequest.Head.Repo.Name, event.PullRequest.Base.Repo.Name
	return base != "" && head != base // a fork that is gone leaves no head
}

// largest bounds the answer of a token service.
const largest = 1 << 20

// askGitHub asks for a token with an audience. Neither the address nor the
// secret gets into an error.
// https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
func askGitHub(ctx context.Context, client *http.Client, address, secret, audience string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || !secure(u) {
		return nil, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL is no https address")
	}
	query := u.Query()
	query.Set("audience", audience)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, errors.New("ACTIONS_ID_TOKEN_REQUEST_URL cannot be asked")
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	res, err := client.Do(req)
	if err != nil {
		return nil, errors.New("its token service could not be reached")
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("its token service answered %d", res.StatusCode)
	}
	var answer struct {
		Value string `json:"value"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, largest)).Decode(&answer); err != nil || answer.Value == "" {
		return nil, errors.New("the answer of its token service holds none")
	}
	return []byte(answer.Value), nil
}

// secure tells whether a secret may be sent there: by https, or to this
// machine.
func secure(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}
