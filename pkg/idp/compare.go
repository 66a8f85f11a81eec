package idp

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// maxHints bounds how many differences of one pair of values are named.
const maxHints = 4

// comparison is one wanted value beside the subject that came.
type comparison struct {
	provider  *Provider
	want, got string
	pattern   bool // want has stars that are taken as such
	w, g      Subject
	hints     []Hint
}

// Compare names how want, a value of a policy, differs from the subject got,
// the most telling difference first. pattern says that the operator takes * and
// ? of want as wildcards. It returns nil where got satisfies want.
func (p *Provider) Compare(want, got string, pattern bool) []Hint {
	if want == got || pattern && policy.Like(want, got) {
		return nil
	}
	if open, name := openVariables(want); name != "" {
		if policy.Like(open, got) {
			return []Hint{hintf(KindVariable, "the policy variable %s has no value here, or another than the subject has", Quote(name))}
		}
		want, pattern = open, true
	}
	starred := strings.ContainsAny(want, "*?")
	if !pattern && starred && policy.Like(want, got) {
		return []Hint{hintf(KindLiteralStar, "%s matches the subject as a pattern only", Quote(want))}
	}
	c := &comparison{provider: p, want: want, got: got, pattern: starred}
	if c.disguised() || c.unfilled() {
		return c.hints
	}
	c.w, c.g = p.Parse(want), p.Parse(got)
	if c.letterCase() {
		return c.hints
	}
	if p.compare != nil {
		p.compare(c)
	} else {
		c.byParts()
	}
	if !pattern && starred {
		c.add(hintf(KindLiteralStar, "the operator takes the wildcard in %s as a plain character", Quote(want)))
	}
	return c.hints[:min(len(c.hints), maxHints)]
}

func (c *comparison) add(h Hint) { c.hints = append(c.hints, h) }

func (c *comparison) addf(kind, format string, args ...any) { c.add(hintf(kind, format, args...)) }

// satisfied reports whether got satisfies want, two corresponding parts.
func (c *comparison) satisfied(want, got string) bool {
	return want == got || c.pattern && policy.Like(want, got)
}

// disguised finds values that read alike but hold other characters.
func (c *comparison) disguised() bool {
	want, got := plainText(c.want), plainText(c.got)
	if want == c.want && got == c.got || !c.satisfied(want, got) {
		return false
	}
	side, text, white := "the value of the policy", "", false
	if text, white = strayCharacter(c.want); text == "" {
		side = "the subject"
		text, white = strayCharacter(c.got)
	}
	kind := KindLookAlike
	if white {
		kind = KindWhiteSpace
	}
	c.addf(kind, "%s has %s: %s", side, text, Quote(pick(side == "the subject", c.got, c.want)))
	return true
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// unfilled finds what a template engine left behind.
func (c *comparison) unfilled() bool {
	residue := templateResidue(c.want)
	if residue == "" {
		return false
	}
	c.addf(KindTemplate, "%s in %s was never filled in", Quote(residue), Quote(c.want))
	return true
}

// templateResidue returns the first opening mark of a template in s, with
// what it encloses, or "".
func templateResidue(s string) string {
	for _, mark := range [...]struct{ open, end string }{{"${", "}"}, {"{{", "}}"}, {"{.", "}"}, {"$(", ")"}, {"<", ">"}, {"%{", "}"}} {
		start := strings.Index(s, mark.open)
		if start < 0 {
			continue
		}
		residue := s[start:]
		if n := strings.Index(residue, mark.end); n > 0 {
			residue = residue[:n+len(mark.end)]
		}
		if mark.open == "${" && isVariable(residue) {
			continue
		}
		return residue
	}
	return ""
}

// isVariable reports a policy variable, which IAM fills in: ${*}, ${?}, ${$}
// and condition keys, all of which hold a colon:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func isVariable(s string) bool {
	return s == "${*}" || s == "${?}" || s == "${$}" || strings.Contains(s, ":")
}

