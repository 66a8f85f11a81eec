package caller

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

var gitlab = &Place{
	ID: "gitlab", Name: "GitLab CI/CD", Looks: "GITLAB_CI, and a variable that the job names under id_tokens",
	RoleAt: "--role, or in AWS_ROLE_ARN",
	Docs:   "https://docs.gitlab.com/ci/secrets/id_token_authentication/",
	is:     func(env Environment) bool { return env.Get("GITLAB_CI") == "true" },
	look:   lookGitLab,
}

func lookGitLab(_ context.Context, env Environment, w Wish, e *Evidence) {
	e.roleFrom(env, "AWS_ROLE_ARN", "ROLE_ARN") // the second is that of GitLab's guide
	e.Detail = strings.TrimSpace("project " + env.Get("CI_PROJECT_PATH") + ", job " + env.Get("CI_JOB_NAME"))
	if e.given() {
		return
	}
	all := idTokens(env)
	if len(all) == 0 {
		e.remark(withoutIDTokens(env, w))
		return
	}
	pick := all[0]
	for _, name := range all[1:] {
		if fitness(env, name, w) > fitness(env, pick, w) {
			pick = name
		}
	}
	e.found([]byte(env.Get(pick)), "the variable "+pick)
	if len(all) > 1 {
		e.note(fmt.Sprintf("the job has several ID tokens: %s; --token with a file looks at another one", strings.Join(all, ", ")))
	}
}

// idTokens are the variables that hold ID tokens, whose names the job chooses,
// in the order of their names. Those of GitLab's own making begin with CI_.
func idTokens(env Environment) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(env.Variables)) {
		t, err := Parse([]byte(env.Get(name)))
		if err != nil || !t.Complete() || strings.HasPrefix(name, "CI_") {
			continue
		}
		if _, ok := t.Claims["project_path"]; ok || t.Text("iss") != "" && t.Text("iss") == env.Get("CI_SERVER_URL") {
			names = append(names, name)
		}
	}
	return names
}

// fitness tells how likely a token is the one for AWS.
func fitness(env Environment, name string, w Wish) (n int) {
	t, err := Parse([]byte(env.Get(name)))
	if err != nil {
		return 0
	}
	if audience, _ := Audience(t.Claims); audience == cmp.Or(w.Audience, actionAudience) {
		n += 2
	}
	if strings.Contains(name, "AWS") {
		n++
	}
	return n
}

var instance = lazyregexp.New(`^https://[A-Za-z0-9./:_-]+$`)

func withoutIDTokens(env Environment, w Wish) Remark {
	audience := w.Audience
	if url := env.Get("CI_SERVER_URL"); audience == "" && len(url) <= 200 && instance.MatchString(url) {
		audience = url
	}
	return Remark{
		Grade:   Fault,
		Text:    "the job has no ID token: no variable holds one of this GitLab",
		Fix:     "name one under id_tokens in the job, with an audience that the IAM OIDC provider lists among its client ids; CI_JOB_JWT is gone since GitLab 17.0",
		Snippet: "id_tokens:\n  AWS_ID_TOKEN:\n    aud: " + yamlText(audience),
	}
}

// yamlText writes text as a scalar between single quotes, and what cannot
// stand there as a word to be filled in.
func yamlText(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "AUDIENCE"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
