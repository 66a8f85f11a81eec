package idp

import "strings"

// compareGitLab names what people get wrong in GitLab's form, which is
// project_path:GROUP/PROJECT:ref_type:TYPE:ref:NAME.
func compareGitLab(c *comparison) {
	gotPath, gotRef, ok := strings.Cut(strings.TrimPrefix(c.got, "project_path:"), ":")
	wantPath, wantRef, wantHasRef := strings.Cut(strings.TrimPrefix(c.want, "project_path:"), ":")
	switch {
	case !ok || !strings.HasPrefix(c.got, "project_path:"):
		c.byParts()
	case !strings.HasPrefix(c.want, "project_path:"):
		c.addf(KindPrefixMissing, "%s does not begin with %s", Quote(c.want), Quote("project_path:"))
	case !c.satisfied(wantPath, gotPath):
		comparePaths(c, wantPath, gotPath)
		c.refType(wantRef)
	case !wantHasRef:
		c.addf(KindNothingAfter, "the value of the policy ends with the project, the subject goes on with %s", Quote(":"+gotRef))
	case c.refType(wantRef):
	case strings.HasPrefix(wantRef, "ref_type:") && strings.Contains(wantRef, ":ref:refs/"):
		c.addf(KindRefPrefixExtra, "the policy has %s before the ref, the subject has the plain name: %s", Quote("refs/"), Quote(gotRef))
	case strings.HasPrefix(wantRef, "ref:"):
		c.addf(KindPartMissing, "the value of the policy lacks %s before %s", Quote("ref_type:"), Quote(wantRef))
	case c.otherRefType():
	default:
		c.byParts()
	}
}

// otherRefType finds a tag where a branch is wanted, and the reverse.
func (c *comparison) otherRefType() bool {
	want, got := c.w.Value("ref-type"), c.g.Value("ref-type")
	if want == "" || c.satisfied(want, got) || (want != "branch" && want != "tag") || (got != "branch" && got != "tag") {
		return false
	}
	kind := KindTag
	if got == "branch" {
		kind = KindBranch
	}
	c.addf(kind, "the pipeline runs for the %s %s, the policy wants %s", got, Quote(c.g.Value("ref")), oneOf(want, c.w.Value("ref")))
	return true
}

// refType finds ref_type:mr, which GitLab never writes: the pipeline of a
// merge request has its source branch.
func (c *comparison) refType(want string) bool {
	value, ok := strings.CutPrefix(want, "ref_type:")
	if value, _, _ = strings.Cut(value, ":"); !ok || value != "mr" && value != "merge_request" && value != "merge_request_event" {
		return false
	}
	c.addf(KindMergeRequest, "the policy wants %s, which no subject has: a merge request runs with the type of its source branch, %s",
		Quote("ref_type:"+value), Quote(c.g.Value("ref-type")))
	return true
}

// comparePaths compares group and project; the last segment is the project.
func comparePaths(c *comparison, want, got string) {
	wantGroup, wantProject := cutLastSlash(want)
	gotGroup, gotProject := cutLastSlash(got)
	switch {
	case strings.EqualFold(want, got):
		c.addf(KindLetterCase+"-project", "project %s is written %s in the subject", Quote(want), Quote(got))
	case mistyped(want, got):
		c.addf(KindTyping, "project %s differs in one place from %s in the subject", Quote(want), Quote(got))
	case c.satisfied(wantProject, gotProject):
		c.addf(KindOwner, "the policy wants group %s, the subject has %s", Quote(wantGroup), Quote(gotGroup))
	default:
		c.addf(KindProject, "the policy wants project %s, the subject has %s", Quote(want), Quote(got))
	}
}

func cutLastSlash(s string) (before, after string) {
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}
