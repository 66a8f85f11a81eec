package audit

import (
	"slices"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Rule recognizes one fault of a trust policy. It is a value: its
// documentation is data, and docs/audit.md is generated from it.
type Rule struct {
	Kind  Kind
	Code  report.Code
	Title string // a noun phrase
	Doc   string // Markdown: what it is, how it comes about, what to do
	URL   string // the vendor page it rests on
	// Run looks for the fault in one role. Kind, Code, Role and Policy of what
	// it finds are filled in by the caller.
	Run func(*trust) []Finding
}

// Rules lists them all.
var Rules = []*Rule{
	strangersAdmitted,
	anyWorkload,
	statementNeverMatches,
	providersBothWanted,
	providerMisspelt,
	providerGone,
	immutableSubject,
	organizationRefuses,
	thumbprintDependent,
}

// KindText explains a kind of finding.
type KindText struct {
	Kind  Kind
	Title string // a noun phrase
	Doc   string // Markdown
}

// Kinds lists the kinds in the order in which findings are told.
var Kinds = []KindText{
	{TooOpen, "Somebody who has no business there can enter", `Proved: the finding shows an identity that the policy admits. rolewhy
makes tokens of tenants that no policy of the account names and puts them to the policy, with its Deny statements. A condition
that a caller cannot be known to satisfy, such as one on the address, counts as closed.`},
	{CannotWork, "Nobody can enter by this statement", `Proved: what stands in the way is failed by every token of the provider, and
not by the tokens alone that rolewhy thought of. Where a pattern might match a subject that it cannot think of, it is silent. The
finding has the cause that a denied call would have, and as an example the token that comes nearest.`},
	{LeftOver, "The role names a provider that is gone", `Nothing comes through it any more.`},
	{AboutToBreak, "It works, and an announced change ends that", `Information: nothing is wrong today.`},
}

// place is that of a kind among all.
func (k Kind) place() int {
	return slices.IndexFunc(Kinds, func(t KindText) bool { return t.Kind == k })
}
