package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var immutableSubject = &Rule{
	Kind:  AboutToBreak,
	Code:  "immutable-subject",
	Title: "The policy knows GitHub repositories by name alone",
	Doc: `Repositories of github.com that are created, renamed or transferred after 15 July 2026, and those that opted in, have
subjects with ids: ` + "`repo:OWNER@OWNER-ID/REPO@REPO-ID:…`" + `. All others keep the form without ids until that happens to them. A policy
that names owner and repository without ids denies a repository from the moment on. GitHub Enterprise Server has no such form.

What to do: before a rename or a transfer, and for new repositories, add the form with ids beside the other. The command tells
what subjects of the repository begin with, as ` + "`sub_claim_prefix`" + `.`,
	URL: "https://docs.github.com/en/actions/reference/security/oidc",
	Run: findNameBased,
}

// findNameBased looks for policies that know their repositories by name and by
// no id, for one finding a role.
func findNameBased(t *trust) []Finding {
	for _, g := range t.grants {
		if g.works == nil || g.idp.ImmutableSince().IsZero() {
			continue
		}
		for _, k := range g.subjectConditions() {
			for _, v := range k.Values {
				if owner, ok := g.idp.OwnerOfPattern(v.Value); ok && owner.ID == "" && !g.coversIDs(owner) {
					return []Finding{g.nameBased(v, owner)}
				}
			}
		}
	}
	return nil
}

// coversIDs tells whether the statement admits subjects of the owner that have
// ids, by some value.
func (g *grant) coversIDs(owner idp.Owner) bool {
	for other := range g.wantedSubjects() {
		o, ok := g.idp.OwnerOfPattern(other)
		if ok && o.Name == owner.Name && (o.ID != "" || policy.Like(other, "repo:"+owner.Name+"@1/x@2:ref:refs/heads/main")) {
			return true
		}
	}
	return false
}

func (g *grant) nameBased(v policy.Text, owner idp.Owner) Finding {
	day := g.idp.ImmutableSince().Format("2 January 2006")
	return Finding{
		Certainty: report.Possible, Provider: g.principal.Value, Where: g.place(v.Span),
		Message: fmt.Sprintf("%s of statement %d knows its repositories by name and not by id", idp.Quote(v.Value), g.statement.Index+1),
		Notes: []string{fmt.Sprintf("a repository that is created, renamed or transferred after %s, or opts in, has subjects such as repo:%s@OWNER-ID/REPO@REPO-ID:…, which this value does not match",
			day, owner.Name)},
		Fixes: []report.Fix{addIDs(owner)},
	}
}

// addIDs says how to learn what subjects of the repository begin with.
func addIDs(owner idp.Owner) report.Fix {
	repository, of := owner.Repository, "of the repository"
	if repository == "" {
		repository, of = "REPO", "of each of its repositories that are new"
	}
	return report.Fix{
		Message:  "before that, add a value with the prefix that subjects " + of + " have, beside the present one",
		Target:   report.TrustPolicy,
		Commands: []string{"gh api " + report.ShellQuote("repos/"+owner.Name+"/"+repository+"/actions/oidc/customization/sub")},
	}
}
