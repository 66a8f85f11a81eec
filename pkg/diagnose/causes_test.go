package diagnose_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// seen is an account of which all was looked at.
type seen struct {
	role      diagnose.Known[diagnose.Role]
	roles     []diagnose.Role
	provider  diagnose.Known[diagnose.Provider]
	providers []diagnose.Provider
	controls  diagnose.Known[[]diagnose.NamedPolicy]
	changes   diagnose.Known[[]diagnose.Change]
}

func (a *seen) Role(context.Context, string) diagnose.Known[diagnose.Role] { return a.role }

func (a *seen) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Found(a.roles)
}

func (a *seen) Provider(context.Context, string) diagnose.Known[diagnose.Provider] { return a.provider }

func (a *seen) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Found(a.providers)
}

func (a *seen) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return a.controls
}

func (a *seen) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return a.changes
}

// scene is a denied call with the account it was made in.
type scene struct {
	*cloudtrail.Event
	account *seen
	options diagnose.Options
}

const appSubject = "system:serviceaccount:prod:app"

// newScene is a call of a cluster's pod that the role's policy allows, in an
// account where nothing is wrong and all was looked at.
func newScene() *scene {
	s := &scene{Event: denial{host: eks, sub: appSubject}.event(), options: diagnose.Options{Mine: true}}
	p := diagnose.Provider{ARN: providerARN(eks), URL: eks, ClientIDs: []string{"sts.amazonaws.com"}}
	s.account = &seen{
		provider: diagnose.Found(p), providers: []diagnose.Provider{p},
		controls: diagnose.Found([]diagnose.NamedPolicy{}), changes: diagnose.Found([]diagnose.Change{}),
	}
	s.trust(allow(eks, on("StringEquals", eks, "sub", appSubject)))
	return s
}

func (s *scene) trust(statements string) {
	s.account.role = diagnose.Found(diagnose.Role{ARN: roleARN, TrustPolicy: policyOf(statements), MaxSession: 3600})
}

// says sets what STS said.
func (s *scene) says(code, message string) {
	s.ErrorCode, s.RawErrorCode, s.ErrorMessage = code, code, message
}

func (s *scene) missRole(arns ...string) {
	s.account.role = diagnose.Missing[diagnose.Role]()
	for _, arn := range arns {
		s.account.roles = append(s.account.roles, diagnose.Role{ARN: "arn:aws:iam::" + account + ":role/" + arn})
	}
}

// from lets the call come from another provider.
func (s *scene) from(host, subject string) { s.Provider, s.Subject = providerARN(host), subject }

func (s *scene) missProvider(hosts ...string) {
	s.account.provider, s.account.providers = diagnose.Missing[diagnose.Provider](), nil
	for _, host := range hosts {
		s.account.providers = append(s.account.providers, diagnose.Provider{ARN: providerARN(host)})
	}
}

// change records a change of the role so long after the denial.
func (s *scene) change(after time.Duration, statements string) {
	s.account.changes.Value = append(s.account.changes.Value, diagnose.Change{
		Time: s.Time.Add(after), Name: "UpdateAssumeRolePolicy", By: "mona", Role: "deploy", Policy: policyOf(statements),
	})
}

func (s *scene) control(statement string) {
	s.account.controls.Value = append(s.account.controls.Value, diagnose.NamedPolicy{
		ID: "p-1", Name: "guard", Document: []byte(`{"Version":"2012-10-17","Statement":[` + statement + `]}`),
	})
}

const noProvider = "No OpenIDConnect provider found in your account for https://" + eks

