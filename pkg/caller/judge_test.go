package caller

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const role = "arn:aws:iam::111122223333:role/deploy"

// healthy are claims of which there is nothing to say.
func healthy() map[string]any {
	return map[string]any{
		"iss": "https://token.actions.githubusercontent.com", "sub": "repo:acme/api:ref:refs/heads/main", "aud": "sts.amazonaws.com",
		"iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// with changes claims; nil takes one out.
func with(changes map[string]any) map[string]any {
	claims := healthy()
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// of is evidence with a token of these claims and this header.
func of(t testing.TB, header, claims map[string]any) *Evidence {
	t.Helper()
	h, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	c, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	held, err := Parse([]byte(part(string(h)) + "." + part(string(c)) + "." + part(secret)))
	if err != nil {
		t.Fatal(err)
	}
	return &Evidence{Place: variables, Token: held, Role: role, RoleFrom: "AWS_ROLE_ARN"}
}

func header() map[string]any { return map[string]any{"alg": "RS256", "kid": "k1"} }

// judged is a token and what is said of it: grade and the beginning of the text.
type judged struct {
	name    string
	header  map[string]any
	changes map[string]any
	want    []string
}

func judge(t *testing.T, cases []judged) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			compareRemarks(t, of(t, tt.header, with(tt.changes)).Judge(now), tt.want)
		})
	}
}

// cluster are claims of a pod on EKS.
var cluster = map[string]any{"iss": "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF", "sub": "system:serviceaccount:shop:api"}

func TestJudgeForm(t *testing.T) {
	judge(t, []judged{
		{"nothing", header(), nil, nil},
		{"ES256", map[string]any{"alg": "ES256", "kid": "k"}, nil, nil},
		{"a cluster", header(), cluster, nil},
		{"several things", map[string]any{"alg": "HS256", "kid": "k"}, map[string]any{"sub": nil}, []string{
			`fault: the token is signed with "HS256", which STS does not take`, "fault: the token has no claim sub",
		}},
		{"not signed", map[string]any{"alg": "none"}, nil, []string{`fault: the token is signed with "none"`}},
		{"no algorithm", map[string]any{}, nil, []string{"fault: the token is signed with nothing"}},
		{"PS256", map[string]any{"alg": "PS256"}, nil, []string{`fault: the token is signed with "PS256"`}},
		{"no kid", map[string]any{"alg": "RS256"}, nil, []string{"doubt: the header of the token names no key (kid)"}},
		{"too large", header(), map[string]any{"groups": strings.Repeat("g", 20_000)}, []string{"fault: the token has 26973 characters, STS takes 20000"}},
		{"sub a number", header(), map[string]any{"sub": 7}, []string{"fault: the claim sub is no text, or empty: \"7\""}},
		{"sub empty", header(), map[string]any{"sub": ""}, []string{"fault: the claim sub is no text, or empty"}},
	})
}

func TestJudgeTimes(t *testing.T) {
	judge(t, []judged{
		{"expired", header(), map[string]any{"exp": now.Add(-3 * time.Hour).Unix()}, []string{"fault: the token expired 3 hours ago, at 2026-11-23T09:00:00Z"}},
		{"expired now", header(), map[string]any{"exp": now.Unix()}, []string{"fault: the token expired a second ago"}},
		{"no expiry", header(), map[string]any{"exp": nil}, []string{"fault: the token has no expiry"}},
		{"expiry a fraction", header(), map[string]any{"exp": json.RawMessage("1795600000.5")}, []string{"fault: the token has no expiry: the claim exp is missing, or no whole number"}},
		{"expiry a text", header(), map[string]any{"exp": "1795600000"}, []string{"fault: the token has no expiry"}},
		{"not yet valid", header(), map[string]any{"nbf": now.Add(10 * time.Minute).Unix()}, []string{"fault: the token is not valid before 2026-11-23T12:10:00Z, in 10 minutes"}},
		{"clocks differ a little", header(), map[string]any{"nbf": now.Add(30 * time.Second).Unix(), "iat": now.Add(30 * time.Second).Unix()}, nil},
		{"from the future", header(), map[string]any{"iat": now.Add(5 * time.Minute).Unix()}, []string{"doubt: the token is from the future"}},
		{"no iat", header(), map[string]any{"iat": nil}, []string{"doubt: the token does not say when it was issued"}},
		{"old", header(), map[string]any{"iat": now.Add(-122 * time.Hour).Unix()}, []string{"doubt: the token was issued 5 days ago"}},
	})
}

func TestJudgeIssuer(t *testing.T) {
	judge(t, []judged{
		{"no issuer", header(), map[string]any{"iss": nil}, []string{"fault: the token names no issuer"}},
		{"legacy token", header(), map[string]any{"iss": "kubernetes/serviceaccount"}, []string{"fault: this is the legacy token of a service account"}},
		{"issuer a host", header(), map[string]any{"iss": "idp.example"}, []string{`fault: the issuer "idp.example" is no address`}},
		{"issuer by http", header(), map[string]any{"iss": "http://idp.example"}, []string{`fault: the issuer "http://idp.example" is no https address`}},
		{"issuer with a query", header(), map[string]any{"iss": "https://idp.example/?a=b"}, []string{`fault: the issuer "https://idp.example/?a=b" has more than host and path`}},
		{"issuer with a port", header(), map[string]any{"iss": "https://idp.example:8443"}, []string{`fault: the issuer "https://idp.example:8443" names a port`}},
		{"issuer of a cluster", header(), map[string]any{"iss": "https://kubernetes.default.svc.cluster.local", "sub": "system:serviceaccount:a:b"}, []string{"doubt: the issuer \"https://kubernetes.default.svc.cluster.local\" has a name of an inner network"}},
		{"issuer without a dot", header(), map[string]any{"iss": "https://idp"}, []string{`doubt: the issuer "https://idp" has a name of an inner network`}},
		{"issuer a private address", header(), map[string]any{"iss": "https://10.0.0.7"}, []string{`doubt: the issuer "https://10.0.0.7" has a name of an inner network`}},
	})
}

