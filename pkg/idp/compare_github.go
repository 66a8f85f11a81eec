package idp

import "strings"

// githubSub is a subject, or the value of a policy, of the form
// repo:OWNER/REPOSITORY:CONTEXT with or without ids, as far as it goes.
type githubSub struct {
	owner, ownerID           string
	repository, repositoryID string
	context                  string // behind the colon after the repository
	hasContext               bool
}

// splitGitHub takes s apart as far as it has the form; ok is false where not
// even repo:OWNER is there.
func splitGitHub(s string) (g githubSub, ok bool) {
	rest, ok := strings.CutPrefix(s, "repo:")
	if !ok {
		return g, false
	}
	names, context, found := strings.Cut(rest, ":")
	g.context, g.hasContext = context, found
	owner, repository, _ := strings.Cut(names, "/")
	g.owner, g.ownerID, _ = strings.Cut(owner, "@")
	g.repository, g.repositoryID, _ = strings.Cut(repository, "@")
	return g, true
}

func (g *githubSub) immutable() bool { return g.ownerID != "" || g.repositoryID != "" }

// compareGitHub names the difference between two subjects of GitHub's form:
// first of names and ids, then of what stands behind the repository.
func compareGitHub(c *comparison) {
	got, gotOK := splitGitHub(c.got)
	want, wantOK := splitGitHub(c.want)
	switch {
	case !gotOK && wantOK:
		c.addf(KindCustomised, "the subject does not begin with the repository: the repository or its organization has customised it")
		return
	case !gotOK:
		c.byParts()
		return
	case !wantOK:
		withoutRepo(c, &got)
		return
	}
	compareRepositories(c, &want, &got)
	if len(c.hints) == 0 || onlyNamesAside(c.hints) {
		compareContexts(c, &want, &got)
	}
	if len(c.hints) == 0 {
		c.byParts()
	}
}

// onlyNamesAside reports that the hints so far leave the repository the same.
func onlyNamesAside(hints []Hint) bool {
	for _, h := range hints {
		switch {
		case strings.HasPrefix(h.Kind, KindLetterCase):
		case h.Kind == KindImmutable, h.Kind == KindImmutableExtra, h.Kind == KindRenamed, h.Kind == KindRecycled:
		default:
			return false
		}
	}
	return true
}

// withoutRepo judges a wanted value that does not begin with repo:.
func withoutRepo(c *comparison, got *githubSub) {
	name := got.owner + "/" + got.repository
	switch {
	case strings.Contains(c.want, "github.com/"):
		c.addf(KindPrefixMissing, "the policy has an address, %s, where the subject begins with %s", Quote(c.want), Quote("repo:"+name))
	case strings.HasPrefix(c.want, name), strings.HasPrefix(c.want, got.owner+"/"):
		c.addf(KindPrefixMissing, "%s lacks %s at its start", Quote(c.want), Quote("repo:"))
	case strings.HasPrefix(c.want, "repository:"), strings.HasPrefix(c.want, "repos:"), strings.HasPrefix(strings.ToLower(c.want), "repo:"):
		c.addf(KindPrefix, "%s begins with another word than %s", Quote(c.want), Quote("repo:"))
	case strings.HasPrefix(c.want, "ref:"), strings.HasPrefix(c.want, "refs/"), strings.HasPrefix(c.want, "environment:"):
		c.addf(KindPrefixMissing, "%s lacks the repository, which is %s", Quote(c.want), Quote("repo:"+name))
	case keyed(c.want):
		c.addf(KindCustomised, "the policy wants a customised subject, %s; the subject has the default form", Quote(c.want))
	default:
		c.byParts()
	}
}

// keyed reports whether a value begins with one of the claims by which GitHub
// lets a subject be customised.
func keyed(s string) bool {
	key, _, _ := strings.Cut(s, ":")
	switch key {
	case "repository_owner", "repository_owner_id", "repository_id", "repository_visibility", "job_workflow_ref",
		"workflow", "workflow_ref", "context", "actor", "actor_id", "enterprise", "enterprise_id", "runner_environment":
		return true
	}
	return false
}

// compareRepositories compares owner and repository by name and id.
func compareRepositories(c *comparison, want, got *githubSub) {
	if doubled(c, want) {
		return
	}
	names := pairOf(c, want.owner, got.owner)
	repositories := pairOf(c, want.repository, got.repository)
	if want.repository == "" && strings.HasSuffix(want.owner, "*") {
		repositories = pairSame
	}
	switch {
	case want.immutable() && got.immutable():
		compareImmutable(c, want, got, names, repositories)
		return
	case got.immutable():
		formerForm(c, want, got, names, repositories)
		return
	case want.immutable() && names != pairOther && repositories != pairOther:
		c.addf(KindImmutableExtra, "the policy wants the ids of owner and repository, the subject carries none: %s", Quote(c.got))
	}
	nameHints(c, want, got, names, repositories)
}

