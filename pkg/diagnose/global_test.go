package diagnose

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const githubHost = "token.actions.githubusercontent.com"

// deniedAt is a denied call by a token of the host.
func deniedAt(host, sub string) *cloudtrail.Event {
	return &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", ErrorCode: accessDenied, RawErrorCode: accessDenied,
		Time: time.Date(2026, 9, 14, 3, 12, 44, 0, time.UTC), AccountID: "111122223333", Region: "eu-west-1",
		RoleARN: "arn:aws:iam::111122223333:role/deploy", SessionName: "run-7", SourceIP: "192.0.2.1", UserAgent: "aws-cli/2",
		Provider: "arn:aws:iam::111122223333:oidc-provider/" + host, Subject: sub, Audience: "sts.amazonaws.com", HasAudience: true,
	}
}

// TestKeys holds what is known of condition keys: present, known to be
// missing, or not to be seen.
func TestKeys(t *testing.T) {
	present, absent, hidden := policy.Present, policy.Absent, policy.Hidden
	claims := func(c map[string]any) func(*Case) { return func(k *Case) { k.Options.Claims = c } }
	for _, test := range []struct {
		name   string
		key    string
		change func(*Case)
		state  policy.State
		list   []string
	}{
		{"provider", "aws:FederatedProvider", nil, present, []string{"arn:aws:iam::111122223333:oidc-provider/" + githubHost}},
		{"address", "aws:SourceIp", nil, present, []string{"192.0.2.1"}},
		{"address through an endpoint", "aws:SourceIp", func(c *Case) { c.Event.VPCEndpoint = "vpce-1" }, absent, nil},
		{"name of a service for an address", "aws:SourceIp", func(c *Case) { c.Event.SourceIP = "cognito-idp.amazonaws.com" }, hidden, nil},
		{"user agent in other letter case", "AWS:useragent", nil, present, []string{"aws-cli/2"}},
		{"user agent that the record lacks", "aws:UserAgent", func(c *Case) { c.Event.UserAgent = "" }, hidden, nil},
		{"time", "aws:CurrentTime", nil, present, []string{"2026-09-14T03:12:44Z"}},
		{"time in seconds", "aws:EpochTime", nil, present, []string{"1789355564"}},
		{"time that the record lacks", "aws:CurrentTime", func(c *Case) { c.Event.Time = time.Time{} }, hidden, nil},
		{"encryption", "aws:SecureTransport", nil, present, []string{"true"}},
		{"region", "aws:RequestedRegion", nil, present, []string{"eu-west-1"}},
		{"service", "aws:ViaAWSService", nil, present, []string{"false"}},
		{"account of the role", "aws:ResourceAccount", nil, present, []string{"111122223333"}},
		{"endpoint", "aws:SourceVpce", func(c *Case) { c.Event.VPCEndpoint = "vpce-1" }, present, []string{"vpce-1"}},
		{"no endpoint", "aws:SourceVpce", nil, absent, nil},
		{"network of an endpoint", "aws:SourceVpc", func(c *Case) { c.Event.VPCEndpoint = "vpce-1" }, hidden, nil},
		{"network without an endpoint", "aws:VpcSourceIp", nil, absent, nil},
		{"organization of the caller", "aws:PrincipalOrgID", nil, absent, nil},
		{"user name", "aws:username", nil, absent, nil},
		{"second factor", "aws:MultiFactorAuthPresent", nil, absent, nil},
		{"a key that nobody wrote down", "aws:Novelty", nil, hidden, nil},
		{"organization of the role", "aws:ResourceOrgID", nil, hidden, nil},
		{"session name", "sts:RoleSessionName", nil, present, []string{"run-7"}},
		{"external id", "sts:ExternalId", nil, absent, nil},
		{"source identity not seen", "sts:SourceIdentity", nil, hidden, nil},
		{"source identity that the token lacks", "sts:SourceIdentity", claims(map[string]any{}), absent, nil},
		{"source identity of the record", "sts:SourceIdentity", func(c *Case) { c.Event.SourceIdentity = "mona" }, present, []string{"mona"}},
		{"source identity of the token", "sts:SourceIdentity", claims(map[string]any{claimSource: "lisa"}), present, []string{"lisa"}},
		{"transitive tags not seen", "sts:TransitiveTagKeys", nil, hidden, nil},
		{"transitive tags", "sts:TransitiveTagKeys", func(c *Case) { c.Event.TransitiveTagKeys = []string{"team"} }, present, []string{"team"}},
		{"roles claim not seen", "sts:RoleAuthorizedByIdp", nil, hidden, nil},
		{"roles claim missing", "sts:RoleAuthorizedByIdp", claims(map[string]any{}), present, []string{"false"}},
		{"roles claim", "sts:RoleAuthorizedByIdp", claims(map[string]any{claimRoles: "x"}), present, []string{"true"}},
		{"tag of the role", "aws:ResourceTag/Team", func(c *Case) { c.Role.Value.Tags = map[string]string{"team": "core"} }, present, []string{"core"}},
		{"tag that the role lacks", "aws:ResourceTag/Team", func(c *Case) { c.Role.Value.Tags = map[string]string{} }, absent, nil},
		{"tag of a role whose tags are not known", "aws:ResourceTag/Team", nil, hidden, nil},
		{"tag of the session", "aws:RequestTag/TEAM", func(c *Case) { c.Event.PrincipalTags = []cloudtrail.Tag{{Key: "team", Value: "core"}} }, present, []string{"core"}},
		{"tag that a session with tags lacks", "aws:RequestTag/other", func(c *Case) { c.Event.PrincipalTags = []cloudtrail.Tag{{Key: "team", Value: "core"}} }, absent, nil},
		{"tag of a session whose token was not seen", "aws:RequestTag/team", nil, hidden, nil},
		{"tag of a token without tags", "aws:RequestTag/team", claims(map[string]any{}), absent, nil},
		{"keys of tags", "aws:TagKeys", func(c *Case) { c.Event.PrincipalTags = []cloudtrail.Tag{{Key: "a"}, {Key: "b"}} }, present, []string{"a", "b"}},
		{"keys of tags not seen", "aws:TagKeys", nil, hidden, nil},
		{"subject", githubHost + ":SUB", nil, present, []string{"repo:acme/api:ref:refs/heads/main"}},
		{"audience", githubHost + ":aud", nil, present, []string{"sts.amazonaws.com"}},
		{"audience that the record lacks", githubHost + ":aud", func(c *Case) { c.Event.HasAudience = false }, hidden, nil},
		{"claim that the subject gives away", githubHost + ":repository", nil, present, []string{"acme/api"}},
		{"environment of a job for a branch", githubHost + ":environment", nil, absent, nil},
		{"claim that cannot be seen", githubHost + ":actor", nil, hidden, nil},
		{"claim of a token", githubHost + ":Actor", claims(map[string]any{"actor": "mona"}), present, []string{"mona"}},
		{"number", githubHost + ":actor_id", claims(map[string]any{"actor_id": json.Number("12")}), present, []string{"12"}},
		{"truth", githubHost + ":ref", claims(map[string]any{"ref": true}), present, []string{"true"}},
		{"other kinds of claims", githubHost + ":ref", claims(map[string]any{"ref": 1.5}), present, []string{"1.5"}},
		{"claim that is null", githubHost + ":actor", claims(map[string]any{"actor": nil}), absent, nil},
		{"claim that the token lacks", githubHost + ":actor", claims(map[string]any{}), absent, nil},
		{"list", githubHost + ":amr", claims(map[string]any{"amr": []any{"a", "b"}}), present, []string{"a", "b"}},
		{"the token's own audience", githubHost + ":oaud", claims(map[string]any{"aud": "x", "azp": "y"}), present, []string{"x"}},
		{"claim that STS drops", githubHost + ":iss", nil, absent, nil},
		{"claim of another provider", "gitlab.com:sub", nil, absent, nil},
		{"no key", "sub", nil, absent, nil},
		{"key that was given", "aws:PrincipalOrgID", func(c *Case) { c.Options.Context = map[string][]string{"AWS:principalorgid": {"o-1"}} }, present, []string{"o-1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newCase(deniedAt(githubHost, "repo:acme/api:ref:refs/heads/main"), Options{})
			if test.change != nil {
				test.change(c)
			}
			got := newCall(c, c.Event.Subject).value(test.key)
			if got.State != test.state || !slices.Equal(got.List, test.list) {
				t.Errorf("%s is %+v, want state %d with %q", test.key, got, test.state, test.list)
			}
		})
	}
}

