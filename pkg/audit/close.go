package audit

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// close finds changes after which the statement admits no stranger any more and
// whoever had a business there still is.
func (g *grant) close(o opening) (notes []string, fixes []report.Fix) {
	for _, p := range g.proposals(o) {
		if fix, ok := g.closed(p); ok {
			fixes = append(fixes, fix)
		}
	}
	switch {
	case len(fixes) > 0:
	case g.builtIn():
		notes = append(notes, "name the application in a condition on "+g.host+":"+g.idp.ClaimFor("aud"))
	default:
		notes = append(notes, "which owner is meant cannot be told from the policies of the account: name the owner in a condition on "+g.host+":"+g.idp.ClaimFor("sub"))
	}
	return notes, fixes
}

// proposals are changes that may close the door, the best first.
func (g *grant) proposals(o opening) (list []report.Fix) {
	if g.builtIn() {
		return nil
	}
	switch {
	case o.absent:
		list = append(list, g.wantKey(o.condition))
	case o.condition != nil:
		if values := g.idp.CloseOwner(o.value.Value); len(values) > 0 {
			return g.ending(o, values)
		}
	}
	if owner, ok := g.owners.only(g.host); ok {
		list = append(list, g.admitOnly(o, owner)...)
	}
	return list
}

// ending ends the name that a pattern begins. Where that is the beginning of
// names that the policies of the account have, and none of them itself, it is one
// of these that is meant, and ending it would let in whoever has the short name.
func (g *grant) ending(o opening, values []string) []report.Fix {
	begun, _ := g.idp.OwnerOfPattern(values[0])
	longer := g.owners.beginning(g.host, begun.Name)
	switch {
	case len(longer) == 0 || g.owners.named(g.host, begun.Name):
		return []report.Fix{g.replace(o, values, "end the owner's name")}
	case len(longer) > 1:
		return nil
	}
	name := longer[0].Name
	whole := g.idp.CloseOwner(strings.Replace(o.value.Value, begun.Name+"*", name+"*", 1))
	if len(whole) == 0 {
		return nil
	}
	return []report.Fix{g.replace(o, whole, "name "+idp.Quote(name)+", the one owner in the policies of the account whose name begins so,")}
}

// wantKey has a condition test the subject, or what its key names, and not be
// satisfied by a missing key.
func (g *grant) wantKey(k *policy.Condition) report.Fix {
	key := k.Key.Value
	for _, v := range k.Values {
		if _, ok := g.idp.OwnerOfPattern(v.Value); ok {
			key = g.host + ":" + g.idp.ClaimFor("sub")
		}
	}
	plain := k.Op
	plain.Set, plain.IfExists = policy.NoSet, false
	edits := []policy.Edit{}
	if key != k.Key.Value {
		edits = append(edits, policy.Edit{Kind: policy.RenameKey, Statement: g.statement.Index, Operator: k.Operator.Value, Key: k.Key.Value, New: key})
	}
	if plain != k.Op {
		edits = append(edits, policy.Edit{Kind: policy.ChangeOperator, Statement: g.statement.Index, Operator: k.Operator.Value, Key: key, New: plain.String()})
	}
	return g.fix(fmt.Sprintf("test %s with %s in statement %d, which wants the key to be there", idp.Quote(key), plain, g.statement.Index+1), edits...)
}

// replace puts values in the place of the one that leaves the owner open.
func (g *grant) replace(o opening, values []string, what string) report.Fix {
	at := policy.Edit{Statement: g.statement.Index, Operator: o.condition.Operator.Value, Key: o.condition.Key.Value}
	edits := []policy.Edit{}
	for i, value := range values {
		edit := at
		edit.Kind, edit.New = policy.AddValue, value
		if i == 0 {
			edit.Kind, edit.Value = policy.ReplaceValue, o.value.Value
		}
		edits = append(edits, edit)
	}
	return g.fix(fmt.Sprintf("%s in statement %d: %s in the place of %s", what, g.statement.Index+1, quoted(values), idp.Quote(o.value.Value)), edits...)
}

// admitOnly admits the one owner whom the policies of the account name.
func (g *grant) admitOnly(o opening, owner idp.Owner) (list []report.Fix) {
	patterns := g.idp.OwnerPatterns(owner)
	if len(patterns) == 0 {
		return nil
	}
	what := fmt.Sprintf("admit %s alone, the one owner that the policies of the account name,", idp.Quote(owner.Name))
	if o.condition != nil && !o.absent {
		if head, tail, ok := strings.Cut(o.value.Value, "*"); ok {
			if narrow := g.idp.CloseOwner(head + owner.Name + "*" + tail); len(narrow) > 0 {
				list = append(list, g.replace(o, narrow, what))
			}
		}
		return append(list, g.replace(o, patterns, what))
	}
	text, err := json.Marshal(patterns)
	if err != nil {
		return nil
	}
	return []report.Fix{g.fix(fmt.Sprintf("%s by a condition on %s in statement %d", what, g.idp.ClaimFor("sub"), g.statement.Index+1), policy.Edit{
		Kind: policy.AddCondition, Statement: g.statement.Index, Operator: "StringLike", Key: g.host + ":" + g.idp.ClaimFor("sub"), New: string(text),
	})}
}

func quoted(values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = idp.Quote(v)
	}
	return strings.Join(words, " and ")
}

func (g *grant) fix(message string, edits ...policy.Edit) report.Fix {
	return report.Fix{Message: message, Target: report.TrustPolicy, Edits: edits}
}

// closed is the fix with the whole policy after it, if the statement admits no
// stranger any more, somebody still and everybody whom it names, and IAM saves
// it.
func (g *grant) closed(f report.Fix) (report.Fix, bool) {
	doc, err := g.doc.Apply(f.Edits...)
	if err != nil || g.unsavable(doc) {
		return f, false
	}
	after := g.in(doc)
	after.search()
	if after.works == nil || after.admittedStranger() != nil || !g.keepsNamed(after) {
		return f, false
	}
	f.Policy = string(doc.Source)
	return f, true
}

// keepsNamed tells whether a changed grant admits the tokens of owners that the
// grant names and admits.
func (g *grant) keepsNamed(after *grant) bool {
	want, audiences := g.wanted(), g.audiences()
	for v := range g.wantedSubjects() {
		if _, ok := g.idp.OwnerOfPattern(v); !ok {
			continue
		}
		for sub := range g.fill(v) {
			for _, aud := range audiences {
				if t := g.token(sub, aud, want); g.admits(t) && !after.admits(t) {
					return false
				}
			}
		}
	}
	return true
}

// unsavable tells whether IAM refuses a changed policy. It holds the whole of it
// against its rules, so that a policy with two faults needs both mended.
func (t *trust) unsavable(doc *policy.Document) bool { return doc.Savable(t.saveOptions()) != nil }
