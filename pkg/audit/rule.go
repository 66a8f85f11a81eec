package audit

import "github.com/rolewhy/rolewhy/pkg/report"

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