// doubled finds repo:repo:, and a slash too many.
func doubled(c *comparison, want *githubSub) bool {
	switch {
	case strings.HasPrefix(c.want, "repo:repo:"):
		c.addf(KindDoubledValue, "the value of the policy begins with %s twice", Quote("repo:"))
	case strings.HasPrefix(c.want, "repo:https:"), strings.HasPrefix(c.want, "repo:github.com/"), strings.HasPrefix(want.owner, "github.com"):
		c.addf(KindForm, "the policy has an address in place of owner and repository: %s", Quote(c.want))
	case want.owner == "":
		c.addf(KindEmpty, "the owner in the value of the policy is empty: %s", Quote(c.want))
	case want.repository == "" && !strings.Contains(c.want, "/") && !strings.HasSuffix(want.owner, "*"):
		c.addf(KindPartMissing, "the value of the policy lacks the repository behind the owner %s", Quote(want.owner))
	case want.repository == "" && strings.Contains(c.want, "/"):
		c.addf(KindEmpty, "the repository in the value of the policy is empty: %s", Quote(c.want))
	default:
		return false
	}
	return true
}

// pair is how a wanted name relates to the one that came.
type pair int8

const (
	pairSame pair = iota
	pairCase      // same but for capitals
	pairOther
)

func pairOf(c *comparison, want, got string) pair {
	switch {
	case c.satisfied(want, got):
		return pairSame
	case c.satisfied(strings.ToLower(want), strings.ToLower(got)):
		return pairCase
	}
	return pairOther
}

// compareImmutable compares two subjects with ids.
func compareImmutable(c *comparison, want, got *githubSub, owner, repository pair) {
	sameOwnerID, sameRepositoryID := c.satisfied(want.ownerID, got.ownerID), c.satisfied(want.repositoryID, got.repositoryID)
	if want.repositoryID == "" && strings.HasSuffix(want.repository, "*") {
		sameRepositoryID = repository != pairOther
	}
	switch {
	case owner != pairOther && repository != pairOther && (!sameOwnerID || !sameRepositoryID):
		c.addf(KindRecycled, "the names are those of the policy, the ids are not: the policy wants %s, the subject has %s",
			Quote(idsOf(want)), Quote(idsOf(got)))
	case owner == pairOther && sameOwnerID && literal(want.ownerID):
		c.addf(KindRenamed, "owner %s has become %s, with the same id", Quote(want.owner), Quote(got.owner))
		owner = pairSame
	}
	if repository == pairOther && sameRepositoryID && literal(want.repositoryID) {
		c.addf(KindRenamed, "repository %s has become %s, with the same id", Quote(want.repository), Quote(got.repository))
		repository = pairSame
	}
	nameHints(c, want, got, owner, repository)
}

func literal(s string) bool { return s != "" && !strings.ContainsAny(s, "*?") }

func idsOf(g *githubSub) string { return g.ownerID + "/" + g.repositoryID }

// formerForm compares a wanted value without ids with a subject that has them.
// GitHub began to write them for repositories created, renamed or transferred
// after 15 July 2026.
func formerForm(c *comparison, want, got *githubSub, owner, repository pair) {
	switch {
	case owner == pairOther && repository != pairOther && literal(want.repository):
		c.addf(KindRenamed, "the policy wants owner %s, the subject has %s and ids: the owner was renamed or the repository transferred",
			Quote(want.owner), Quote(got.owner))
	case repository == pairOther && owner != pairOther && literal(want.owner):
		c.addf(KindRenamed, "the policy wants repository %s, the subject has %s and ids: it is another repository, or was renamed",
			Quote(want.repository), Quote(got.repository))
	case owner == pairOther:
		nameHints(c, want, got, owner, repository)
	}
	c.addf(KindImmutable, "the subject carries the ids of owner and repository, %s, the value of the policy does not",
		Quote(got.owner+"@"+got.ownerID+"/"+got.repository+"@"+got.repositoryID))
	if owner == pairCase || repository == pairCase {
		nameHints(c, want, got, owner, repository)
	}
}

// nameHints names owner and repository where they differ.
func nameHints(c *comparison, want, got *githubSub, owner, repository pair) {
	nameHint(c, owner, "owner", KindOwner, want.owner, got.owner)
	nameHint(c, repository, "repository", KindRepository, want.repository, got.repository)
}

func nameHint(c *comparison, p pair, name, kind, want, got string) {
	switch {
	case p == pairSame:
	case p == pairCase:
		c.add(caseHint(Part{Value: want}, Part{Name: name, Label: name, Value: got}))
	case mistyped(want, got):
		c.addf(KindTyping, "%s %s differs in one place from %s in the subject", name, Quote(want), Quote(got))
	default:
		c.addf(kind, "the policy wants %s %s, the subject has %s", name, Quote(want), Quote(got))
	}
}
