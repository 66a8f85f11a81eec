package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var principalMismatch = &Check{
	Code:  "principal-mismatch",
	Title: "No statement trusts the provider of the token",
	Doc: `The principal of a trust policy for web identities is ` + "`{\"Federated\": \"<ARN of the IAM OIDC provider>\"}`" + `, letter for letter the
provider in the role's own account that issued the token. The usual faults: the provider of another cluster or of the old one, another
region, account or partition, a host with its words swapped, an unfilled template, an AWS or Service principal.

What to do: name the token's provider. Where the provider that is named still exists, leave it and add a statement.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
	Errors: []string{accessDenied},
	Run:    findPrincipalMismatch,
}

func findPrincipalMismatch(c *Case) []Finding {
	if c.Nearest == nil || c.Nearest.Principal != policy.No {
		return nil
	}
	s := c.Nearest
	p, ok := c.nearestPrincipal(s.Statement)
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Where: c.where(s.Index, ".Principal", s.PrincipalAt),
		Expected: p.Value, Actual: c.Event.Provider,
		Message: fmt.Sprintf("no Allow statement trusts the token's provider %s", quote(c.Event.Provider)),
	}}
	switch {
	case s.NotPrincipal:
		out.Notes = append(out.Notes, fmt.Sprintf("statement %d names its callers by NotPrincipal", s.Index+1))
	case ok:
		out.Where = c.where(s.Index, ".Principal.Federated", p.Span)
		for _, h := range idp.HostHints(p.Value, c.Event.Provider) {
			out.Notes = append(out.Notes, h.Text)
		}
		c.notePresence(&out, p.Value)
	default:
		out.Notes = append(out.Notes, fmt.Sprintf("statement %d trusts %s %s; a web identity needs a Federated principal", s.Index+1, article(p.Type), quote(p.Value)))
	}
	out.Proposals = c.principalProposals(s, p, ok)
	return []Finding{out}
}

func article(kind string) string { return "the " + kind + " principal" }

// nearestPrincipal is the Federated principal of a statement that looks most
// like the token's provider, or the first of another type with ok false.
func (c *Case) nearestPrincipal(s *policy.Statement) (p policy.Principal, ok bool) {
	var federated []string
	for _, q := range s.Principals {
		if q.Type == "Federated" {
			federated = append(federated, q.Value)
		}
	}
	best := nearest(federated, c.Event.Provider)
	for _, q := range s.Principals {
		if q.Type == "Federated" && q.Value == best {
			return q, true
		}
	}
	if len(s.Principals) > 0 {
		return s.Principals[0], false
	}
	return policy.Principal{}, false
}

// notePresence says whether the provider that the policy names is there.
func (c *Case) notePresence(out *Finding, arn string) {
	if c.gone(arn) {
		out.Notes = append(out.Notes, fmt.Sprintf("the account has no provider %s", quote(arn)))
	}
}

// gone tells whether a principal is known to admit nobody: its provider is
// not in the account, or it is no provider of this account at all. Built-in and
// SAML providers are not among those that were looked at.
func (c *Case) gone(arn string) bool {
	if strings.Contains(arn, ":saml-provider/") || builtInHost(arn) {
		return false
	}
	if !c.ofThisAccount(arn) || hasTemplateResidue(arn) {
		return true
	}
	if c.Providers.Exists != policy.Yes {
		return false
	}
	for _, p := range c.Providers.Value {
		if p.ARN == arn {
			return false
		}
	}
	return true
}

// builtInHost tells whether a principal is one of the providers that need no
// IAM OIDC provider.
func builtInHost(principal string) bool {
	return hostOf(principal) == principal && slices.Contains([]string{"cognito", "google", "facebook", "amazon"}, idp.Find(principal).ID)
}

// ofThisAccount tells whether a principal has the form of a provider in the
// role's own account and partition: no other can be trusted by a role.
func (c *Case) ofThisAccount(arn string) bool {
	own, _, ok := strings.Cut(c.Event.Provider, ":oidc-provider/")
	return !ok || strings.HasPrefix(arn, own+":oidc-provider/")
}

func (c *Case) principalProposals(s *policy.StatementTrace, p policy.Principal, federated bool) []Proposal {
	if c.Event.Provider == "" || c.Event.Subject == "" {
		return nil
	}
	var out []Proposal
	if federated && c.gone(p.Value) && s.Action == policy.Yes {
		out = append(out, c.replacePrincipal(s, p)...)
	}
	return append(out, resort(c.addStatement()))
}

// addStatement lets the denied call in, and nobody else, by a statement of its
// own.
func (c *Case) addStatement() Proposal {
	return Proposal{
		Message: fmt.Sprintf("add a statement for the provider %s with this subject and audience to the trust policy of role %s, beside those that are there",
			quote(c.Host), quoteName(roleName(c.Event.RoleARN))),
		Edits: []policy.Edit{{Kind: policy.AddStatement, New: c.exactStatement().json()}},
	}
}

// replacePrincipal names the token's provider in the place of one that admits
// nobody, and writes the keys of the statement for it.
func (c *Case) replacePrincipal(s *policy.StatementTrace, p policy.Principal) []Proposal {
	base := Proposal{
		Message: fmt.Sprintf("name %s as the principal of %s, and write its condition keys for that provider", quote(c.Event.Provider), c.inStatement(s.Index)),
		Edits:   []policy.Edit{{Kind: policy.ReplacePrincipal, Statement: s.Index, Value: p.Value, New: c.Event.Provider}},
	}
	all := []Proposal{base}
	renamed := false
	for _, f := range c.Failures {
		if f.Key.Kind != keyOther && f.Key.Kind != keyMalformed {
			continue
		}
		renamed = true
		key, claim := c.repairKey(f)
		rename := Proposal{Edits: []policy.Edit{c.edit(f, policy.Edit{
			Kind: policy.RenameKey, Operator: f.Condition.Operator.Value, Key: f.Condition.Key.Value, New: key,
		})}}
		all = combine(all, c.withMatchingValue(f, claim, key, rename))
	}
	if !renamed {
		all[0].Message = strings.TrimSuffix(all[0].Message, ", and write its condition keys for that provider")
	}
	return all
}

// combine extends every proposal by every one of the further ones.
func combine(all, more []Proposal) []Proposal {
	const most = 8
	var out []Proposal
	for _, p := range all {
		for _, q := range more {
			if len(out) == most {
				return out
			}
			both := p
			both.Edits = append(append([]policy.Edit(nil), p.Edits...), q.Edits...)
			both.Asked, both.Loosens = either(p.Asked, q.Asked), p.Loosens || q.Loosens
			both.Notes = append(append([]string(nil), p.Notes...), q.Notes...)
			out = append(out, both)
		}
	}
	return out
}

func hostOf(principal string) string { return cloudtrail.KeyHost(principal) }