// TestSubjectHasNames: Facebook and Amazon call the user by names that mean
// something else elsewhere.
func TestSubjectHasNames(t *testing.T) {
	for _, test := range []struct {
		provider, key string
		want          []string
	}{
		{"graph.facebook.com", "graph.facebook.com:id", []string{"7"}},
		{"graph.facebook.com", "graph.facebook.com:app_id", []string{"app"}},
		{"graph.facebook.com", "graph.facebook.com:sub", nil},
		{"www.amazon.com", "www.amazon.com:user_id", []string{"7"}},
		{"www.amazon.com", "www.amazon.com:aud", nil},
		{"arn:aws:iam::111122223333:oidc-provider/gitlab.com", "gitlab.com:sub", []string{"7"}},
		{"arn:aws:iam::111122223333:oidc-provider/gitlab.com", "gitlab.com:user_id", nil},
	} {
		ev := deniedAt("", "7")
		ev.Provider, ev.Audience = test.provider, "app"
		c := newCase(ev, Options{})
		if got := c.call.value(test.key); !slices.Equal(got.List, test.want) {
			t.Errorf("%s of %s is %q, want %q", test.key, test.provider, got.List, test.want)
		}
	}
	facebook, amazon := newCase(deniedAt("", "7"), Options{}), newCase(deniedAt("", "7"), Options{})
	facebook.Host, facebook.IDP = "graph.facebook.com", newCase(&cloudtrail.Event{Provider: "graph.facebook.com"}, Options{}).IDP
	amazon.Host, amazon.IDP = "www.amazon.com", newCase(&cloudtrail.Event{Provider: "www.amazon.com"}, Options{}).IDP
	for got, want := range map[string]string{
		facebook.subjectKey(): "graph.facebook.com:id", facebook.audienceKey(): "graph.facebook.com:app_id",
		amazon.subjectKey(): "www.amazon.com:sub", amazon.audienceKey(): "www.amazon.com:app_id",
	} {
		if got != want {
			t.Errorf("the key is %s, want %s", got, want)
		}
	}
}
