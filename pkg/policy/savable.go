package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// DefaultMaxSize is the number of characters IAM allows a role's trust policy,
// white space not counted. The quota can be raised to 8,192.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const DefaultMaxSize = 2048

// SaveOptions are what IAM's checks at saving depend on.
type SaveOptions struct {
	MaxSize int // characters, white space not counted; 0 is DefaultMaxSize
}

// SaveError is one reason why IAM refuses to save a trust policy that parses.
type SaveError struct {
	Statement int    // from 0; -1 where the document as a whole is at fault
	Principal string // the provider whose key is not evaluated
	Key       string // that key
	Msg       string
}

func (e *SaveError) Error() string { return e.Msg }

// Savable returns the first reason why IAM would refuse to save the trust
// policy, a *SaveError, or nil. IAM checks the whole document at each change, so
// statements that stood there before these rules did count too.
func (d *Document) Savable(o SaveOptions) error {
	if all := d.SaveErrors(o); len(all) > 0 {
		return all[0]
	}
	return nil
}

// SaveErrors returns all reasons why IAM would refuse to save the trust policy,
// the size first, then in the order of the text.
func (d *Document) SaveErrors(o SaveOptions) []*SaveError {
	var errs []*SaveError
	most := o.MaxSize
	if most == 0 {
		most = DefaultMaxSize
	}
	if size := d.Size(); size > most {
		msg := fmt.Sprintf("the policy has %d characters without white space, IAM allows %d", size, most)
		errs = append(errs, &SaveError{Statement: -1, Msg: msg})
	}
	for i := range d.Statements {
		errs = append(errs, d.Statements[i].saveErrors()...)
	}
	return errs
}

// Size is the number of characters of the document as IAM counts them against
// its quota: white space between JSON tokens is left out. Whether IAM leaves out
// that inside strings too is not documented, so it counts.
func (d *Document) Size() int {
	src := d.Source
	size, quoted := utf8.RuneCount(src), false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			size--
		}
	}
	return size
}

// saveErrors holds a statement against IAM's controls for identity providers
// that many tenants share: an Allow that trusts one must tell its tenant.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
func (s *Statement) saveErrors() []*SaveError {
	if s.Deny || !s.admitsWebIdentity() {
		return nil
	}
	var errs []*SaveError
	for i := range s.Principals {
		p := &s.Principals[i]
		key := tenantKey(p)
		if key == "" || s.scopes(key) {
			continue
		}
		errs = append(errs, &SaveError{
			Statement: s.Index, Principal: p.Value, Key: key,
			// IAM's own words, for users to search for.
			Msg: "Trust policy with trusted principal " + p.Value + " must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, " +
				key + " which is not scoped to all.",
		})
	}
	return errs
}

func (s *Statement) admitsWebIdentity() bool {
	e := evaluation{Request: &Request{Action: "sts:AssumeRoleWithWebIdentity"}}
	result, _ := e.actions(s, nil)
	return result == Yes
}

// scopes tells whether a condition limits a key: under one of the operators that
// IAM names, with no value that is empty or made of wildcards alone. That
// ForAnyValue counts and ForAllValues and IfExists, which a missing key
// satisfies, do not, is inferred.
func (s *Statement) scopes(key string) bool {
	for i := range s.Conditions {
		if c := &s.Conditions[i]; strings.EqualFold(c.Key.Value, key) && c.Op.limits() && c.isScoped() {
			return true
		}
	}
	return false
}

func (op Operator) limits() bool {
	return !op.Negated && !op.IfExists && op.Set != ForAllValues && (op.Exact() || op.Base == "StringLike")
}

func (c *Condition) isScoped() bool {
	for i := range c.Values {
		if strings.Trim(c.Values[i].Value, "*?") == "" {
			return false
		}
	}
	return len(c.Values) > 0
}

// sharedIssuer is an identity provider under IAM's controls.
type sharedIssuer struct {
	host  string
	claim string // a claim of the token, or a whole condition key with its colon
}

// sharedIssuers is the list of November 2026; Turbonomic's hosts, which differ
// from customer to customer, are not in it.
var sharedIssuers = []sharedIssuer{
	{"agent.buildkite.com", "sub"},
	{"api.pulumi.com/oidc", "aud"},
	{"app.terraform.io", "sub"},
	{"cognito-identity.amazonaws.com", "aud"},
	{"gitlab.com", "sub"},
	{"oidc-configuration.audit-log.githubusercontent.com", "sub"},
	{"oidc.codefresh.io", "sub"},
	{"oidc.vercel.com", "aud"},
	{"proidc.upbound.io", "sub"},
	{"sandboxes.cloud", "aud"},
	{"scalr.io", "sub"},
	{"studio.datachain.ai/api", "sub"},
	{"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", "sts:RoleSessionName"},
	{"token.actions.githubusercontent.com", "sub"},
	{"tokens.cloud.shisho.dev", "sub"},
	{"vstoken.actions.githubusercontent.com", "sub"},
}

// tenantKey is the condition key that tells apart the tenants of a provider, ""
// where the provider is nobody else's.
func tenantKey(p *Principal) string {
	if p.Type != "Federated" {
		return ""
	}
	host := p.Value
	if _, tail, ok := strings.Cut(host, ":oidc-provider/"); ok {
		host = tail
	}
	for _, issuer := range sharedIssuers {
		if strings.TrimSuffix(host, "/") != issuer.host {
			continue
		}
		if strings.Contains(issuer.claim, ":") {
			return issuer.claim
		}
		return host + ":" + issuer.claim
	}
	return ""
}