// openVariables writes a star for each variable that is a condition key, and
// returns the first of them; name is "" where there is none.
func openVariables(s string) (open, name string) {
	open = s
	for at := 0; ; {
		start := strings.Index(open[at:], "${")
		if start < 0 {
			return open, name
		}
		start += at
		end := strings.IndexByte(open[start:], '}')
		if end < 0 {
			return open, name
		}
		variable := open[start : start+end+1]
		at = start + 2
		if strings.Contains(variable, ":") {
			open = open[:start] + "*" + open[start+end+1:]
			at = start + 1
			name = pick(name == "", variable, name)
		}
	}
}

// letterCase finds values that differ in capitals alone, and says in which
// parts.
func (c *comparison) letterCase() bool {
	if !strings.EqualFold(c.want, c.got) && !(c.pattern && policy.LikeFold(c.want, c.got)) {
		return false
	}
	for _, g := range c.g.Parts {
		w, ok := c.w.Part(g.Name)
		if len(c.want) >= g.End && strings.EqualFold(c.want[:g.End], c.got[:g.End]) {
			w, ok = Part{Value: c.want[g.Start:g.End]}, true // no wildcard so far: the same place
		}
		if ok && !c.satisfied(w.Value, g.Value) {
			c.add(caseHint(w, g))
		}
	}
	if len(c.hints) == 0 {
		c.addf(KindLetterCase, "%s and %s differ in capital letters alone", Quote(c.want), Quote(c.got))
	}
	return true
}

func caseHint(want, got Part) Hint {
	return hintf(KindLetterCase+"-"+got.Name, "%s %s is written %s in the subject", got.Label, Quote(want.Value), Quote(got.Value))
}

// differs adds the hint for one part of the subject that is not as wanted.
func (c *comparison) differs(got Part) {
	want, ok := c.wanted(got.Name)
	switch {
	case got.Name == "subject":
		c.addf(KindCompletelyDifferent, "the policy wants %s, the subject is %s", Quote(c.want), Quote(c.got))
	case !ok || c.satisfied(want.Value, got.Value):
		c.addf(partKind(got.Name), "the policy wants another %s than %s: it has %s", got.Label, Quote(got.Value), Quote(c.want))
	case want.Value == "":
		c.addf(KindEmpty, "the %s in the value of the policy is empty, the subject has %s", got.Label, Quote(got.Value))
	case strings.EqualFold(want.Value, got.Value):
		c.add(caseHint(want, got))
	case c.provider.isGenerated(got.Name):
		c.addf(KindGenerated, "%s %s %s; the policy wants %s", got.Label, Quote(got.Value), c.provider.generated[got.Name], Quote(want.Value))
	case mistyped(want.Value, got.Value):
		c.addf(KindTyping, "%s %s differs in one place from %s in the subject", got.Label, Quote(want.Value), Quote(got.Value))
	default:
		c.addf(partKind(got.Name), "the policy wants %s %s, the subject has %s", got.Label, Quote(want.Value), Quote(got.Value))
	}
}

// wanted is the part of the wanted value with this name. A value that has
// none of the forms is read as far as it goes along with the subject's.
func (c *comparison) wanted(name string) (Part, bool) {
	if part, ok := c.w.Part(name); ok || c.w.Shape != nil || c.g.Shape == nil {
		return part, ok
	}
	parts, _ := c.g.Shape.match(c.want, nil)
	w := Subject{Parts: parts}
	return w.Part(name)
}

// partKind is the kind of hint for a part with another value.
func partKind(name string) string {
	if kind, ok := partKinds[name]; ok {
		return kind
	}
	return KindPart
}

var partKinds = map[string]string{
	"namespace":          KindNamespace,
	"service-account":    KindServiceAccount,
	"owner":              KindOwner,
	"group":              KindOwner,
	"team":               KindOwner,
	"repository":         KindRepository,
	"branch":             KindOtherBranch,
	"ref":                KindOtherBranch,
	"tag":                KindOtherTag,
	"environment":        KindOtherEnvironment,
	"organization":       KindOrganization,
	"project":            KindProject,
	"workspace":          KindWorkspace,
	"run-phase":          KindRunPhase,
	"run-type":           KindRunType,
	"pipeline":           KindPipeline,
	"space":              KindSpace,
	"stack":              KindStack,
	"operation":          KindOperation,
	"ref-type":           KindRefType,
	"step":               KindStep,
	"user":               KindUser,
	"identity":           KindIdentity,
	"service-connection": KindServiceConnection,
}
