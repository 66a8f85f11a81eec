package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// impossible tells of a condition on the subject all values of which are such
// as the provider never writes.
func (g *grant) impossible() []Finding {
	for _, k := range g.subjectConditions() {
		if len(k.Values) == 0 || slices.ContainsFunc(k.Values, func(v policy.Text) bool { return !g.idp.Impossible(v.Value) }) {
			continue
		}
		v := k.Values[0]
		f := Finding{
			Certainty: report.Certain, Cause: "subject-mismatch", Where: g.place(v.Span), Docs: g.idp.Docs,
			Message: fmt.Sprintf("no subject of %s is like %s, which statement %d wants", g.idp.Name, idp.Quote(v.Value), g.statement.Index+1),
			Fixes:   g.lengthened(k, v.Value),
		}
		if strings.HasPrefix(g.near.sub, v.Value) {
			f.Notes = append(f.Notes, "subjects go on behind it, as in "+idp.Quote(g.near.sub))
		}
		f.Notes = append(f.Notes, "its subjects have the form "+g.forms())
		return []Finding{f}
	}
	return nil
}

// mostForms bounds the forms that a note lists.
const mostForms = 3

// forms are those that the provider's subjects have, in its words.
func (g *grant) forms() string {
	var list []string
	for i := range g.idp.Subjects {
		if form := g.idp.Subjects[i].Plain(); len(list) < mostForms && !slices.Contains(list, form) {
			list = append(list, form)
		}
	}
	return strings.Join(list, " or ")
}

// lengthened lets a value that lacks its end match all subjects that begin with
// it, where it names its owner.
func (g *grant) lengthened(k *policy.Condition, value string) []report.Fix {
	pattern := value + ":*"
	if owner, ok := g.idp.OwnerOfPattern(value); !ok || owner.Repository == "" || g.idp.Impossible(pattern) || strings.ContainsAny(value, "*?") {
		return nil
	}
	at := policy.Edit{Statement: g.statement.Index, Operator: k.Operator.Value, Key: k.Key.Value}
	like := at
	like.Kind, like.New = policy.ChangeOperator, "StringLike"
	replace := at
	replace.Kind, replace.Value, replace.New = policy.ReplaceValue, value, pattern
	edits := []policy.Edit{replace}
	if k.Op.Exact() {
		edits = []policy.Edit{replace, like}
	}
	f := g.fix(fmt.Sprintf("let statement %d want %s under StringLike, or name the one subject that is meant", g.statement.Index+1, idp.Quote(pattern)), edits...)
	f.Loosens, f.Admits = true, "every subject that begins with "+idp.Quote(value+":")
	doc, err := g.doc.Apply(edits...)
	if err != nil || !g.revives(string(doc.Source)) {
		return nil
	}
	f.Policy = string(doc.Source)
	return []report.Fix{f}
}
