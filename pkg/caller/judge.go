package caller

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Judge tells what is wrong with the evidence as far as it can be seen without
// IAM, as of now: what was noticed on the way to the token, then the token
// itself, then the role.
func (e *Evidence) Judge(now time.Time) []Remark {
	remarks := slices.Clone(e.Remarks)
	if e.Token.Known() {
		for _, judge := range judges {
			remarks = append(remarks, judge(e, now)...)
		}
	}
	return append(remarks, e.judgeRole()...)
}

// judges look at one side of the token each, in the order in which STS is
// known to look at them.
var judges = []func(e *Evidence, now time.Time) []Remark{
	judgeSize, judgeAlgorithm, judgeSubject, judgeIssuer, judgeTimes, judgeAudience, judgeRoles, judgeSession,
}

func one(g Grade, text, fix string) []Remark { return []Remark{{Grade: g, Text: text, Fix: fix}} }

// mostCharacters is what STS takes of a token.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const mostCharacters = 20_000

func judgeSize(e *Evidence, _ time.Time) []Remark {
	if n := len(e.Token.Reveal()); n > mostCharacters {
		return one(Fault, fmt.Sprintf("the token has %d characters, STS takes %d", n, mostCharacters),
			"have the issuer leave claims out, group memberships first")
	}
	return nil
}

// algorithms are those that STS verifies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#manage-oidc-provider-prerequisites
var algorithms = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}

func judgeAlgorithm(e *Evidence, _ time.Time) []Remark {
	if !e.Token.Complete() {
		return nil
	}
	algorithm, _ := e.Token.Header["alg"].(string)
	if !slices.Contains(algorithms, algorithm) {
		return one(Fault, fmt.Sprintf("the token is signed with %s, which STS does not take", orNothing(algorithm)),
			"have the issuer sign with one of "+strings.Join(algorithms, ", "))
	}
	if id, _ := e.Token.Header["kid"].(string); id == "" {
		return one(Doubt, "the header of the token names no key (kid), by which STS finds the one that verifies it",
			"have the issuer write the kid of its key")
	}
	return nil
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return quote(s)
}

func judgeSubject(e *Evidence, _ time.Time) []Remark {
	switch sub, there := e.Token.Claims["sub"]; {
	case !there:
		return one(Fault, "the token has no claim sub, without which STS takes no token", "have the issuer name the subject")
	case e.Token.Text("sub") == "":
		return one(Fault, fmt.Sprintf("the claim sub is no text, or empty: %s", compact(sub)), "have the issuer write the subject as text")
	}
	return nil
}

// judgeRoles looks at the claim by which an issuer says which roles a token is
// for; STS looks at it before any trust policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
func judgeRoles(e *Evidence, _ time.Time) []Remark {
	claim, there := e.Token.Claims["https://aws.amazon.com/roles"]
	if !there || e.Role == "" {
		return nil
	}
	var roles []string
	switch v := claim.(type) {
	case string:
		roles = strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == ' ' })
	case []any:
		for _, r := range v {
			s, _ := r.(string)
			roles = append(roles, s)
		}
	}
	if slices.Contains(roles, e.Role) {
		return nil
	}
	return one(Fault, fmt.Sprintf("the claim https://aws.amazon.com/roles does not list the role %s, so that STS refuses the token for it", quote(e.Role)),
		"have the issuer list the role, or ask for one that it lists")
}

// judgeSession tells of what a token brings along that the trust policy has to
// grant by actions of its own.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func judgeSession(e *Evidence, _ time.Time) (remarks []Remark) {
	for _, c := range [...]struct{ claim, what, action string }{
		{"https://aws.amazon.com/tags", "session tags", "sts:TagSession"},
		{"https://aws.amazon.com/source_identity", "a source identity", "sts:SetSourceIdentity"},
	} {
		for name := range e.Token.Claims {
			if name == c.claim || strings.HasPrefix(name, c.claim+"/") {
				remarks = append(remarks, Remark{Grade: Note, Text: "the token carries " + c.what + ": the trust policy has to allow " + c.action + " too"})
				break
			}
		}
	}
	return remarks
}