// TestEachCause holds each cause against records that show it and records that
// nearly do: what is found first, how sure it is, and what the report tells.
func TestEachCause(t *testing.T) {
	right := allow(eks, on("StringEquals", eks, "sub", appSubject))
	wrong := allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:dev:app"))
	for _, test := range []struct {
		name      string
		change    func(*scene)
		code      report.Code // "" for none
		certainty report.Certainty
		tells     string // something in the finding
	}{
		{"nothing is wrong", func(*scene) {}, "", "", ""},

		{"role-not-found", func(s *scene) { s.missRole("deployer", "unrelated") }, "role-not-found", report.Certain, "role/deployer"},
		{"role-not-found: the nearest is named, not the last that holds the name", func(s *scene) { s.missRole("deploy-1", "deploy-for-the-whole-organization") }, "role-not-found", report.Certain, "role/deploy-1"},
		{"role-not-found: no name is near", func(s *scene) { s.missRole("zzzzzzzz") }, "role-not-found", report.Certain, "wherever it names|annotation"},
		{"role-not-found: the ARN stands twice", func(s *scene) { s.missRole(); s.RoleARN = roleARN + roleARN }, "role-not-found", report.Certain, "stands twice"},
		{"role-not-found: a workflow", func(s *scene) {
			s.missRole()
			s.from("token.actions.githubusercontent.com", "repo:acme/api:pull_request")
		}, "role-not-found", report.Certain, "role-to-assume"},
		{"role-not-found: a workspace", func(s *scene) { s.missRole(); s.from("app.terraform.io", "organization:a:x") }, "role-not-found", report.Certain, "TFC_AWS_RUN_ROLE_ARN"},
		{"role-not-found: an ARN without a name is near to none", func(s *scene) { s.missRole("a"); s.RoleARN = "arn:aws:iam::" + account + ":role/" }, "role-not-found", report.Certain, "has no role"},
		{"role-not-found: a role that was not looked at", func(s *scene) { s.account.role = diagnose.Unseen[diagnose.Role]("refused") }, "subject-mismatch", report.Possible, "was not seen"},

		{"explicit-deny: of another provider", func(s *scene) { s.trust(wrong + "," + strings.Replace(allow("gitlab.com", ""), "Allow", "Deny", 1)) }, "subject-mismatch", report.Certain, ""},

		{"action-not-allowed: other letter case is the same action", func(s *scene) {
			s.trust(strings.Replace(wrong, "sts:AssumeRoleWithWebIdentity", "STS:assumerolewithwebidentity", 1))
		}, "subject-mismatch", report.Certain, ""},
		{"action-not-allowed: NotAction leaves it out", func(s *scene) { s.trust(strings.Replace(right, `"Action"`, `"NotAction"`, 1)) }, "action-not-allowed", report.Certain, "by NotAction"},
		{"action-not-allowed: no Allow at all", func(s *scene) { s.trust(strings.Replace(right, "Allow", "Deny", 1)) }, "explicit-deny", report.Certain, "no Allow statement"},
		{"action-not-allowed: nor a Deny that matches", func(s *scene) { s.trust(strings.Replace(wrong, "Allow", "Deny", 1)) }, "action-not-allowed", report.Certain, "has no Allow statement"},

		{"principal-mismatch: an AWS principal", func(s *scene) { s.trust(statement("Allow", `{"AWS":"arn:aws:iam::111122223333:root"}`, "sts:*", "")) }, "principal-mismatch", report.Certain, "needs a Federated principal"},
		{"principal-mismatch: a broad statement for others is not nearer", func(s *scene) {
			s.trust(statement("Allow", `{"AWS":"arn:aws:iam::111122223333:root"}`, "sts:*", "") + "," + allow(eks, on("StringEquals", eks, "sub", "x")+","+on("StringLike", eks, "aud", "y")))
		}, "subject-mismatch", report.Certain, "statement 2"},
		{"principal-mismatch: a provider that is gone", func(s *scene) { s.trust(allow("gone.example.com", "")) }, "principal-mismatch", report.Certain, "has no provider"},
		{"principal-mismatch: one that is there", func(s *scene) {
			s.account.providers = append(s.account.providers, diagnose.Provider{ARN: providerARN("here.example.com")})
			s.trust(allow("here.example.com", ""))
		}, "principal-mismatch", report.Certain, "add a statement"},

		{"condition-key-malformed: with the audience under it", func(s *scene) {
			s.trust(allow(eks, `"StringEquals":{"`+eks+`:":"sts.amazonaws.com"},`+on("StringLike", eks, "sub", appSubject)))
		}, "condition-key-malformed", report.Certain, "colon"},
		{"condition-key-malformed: and another audience", func(s *scene) { s.trust(allow(eks, on("StringEquals", "https://"+eks, "aud", "x"))) }, "condition-key-malformed", report.Certain, "beside its value"},
		{"condition-key-malformed: under IfExists it does no harm", func(s *scene) {
			s.trust(allow(eks, on("StringEqualsIfExists", "https://"+eks, "sub", "x")+","+on("StringEquals", eks, "sub", "y")))
		}, "subject-mismatch", report.Certain, ""},

		{"condition-key-unavailable: not in the list", func(s *scene) {
			s.Provider, s.Subject = providerARN(github), "repo:acme/api:pull_request"
			s.trust(allow(github, on("StringEquals", github, "sub", s.Subject)+","+on("StringLike", github, "novelty", "x")))
		}, "condition-key-unavailable", report.Likely, "not among the claims"},
		{"condition-key-unavailable: not in the token", func(s *scene) {
			s.options.Claims = map[string]any{}
			s.trust(allow(eks, on("StringEquals", eks, "email", "x")))
		}, "condition-key-unavailable", report.Certain, ""},

		{"wildcard-in-exact-operator: another operator has no form with wildcards", func(s *scene) {
			s.trust(allow(eks, on("StringEqualsIgnoreCase", eks, "sub", "system:serviceaccount:prod:*")))
		}, "wildcard-in-exact-operator", report.Certain, "plain character"},
		{"wildcard-in-exact-operator: it would not match either", func(s *scene) { s.trust(allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:dev:*"))) }, "wildcard-in-exact-operator", report.Certain, "would not match either"},
		{"wildcard-in-exact-operator: under StringLike it is one", func(s *scene) { s.trust(allow(eks, on("StringLike", eks, "sub", "system:serviceaccount:dev:*"))) }, "subject-mismatch", report.Certain, ""},

		{"subject-mismatch: shut out by name", func(s *scene) { s.trust(allow(eks, on("StringNotEquals", eks, "sub", appSubject))) }, "subject-mismatch", report.Certain, "shuts out"},
		{"subject-mismatch: the policy cannot be read", func(s *scene) { s.account.role.Value.TrustPolicy = nil }, "subject-mismatch", report.Possible, "was not seen"},
		{"subject-mismatch: who called is not known", func(s *scene) { s.Subject, s.Provider = "", "" }, "subject-mismatch", report.Possible, "--token FILE"},
		{"subject-mismatch: nor is the role there", func(s *scene) { s.Subject, s.Provider = "", ""; s.missRole() }, "role-not-found", report.Certain, ""},
		{"subject-mismatch: the provider alone is known", func(s *scene) { s.Subject, s.account.role.Value.TrustPolicy = "", nil }, "", "", ""},
		{"subject-mismatch: the subject alone warns of ids", func(s *scene) {
			s.Subject, s.Provider, s.account.role = "repo:acme@1/api@2:pull_request", providerARN(github), diagnose.Unseen[diagnose.Role]("refused")
		}, "subject-mismatch", report.Possible, "numeric ids"},
		{"subject-mismatch: of the pull request", func(s *scene) {
			s.Subject, s.Provider, s.account.role = "repo:acme/api:pull_request", providerARN(github), diagnose.Unseen[diagnose.Role]("refused")
		}, "subject-mismatch", report.Possible, "names no branch"},
		{"subject-mismatch: of the environment", func(s *scene) {
			s.Subject, s.Provider, s.account.role = "repo:acme/api:environment:prod", providerARN(github), diagnose.Unseen[diagnose.Role]("refused")
		}, "subject-mismatch", report.Possible, "takes the place of the branch"},
		{"subject-mismatch: of the generated name", func(s *scene) {
			s.Subject, s.account.role = "system:serviceaccount:prod:app-4ebd5d8c7cb7", diagnose.Unseen[diagnose.Role]("refused")
		}, "subject-mismatch", report.Possible, "generated anew"},
		{"subject-mismatch: the policy is none", func(s *scene) { s.account.role.Value.TrustPolicy = []byte("{") }, "subject-mismatch", report.Possible, ""},
		{"audience-mismatch: shut out by name", func(s *scene) { s.trust(allow(eks, on("StringNotEquals", eks, "aud", "sts.amazonaws.com"))) }, "audience-mismatch", report.Certain, "does not accept"},
		{"condition-not-met: a missing key is wanted", func(s *scene) { s.trust(allow(eks, `"Null":{"`+eks+`:sub":"true"}`)) }, "condition-not-met", report.Certain, ""},
		{"condition-not-met: address", func(s *scene) { s.trust(allow(eks, `"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}`)) }, "condition-not-met", report.Certain, "hosted runners"},
		{"condition-not-met: session name", func(s *scene) { s.trust(allow(eks, `"StringEquals":{"sts:RoleSessionName":"x"}`)) }, "condition-not-met", report.Certain, "protects nothing"},
		{"condition-not-met: a date cannot be mended by a value", func(s *scene) { s.trust(allow(eks, `"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}`)) }, "condition-not-met", report.Certain, ""},
		{"condition-not-met: a key that calls through an endpoint have", func(s *scene) { s.trust(allow(eks, `"StringEquals":{"aws:SourceVpce":"vpce-1"}`)) }, "condition-not-met", report.Certain, "have the call carry"},
		{"condition-not-met: of a hidden value and a hidden Deny either may be", func(s *scene) {
			hidden := `"StringEquals":{"aws:RequestTag/team":"core"}`
			s.trust(allow(eks, hidden) + "," + strings.Replace(allow(eks, hidden), "Allow", "Deny", 1))
		}, "condition-not-met", report.Possible, "session tags"},

		{"session-tags-not-allowed", func(s *scene) { s.PrincipalTags = []cloudtrail.Tag{{Key: "a"}} }, "session-tags-not-allowed", report.Certain, "sts:TagSession"},
		{"session-tags-not-allowed: by a statement for everybody", func(s *scene) {
			s.PrincipalTags = []cloudtrail.Tag{{Key: "a"}}
			s.trust(strings.Replace(right, `{"Federated":"`+providerARN(eks)+`"}`, `{"AWS":"*"}`, 1))
		}, "session-tags-not-allowed", report.Likely, ""},
		{"session-tags-not-allowed: another subject is the matter", func(s *scene) {
			s.PrincipalTags = []cloudtrail.Tag{{Key: "a"}}
			s.trust(strings.Replace(wrong, `"sts:AssumeRoleWithWebIdentity"`, `["sts:AssumeRoleWithWebIdentity","sts:TagSession"]`, 1))
		}, "subject-mismatch", report.Certain, ""},
		{"session-tags-not-allowed: another provider is the matter", func(s *scene) {
			s.PrincipalTags = []cloudtrail.Tag{{Key: "a"}}
			s.trust(allow("gone.example.com", ""))
		}, "principal-mismatch", report.Certain, ""},
		{"session-tags-not-allowed: left out by NotAction", func(s *scene) {
			s.PrincipalTags = []cloudtrail.Tag{{Key: "a"}}
			s.trust(strings.Replace(right, `"Action":"sts:AssumeRoleWithWebIdentity"`, `"NotAction":"sts:TagSession"`, 1))
		}, "session-tags-not-allowed", report.Certain, ""},
		{"source-identity-not-allowed", func(s *scene) { s.SourceIdentity = "mona" }, "source-identity-not-allowed", report.Certain, "sts:SetSourceIdentity"},
		{"source-identity-not-allowed: all of STS is allowed", func(s *scene) {
			s.SourceIdentity = "mona"
			s.trust(strings.Replace(right, "sts:AssumeRoleWithWebIdentity", "sts:*", 1))
		}, "", "", ""},

		{"resource-control-policy-deny: a list that lacks the subject", func(s *scene) {
			s.control(`{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithWebIdentity","Resource":"*","Condition":{"StringNotLike":{"` + eks + `:sub":"system:serviceaccount:kube-system:*"}}}`)
		}, "resource-control-policy-deny", report.Certain, "add it to the values"},
		{"resource-control-policy-deny: for all", func(s *scene) {
			s.control(`{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}`)
		}, "resource-control-policy-deny", report.Certain, "spares the provider"},
		{"resource-control-policy-deny: of another action", func(s *scene) {
			s.control(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`)
		}, "", "", ""},
		{"resource-control-policy-deny: one that does not parse is passed over", func(s *scene) { s.control(`{`) }, "", "", ""},
		{"resource-control-policy-deny: STS says so", func(s *scene) {
			s.says("AccessDenied", "not authorized … with an explicit deny in a resource control policy: arn:aws:organizations::1:policy/o-1/p-9")
		}, "resource-control-policy-deny", report.Certain, "p-9"},

		{"recently-changed", func(s *scene) { s.change(-2*time.Minute, right) }, "recently-changed", report.Likely, "2 minutes"},
		{"recently-changed: ten minutes are the limit", func(s *scene) { s.change(-10*time.Minute, right) }, "recently-changed", report.Likely, ""},
		{"recently-changed: no longer ago", func(s *scene) { s.change(-10*time.Minute-time.Second, right) }, "", "", ""},
		{"recently-changed: the policy denies the call", func(s *scene) { s.trust(wrong); s.change(-time.Minute, wrong) }, "subject-mismatch", report.Certain, ""},
		{"recently-changed: a provider that was not found", func(s *scene) { s.says("InvalidIdentityToken", noProvider); s.change(-time.Minute, right) }, "recently-changed", report.Likely, ""},
		{"recently-changed: an expired token has nothing to do with it", func(s *scene) { s.says("InvalidIdentityToken", "signature"); s.change(-time.Minute, right) }, "token-invalid", report.Certain, ""},

		{"vpc-endpoint-policy-deny: all else was looked at", func(s *scene) { s.VPCEndpoint = "vpce-1" }, "vpc-endpoint-policy-deny", report.Likely, "vpce-1"},
		{"vpc-endpoint-policy-deny: not all was", func(s *scene) {
			s.VPCEndpoint, s.account.controls = "vpce-1", diagnose.Unseen[[]diagnose.NamedPolicy]("refused")
		}, "vpc-endpoint-policy-deny", report.Possible, ""},
		{"vpc-endpoint-policy-deny: the trust policy denies", func(s *scene) { s.VPCEndpoint = "vpce-1"; s.trust(wrong) }, "subject-mismatch", report.Certain, ""},

		{"policy-changed-since: rests on a statement for everybody", func(s *scene) {
			s.trust(strings.Replace(right, `{"Federated":"`+providerARN(eks)+`"}`, `{"AWS":"*"}`, 1))
			s.change(time.Minute, right)
		}, "policy-changed-since", report.Likely, ""},
		{"policy-changed-since: changes could not be looked at", func(s *scene) { s.account.changes = diagnose.Unseen[[]diagnose.Change]("refused") }, "policy-changed-since", report.Possible, "may have been changed"},
		{"policy-changed-since: the role is younger", func(s *scene) { s.account.role.Value.Created = s.Time.Add(time.Hour) }, "policy-changed-since", report.Likely, "created after"},

		{"provider-not-found", func(s *scene) { s.says("InvalidIdentityToken", noProvider); s.missProvider() }, "provider-not-found", report.Certain, "sts.amazonaws.com"},
		{"provider-not-found: one with the same id", func(s *scene) {
			s.says("InvalidIdentityToken", noProvider)
			s.missProvider("oidc.eks.eu-north-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF")
		}, "provider-not-found", report.Certain, "eu-north-1"},
		{"provider-not-found: audience not known", func(s *scene) { s.says("InvalidIdentityToken", noProvider); s.missProvider(); s.HasAudience = false }, "provider-not-found", report.Certain, "sts.amazonaws.com"},
		{"provider-not-found: went after the call", func(s *scene) { s.missProvider() }, "provider-not-found", report.Possible, ""},
		{"provider-not-found: the policy is the matter", func(s *scene) { s.missProvider(); s.trust(wrong) }, "subject-mismatch", report.Certain, ""},

		{"region-not-activated", func(s *scene) { s.says("RegionDisabled", "STS is not activated in this region") }, "region-not-activated", report.Certain, "eu-west-1"},
		{"region-not-activated: the provider is there", func(s *scene) { s.says("InvalidIdentityToken", noProvider) }, "region-not-activated", report.Likely, "may not be active"},
		{"region-not-activated: the provider is younger", func(s *scene) {
			s.says("InvalidIdentityToken", noProvider)
			s.account.provider.Value.Created = s.Time.Add(time.Minute)
		}, "provider-not-found", report.Possible, ""},

		{"provider-audience-not-registered", func(s *scene) { s.says("InvalidIdentityToken", "Incorrect token audience"); s.Audience = "x" }, "provider-audience-not-registered", report.Certain, "registered:"},
		{"provider-audience-not-registered: it is now", func(s *scene) { s.says("InvalidIdentityToken", "Incorrect token audience") }, "provider-audience-not-registered", report.Likely, "registered now"},
		{"provider-audience-not-registered: audience not known", func(s *scene) {
			s.says("InvalidIdentityToken", "Incorrect token audience")
			s.HasAudience, s.Audience = false, ""
		}, "provider-audience-not-registered", report.Certain, "not among the client ids of the provider"},
		{"provider-thumbprint-mismatch", func(s *scene) {
			s.says("InvalidIdentityToken", "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
		}, "provider-thumbprint-mismatch", report.Certain, ""},
		{"provider-thumbprint-mismatch: a private authority", func(s *scene) {
			s.says("InvalidIdentityToken", "certificate")
			s.Provider = providerARN("idp.example.com:8443/path")
		}, "provider-thumbprint-mismatch", report.Certain, "idp.example.com:8443"},
		{"provider-thumbprint-mismatch: no host to ask", func(s *scene) { s.says("InvalidIdentityToken", "certificate"); s.Provider = providerARN("$(id)") }, "provider-thumbprint-mismatch", report.Certain, "explain --token"},
		{"provider-unreachable", func(s *scene) { s.says("IDPCommunicationError", "") }, "provider-unreachable", report.Certain, "outages pass"},
		{"provider-unreachable: keys", func(s *scene) {
			s.says("InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider")
		}, "provider-unreachable", report.Certain, ""},

		{"token-expired", func(s *scene) {
			s.says("ExpiredToken", "Token expired: current date/time 1700000120 must be before the expiration date/time1700000000")
		}, "token-expired", report.Certain, "2 minutes before"},
		{"token-expired: too old", func(s *scene) { s.says("ExpiredToken", "Token too old: 90000 seconds"); s.Subject = "x" }, "token-expired", report.Certain, "by iat"},
		{"token-expired: times that are no times", func(s *scene) {
			s.says("ExpiredToken", "current date/time 99999999999999999999 must be before the expiration date/time 1")
		}, "token-expired", report.Certain, "expired"},
		{"token-invalid: a claim is missing", func(s *scene) { s.says("InvalidIdentityToken", "Missing a required claim: aud") }, "token-invalid", report.Certain, `"aud"`},
		{"token-invalid: newer words", func(s *scene) {
			s.says("InvalidIdentityToken", "The web identity token provided could not be validated")
		}, "token-invalid", report.Likely, ""},
		{"token-invalid: other words", func(s *scene) {
			s.says("InvalidIdentityToken", "Something else")
			s.Provider, s.Subject = providerARN("idp.example.com"), "x"
		}, "token-invalid", report.Certain, ""},
		{"token-invalid: roles claim", func(s *scene) {
			s.says("InvalidIdentityToken", "")
			s.options.Claims = map[string]any{"https://aws.amazon.com/roles": roleARN + "2;x"}
		}, "token-invalid", report.Certain, "listed:"},
		{"token-invalid: roles claim that lists the role", func(s *scene) {
			s.says("InvalidIdentityToken", "")
			s.options.Claims = map[string]any{"https://aws.amazon.com/roles": []any{"x", roleARN}}
		}, "token-invalid", report.Likely, "refused the token"},
		{"token-rejected", func(s *scene) { s.says("IDPRejectedClaim", "") }, "token-rejected", report.Certain, ""},

		{"role-arn-invalid", func(s *scene) {
			s.says("ValidationError", "Request ARN is invalid")
			s.RoleARN = "arn:aws:iam::12:role/deploy"
			s.missRole("deploy")
		}, "role-arn-invalid", report.Certain, ""},
		{"role-arn-invalid: none was sent", func(s *scene) { s.says("ValidationError", "Value null at 'roleArn' failed"); s.RoleARN = "" }, "role-arn-invalid", report.Certain, "NAME"},
		{"role-arn-invalid: a word with arn in it", func(s *scene) { s.says("ValidationError", "a warning"); s.RoleARN, s.SessionName = "", "run" }, "", "", ""},
		{"session-duration-too-long", func(s *scene) {
			s.says("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
			s.Duration = 7200
		}, "session-duration-too-long", report.Certain, "7200"},
		{"session-duration-too-long: beyond any role's", func(s *scene) { s.says("ValidationError", "DurationSeconds"); s.Duration = 43201 }, "session-duration-too-long", report.Certain, "no role allows more"},
		{"session-duration-too-long: not sent", func(s *scene) { s.says("ValidationError", "DurationSeconds") }, "session-duration-too-long", report.Certain, "SECONDS"},
		{"session-name-invalid: STS quotes it", func(s *scene) {
			s.says("ValidationError", "1 validation error detected: Value 'a/b' at 'roleSessionName' failed to satisfy constraint")
		}, "session-name-invalid", report.Certain, `"a/b"`},
		{"session-name-invalid: 65 characters", func(s *scene) { s.says("ValidationError", ""); s.SessionName = strings.Repeat("a", 65) }, "session-name-invalid", report.Certain, ""},
		{"session-name-invalid: 64 characters", func(s *scene) { s.says("ValidationError", ""); s.SessionName = strings.Repeat("a", 64) }, "", "", ""},
		{"session-policy-invalid", func(s *scene) { s.says("MalformedPolicyDocument", "") }, "session-policy-invalid", report.Certain, "no valid policy"},
		{"session-policy-invalid: too large", func(s *scene) { s.says("PackedPolicyTooLarge", "") }, "session-policy-invalid", report.Certain, "too large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene()
			test.change(s)
			r := diagnose.Explain(context.Background(), s.account, s.Event, s.options)
			if test.code == "" {
				if len(r.Findings) > 0 {
					t.Fatalf("found %v, want nothing", codes(r))
				}
				return
			}
			if len(r.Findings) == 0 || r.Findings[0].Code != test.code || r.Findings[0].Certainty != test.certainty {
				t.Fatalf("found %v %+v, want %s, %s", codes(r), r.Findings, test.code, test.certainty)
			}
			if !slices.ContainsFunc(strings.Split(test.tells, "|"), func(want string) bool { return strings.Contains(told(r.Findings[0]), want) }) {
				t.Errorf("the finding does not tell %q:\n%s", test.tells, told(r.Findings[0]))
			}
		})
	}
}

// told is all that a finding says.
func told(f report.Finding) string {
	all := append([]string{f.Message, f.Expected, f.Actual}, f.Notes...)
	for _, fix := range f.Fixes {
		all = append(append(append(all, fix.Message), fix.Notes...), fix.Commands...)
	}
	return strings.Join(all, "\n")
}
