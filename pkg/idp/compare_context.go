package idp

import "strings"

// compareContexts names the difference behind owner and repository.
func compareContexts(c *comparison, want, got *githubSub) {
	if !want.hasContext {
		if !strings.HasSuffix(c.want, "*") || !c.pattern {
			c.addf(KindNothingAfter, "the value of the policy ends with the repository, the subject goes on with %s", Quote(":"+got.context))
		}
		return
	}
	if c.satisfied(want.context, got.context) {
		return
	}
	gotKind, gotValue, gotMore := context(got.context)
	wantKind, wantValue, wantMore := context(want.context)
	switch {
	case want.context == "":
		c.addf(KindEmpty, "the value of the policy ends with a colon, the subject goes on with %s", Quote(got.context))
	case gotMore != "" && c.satisfied(want.context, strings.TrimSuffix(got.context, ":"+gotMore)):
		c.addf(KindCustomised, "the subject is customised: %s follows what the policy wants", Quote(":"+gotMore))
	case gotKind == "environment" && wantKind != "environment":
		c.addf(KindEnvironmentForm, "the job names the environment %s, which stands in the subject in place of %s", Quote(gotValue), Quote(want.context))
	case gotKind == "pull_request" && wantKind != "pull_request":
		c.addf(KindPullRequest, "the run is for a pull request, whose subject has %s in place of %s", Quote("pull_request"), Quote(want.context))
	case wantKind == "environment" && gotKind != "environment":
		c.addf(KindNoEnvironment, "the policy wants environment %s, the job names none: the subject has %s", Quote(wantValue), Quote(got.context))
	case wantKind == "pull_request" && gotKind != "pull_request":
		c.addf(KindNotPullRequest, "the policy wants a pull request, the run is for %s", Quote(got.context))
	case wantKind == "":
		bareRef(c, want.context, gotKind, gotValue, got.context)
	default:
		compareRefs(c, wantKind, wantValue, gotKind, gotValue)
		moreHints(c, wantMore, gotMore)
	}
}

// context takes apart what follows the repository: its kind is environment,
// pull_request, branch, tag, ref, or "" where it is none of these; more is
// the list behind it, of a customised subject.
func context(s string) (kind, value, more string) {
	if rest, ok := strings.CutPrefix(s, "pull_request"); ok && (rest == "" || rest[0] == ':') {
		return "pull_request", "", strings.TrimPrefix(rest, ":")
	}
	if rest, ok := strings.CutPrefix(s, "environment:"); ok {
		value, more, _ = strings.Cut(rest, ":")
		return "environment", value, more
	}
	rest, ok := strings.CutPrefix(s, "ref:")
	if !ok {
		return "", s, ""
	}
	value, more, _ = strings.Cut(rest, ":")
	if branch, ok := strings.CutPrefix(value, "refs/heads/"); ok {
		return "branch", branch, more
	}
	if tag, ok := strings.CutPrefix(value, "refs/tags/"); ok {
		return "tag", tag, more
	}
	return "ref", value, more
}

// bareRef judges a wanted context that has no known word in front.
func bareRef(c *comparison, want, gotKind, gotValue, got string) {
	bare := strings.TrimPrefix(strings.TrimPrefix(want, "refs/"), "heads/")
	bare = strings.TrimPrefix(strings.TrimPrefix(bare, "branch:"), "tags/")
	switch {
	case (gotKind == "branch" || gotKind == "tag") && c.satisfied(bare, gotValue):
		c.addf(KindRefPrefix, "%s stands in the policy where the subject has %s", Quote(want), Quote(got))
	case (gotKind == "branch" || gotKind == "tag") && strings.HasPrefix(want, "refs/"):
		c.addf(KindRefPrefix, "%s lacks %s in front, and the subject has %s", Quote(want), Quote("ref:"), Quote(got))
	case keyed(want):
		c.addf(KindCustomised, "the policy wants the customised %s, the subject has %s", Quote(want), Quote(got))
	default:
		c.addf(KindForm, "behind the repository the policy wants %s, the subject has %s", Quote(want), Quote(got))
	}
}

// compareRefs compares two contexts of one family: environments, or refs.
func compareRefs(c *comparison, wantKind, want, gotKind, got string) {
	switch {
	case wantKind == "ref" && (gotKind == "branch" || gotKind == "tag") && c.satisfied(strings.TrimPrefix(want, "heads/"), got):
		c.addf(KindRefPrefix, "%s lacks %s before the name", Quote("ref:"+want), Quote(fullRef(gotKind)))
	case wantKind == "branch" && gotKind == "tag":
		c.addf(KindTag, "the run is for the tag %s, the policy wants %s", Quote(got), oneOf("branch", want))
	case wantKind == "tag" && gotKind == "branch":
		c.addf(KindBranch, "the run is for the branch %s, the policy wants %s", Quote(got), oneOf("tag", want))
	case c.satisfied(want, got) && wantKind == gotKind:
	case strings.EqualFold(want, got):
		c.add(caseHint(Part{Value: want}, Part{Name: gotKind, Label: gotKind, Value: got}))
	case strings.HasPrefix(want, "refs/heads/") && wantKind == "branch":
		c.addf(KindDoubledValue, "the branch in the policy has %s twice in front", Quote("refs/heads/"))
	default:
		c.differs(Part{Name: gotKind, Label: gotKind, Value: got})
		c.rename(gotKind, want, got)
	}
}

// oneOf names a branch or a tag, or what a pattern lets in of them.
func oneOf(what, value string) string {
	switch {
	case value == "*":
		return "a " + what
	case literal(value):
		return "the " + what + " " + Quote(value)
	}
	return "a " + what + " like " + Quote(value)
}

// rename writes the hint for a context again with both values, since the
// parts of want have other names where the contexts are of two kinds.
func (c *comparison) rename(kind, want, got string) {
	last := &c.hints[len(c.hints)-1]
	if last.Kind == partKind(kind) || last.Kind == KindEmpty {
		*last = hintf(last.Kind, "the policy wants %s %s, the subject has %s", label(kind), Quote(want), Quote(got))
	}
}

func fullRef(kind string) string {
	if kind == "tag" {
		return "refs/tags/"
	}
	return "refs/heads/"
}

// moreHints compares the lists of customised subjects.
func moreHints(c *comparison, want, got string) {
	switch {
	case want == got, c.satisfied(want, got):
	case want == "":
		c.addf(KindCustomised, "the subject is customised and ends with %s, the value of the policy does not", Quote(":"+got))
	case got == "":
		c.addf(KindCustomised, "the policy wants %s at the end, the subject has it not", Quote(":"+want))
	default:
		c.addf(KindCustomised, "the policy wants %s at the end, the subject has %s", Quote(":"+want), Quote(":"+got))
	}
}
