package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"runtime/debug"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/sarif"
)

// auditLevels are the levels of the kinds.
var auditLevels = map[audit.Kind]string{
	audit.TooOpen: sarif.Error, audit.CannotWork: sarif.Warning, audit.LeftOver: sarif.Note, audit.AboutToBreak: sarif.Note,
}

// securitySeverity is what code scanning calls high: a stranger takes over a
// role.
const securitySeverity = "8.0"

// sarif writes the findings for code scanning.
func (r *audited) sarif(b *bytes.Buffer) error {
	results := make([]sarif.Result, len(r.Findings))
	for i := range r.Findings {
		results[i] = auditResult(&r.Findings[i], r.homes[i])
	}
	return sarif.Write(b, ownVersion(), auditRules(), results)
}

func auditRules() []sarif.Rule {
	all := make([]sarif.Rule, len(audit.Rules))
	for i, rule := range audit.Rules {
		all[i] = sarif.Rule{
			ID: string(rule.Code), Title: rule.Title, Help: rule.Doc, URL: rule.URL,
			Level: auditLevels[rule.Kind], Tags: []string{"iam", "oidc", string(rule.Kind)},
		}
		if rule.Kind == audit.TooOpen {
			all[i].Security, all[i].Tags = securitySeverity, append(all[i].Tags, "security")
		}
	}
	return all
}

func auditResult(f *audit.Finding, h home) sarif.Result {
	r := sarif.Result{
		Rule: string(f.Code), Level: level(auditLevels[f.Kind], f.Certainty), Message: inWords(f), Name: f.Role,
		Properties: map[string]string{"kind": string(f.Kind), "certainty": string(f.Certainty)},
	}
	path := ""
	if f.Where != nil {
		path = f.Where.Path
	}
	file := ""
	if h.role != nil {
		file = h.role.file.Name
		r.File, r.Region = file, h.region()
		if len(f.Fixes) > 0 {
			r.Fix = h.role.fix(&f.Fixes[0])
		}
	}
	r.Fingerprint = fingerprint(string(f.Code), file, f.Role, f.Provider, path)
	return r
}

// level is that of a kind, lowered for what is merely possible.
func level(usual string, c report.Certainty) string {
	if c == report.Possible {
		return sarif.Note
	}
	return usual
}

// inWords is a finding in a few sentences.
func inWords(f *audit.Finding) string {
	sentences := []string{f.Message}
	if f.Admitted != nil {
		sentences = append(sentences, "the policy admits "+f.Admitted.Subject+" ("+f.Admitted.Who+")")
	}
	sentences = append(sentences, f.Notes...)
	if len(f.Fixes) > 0 {
		sentences = append(sentences, "fix: "+f.Fixes[0].Message)
	}
	return sentence(sentences)
}

// mostMessage bounds the columns of a message.
const mostMessage = 2000

// sentence makes sentences of clauses.
func sentence(clauses []string) string {
	for i, s := range clauses {
		if s != "" {
			clauses[i] = strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
		}
	}
	return report.Shorten(strings.Join(clauses, " "), mostMessage)
}

// fingerprint is the same for a finding however the lines of its file move.
func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// region is the place of a finding, or the line of the policy.
func (h home) region() sarif.Region {
	if h.place == nil {
		return sarif.Region{StartLine: h.role.Line}
	}
	start, end := h.role.Columns(*h.place)
	return sarif.Region{StartLine: h.place.Line, StartColumn: start, EndLine: h.place.EndLine, EndColumn: end}
}

// fix is the change of the file that a fix comes to, nil where that cannot be
// told exactly.
func (r *filed) fix(f *report.Fix) *sarif.Fix {
	if f.Policy == "" || r.Account {
		return nil
	}
	place, text, ok := r.Edit(f.Policy)
	if !ok {
		return nil
	}
	start, end := r.Columns(place)
	return &sarif.Fix{
		Message: f.Message, Text: text,
		Region: sarif.Region{StartLine: place.Line, StartColumn: start, EndLine: place.EndLine, EndColumn: end},
	}
}

// ownVersion is the version of this program, "" where it is not known.
func ownVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.Main.Version
}
