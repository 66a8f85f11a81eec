package idp

import (
	"slices"
	"strings"
)

// rulesOutGitHub judges a value at GitHub, whose subjects begin with the
// repository, or, customised, with one of its claims, and never end with the
// repository:
// https://docs.github.com/actions/reference/security/oidc
func rulesOutGitHub(_ *Provider, value string) bool {
	names, ok := strings.CutPrefix(value, "repo:")
	if !ok {
		return !mayBeClaims(value)
	}
	names, context, _ := strings.Cut(names, ":")
	if strings.ContainsAny(names, "*?") {
		return false // the wildcard may go beyond the names
	}
	owner, repository, _ := strings.Cut(names, "/")
	return owner == "" || repository == "" || strings.Contains(repository, "/") || context == "" || !mayBeClaims(context)
}

// mayBeClaims reports whether a list of key:value pairs, or pull_request,
// satisfies the pattern, as far as its first pair tells.
func mayBeClaims(pattern string) bool {
	fixed := fixedText(pattern)
	key, rest, paired := strings.Cut(fixed, ":")
	switch {
	case key == "pull_request":
		return true
	case paired && key == "ref":
		return rest != "" && strings.HasPrefix(rest, "refs/") || fixed != pattern && strings.HasPrefix("refs/", rest)
	case paired:
		return isGitHubKey(key) && (rest != "" || fixed != pattern)
	case fixed == pattern:
		return false // a word alone
	}
	return beginsGitHubKey(fixed)
}

// githubWords are keys of a customised subject that are no claims.
var githubWords = []string{"repo", "context", "pull_request"}

// isGitHubKey reports whether a subject can have this key. Words with an
// underscore may be claims that came later, or properties of a repository.
func isGitHubKey(key string) bool {
	return strings.Contains(key, "_") && isKey(key) || slices.Contains(githubWords, key) ||
		slices.Contains(githubNotKeys, key) || slices.ContainsFunc(githubClaims, func(c Claim) bool { return c.Name == key })
}

func beginsGitHubKey(text string) bool {
	begins := func(key string) bool { return strings.HasPrefix(key, text) }
	return strings.Contains(text, "_") && isKey(text) || slices.ContainsFunc(githubWords, begins) ||
		slices.ContainsFunc(githubNotKeys, begins) || slices.ContainsFunc(githubClaims, func(c Claim) bool { return begins(c.Name) })
}