func TestJudgeAudience(t *testing.T) {
	judge(t, []judged{
		{"no audience", header(), map[string]any{"aud": nil}, []string{"fault: the token has no audience (aud)"}},
		{"empty list", header(), map[string]any{"aud": []string{}}, []string{"fault: the token has no audience (aud)"}},
		{"several audiences", header(), map[string]any{"aud": []string{"sts.amazonaws.com", "b"}}, []string{`doubt: the token has 2 audiences ("sts.amazonaws.com", "b")`}},
		{"azp", header(), map[string]any{"iss": "https://login.example", "azp": "app"}, []string{`note: STS takes azp, "app", for aud; the token's own aud, "sts.amazonaws.com", is tested as oaud`}},
		{"default audience", header(), map[string]any{"aud": "https://github.com/acme"}, []string{`doubt: the job asked for no audience`}},
		{"audience of the cluster", header(), map[string]any{"iss": cluster["iss"], "sub": cluster["sub"], "aud": "https://kubernetes.default.svc"}, []string{"doubt: the token has the audience of the cluster's own API"}},
	})
}

func TestJudgeWhatItCarries(t *testing.T) {
	judge(t, []judged{
		{"roles", header(), map[string]any{"https://aws.amazon.com/roles": []string{role}}, nil},
		{"roles as text", header(), map[string]any{"https://aws.amazon.com/roles": "a;" + role}, nil},
		{"other roles", header(), map[string]any{"https://aws.amazon.com/roles": []any{"arn:aws:iam::111122223333:role/x", 7}}, []string{`fault: the claim https://aws.amazon.com/roles does not list the role`}},
		{"tags", header(), map[string]any{"https://aws.amazon.com/tags": map[string]any{}}, []string{"note: the token carries session tags: the trust policy has to allow sts:TagSession too"}},
		{"flat tags", header(), map[string]any{"https://aws.amazon.com/tags/principal_tags/team": "a"}, []string{"note: the token carries session tags"}},
		{"source identity", header(), map[string]any{"https://aws.amazon.com/source_identity": "me"}, []string{"note: the token carries a source identity: the trust policy has to allow sts:SetSourceIdentity too"}},
	})
}

// compareRemarks wants these remarks and no others, by how they begin.
func compareRemarks(t *testing.T, got []Remark, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d remarks, want %d: %+v", len(got), len(want), got)
	}
	for i, r := range got {
		if text := fmt.Sprintf("%s: %s", r.Grade, r.Text); !strings.HasPrefix(text, want[i]) {
			t.Errorf("%q, want %q", text, want[i])
		}
		if r.Grade == Fault && r.Fix == "" {
			t.Errorf("no word of what to do about %q", r.Text)
		}
	}
}

func TestJudgeTheRole(t *testing.T) {
	for role, want := range map[string][]string{
		role:                                    nil,
		"arn:aws-cn:iam::111122223333:role/p/x": nil,
		"":                                      {"doubt: which role the call is for is not known here"},
		"deploy":                                {`fault: "deploy", from AWS_ROLE_ARN, is no ARN of a role`},
		"arn:aws:iam::1111:role/x":              {`fault: "arn:aws:iam::1111:role/x"`},
		"arn:aws:iam::111122223333:user/x":      {`fault: "arn:aws:iam::111122223333:user/x"`},
		"${ROLE}":                               {`fault: "${ROLE}"`},
		role + "/" + role:                       {"doubt: the ARN"},
	} {
		e := of(t, header(), healthy())
		e.Role = role
		compareRemarks(t, e.Judge(now), want)
	}
}

// An audience that was asked for on purpose is not doubted.
func TestWishedAudience(t *testing.T) {
	e := of(t, header(), with(map[string]any{"aud": "https://github.com/acme"}))
	e.Audience = "https://github.com/acme"
	compareRemarks(t, e.Judge(now), nil)
}

func TestJudgeClock(t *testing.T) {
	for other, want := range map[time.Time][]string{
		{}:                         nil,
		now.Add(50 * time.Second):  nil,
		now.Add(-50 * time.Second): nil,
		now.Add(90 * time.Second):  {"doubt: the clock of this machine is 90 seconds behind that of STS"},
		now.Add(-3*time.Hour - 1):  {"doubt: the clock of this machine is 3 hours ahead of that of STS"},
	} {
		compareRemarks(t, JudgeClock(now, other), want)
	}
}

// Whatever a token claims, judging it ends, and says nothing that acts on a
// terminal.
func TestJudgeAnything(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		value := rapid.OneOf(
			rapid.Just[any](nil), rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.Int64(), func(n int64) any { return n }), rapid.Map(rapid.SliceOf(rapid.String()), func(s []string) any { return s }),
			rapid.SampledFrom([]any{"\x1b[2J", "\u202e", "https://", "https://[::1", "://", 1.5, true}),
		)
		names := rapid.SampledFrom([]string{"iss", "sub", "aud", "azp", "exp", "nbf", "iat", "https://aws.amazon.com/roles", "https://aws.amazon.com/tags"})
		e := of(t, header(), with(rapid.MapOf(names, value).Draw(r, "claims")))
		e.Role = rapid.OneOf(rapid.Just(role), rapid.String()).Draw(r, "role")
		for _, remark := range e.Judge(now) {
			if strings.ContainsAny(remark.Text, "\x1b\u202e\n") || len(remark.Text) > 3000 {
				r.Fatalf("%q", remark.Text)
			}
		}
	})
}
