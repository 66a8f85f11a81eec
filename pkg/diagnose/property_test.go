package diagnose_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"pgregory.net/rapid"
)

// world is a provider with subjects that callers have there, and others that
// belong to somebody else.
type world struct {
	host      string
	open      bool // strangers get tokens there
	subjects  []string
	patterns  []string
	intruders []string
}

var worlds = []world{
	{
		host:      eks,
		subjects:  []string{"system:serviceaccount:prod:app", "system:serviceaccount:prod:app-4ebd5d8c7cb7", "system:serviceaccount:dev:app", "system:serviceaccount:prod:web"},
		patterns:  []string{"system:serviceaccount:prod:*", "system:serviceaccount:*:app", "system:serviceaccount:prod:app-*", "system:serviceaccounts:prod:app", "system:serviceaccount:*:*", "*"},
		intruders: []string{"system:serviceaccount:mallory:mallory", "system:serviceaccount:default:default"},
	},
	{
		host: github,
		open: true,
		subjects: []string{
			"repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/Main", "repo:acme/api:environment:prod", "repo:acme/api:pull_request",
			"repo:acme@12/api@34:ref:refs/heads/main", "repo:Acme/api:ref:refs/tags/v1.2.3", "repo:acme/web:ref:refs/heads/main", "repo:acme/api:environment:*",
		},
		patterns:  []string{"repo:acme/*", "repo:acme/api:*", "repo:acme/api:ref:refs/heads/*", "repo:ACME/api:*", "repo:*/api:*", "repo:acme*/api:*", "repo:acme@12/*", "acme/api", "*", "repo:*:ref:refs/heads/main"},
		intruders: []string{"repo:mallory/api:ref:refs/heads/main", "repo:mallory@77/api@78:ref:refs/heads/main", "repo:acme-evil/x:pull_request", "actor:mallory"},
	},
	{
		host:      "app.terraform.io",
		open:      true,
		subjects:  []string{"organization:acme:project:p:workspace:w:run_phase:plan", "organization:acme:project:p:workspace:w:run_phase:apply", "organization:acme:project:q:workspace:w:run_phase:plan"},
		patterns:  []string{"organization:acme:project:p:workspace:w:run_phase:*", "organization:acme:*", "organization:*:project:p:workspace:w:run_phase:plan", "organization:acme:workspace:w:*"},
		intruders: []string{"organization:mallory:project:p:workspace:w:run_phase:plan"},
	},
	{
		host:      "gitlab.com",
		open:      true,
		subjects:  []string{"project_path:acme/api:ref_type:branch:ref:main", "project_path:acme/api:ref_type:tag:ref:v1", "project_path:acme/sub/web:ref_type:branch:ref:main"},
		patterns:  []string{"project_path:acme/*", "project_path:acme/api:ref_type:branch:ref:*", "project_path:*:ref_type:branch:ref:main", "project_path:acme/api:ref_type:branches:ref:main"},
		intruders: []string{"project_path:mallory/api:ref_type:branch:ref:main"},
	},
	{
		host:      "idp.example.com",
		subjects:  []string{"job:build", "job:test", "alice@example.com"},
		patterns:  []string{"job:*", "*@example.com", "jobs:build", "*"},
		intruders: []string{"mallory"},
	},
}

const otherHost = "other.example.com"

// random draws what a policy of the world can be made of.
type random struct {
	*rapid.T
	world
}

func (r random) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(r.T, label)
}

// value is a subject or a pattern, at times broken.
func (r random) value() string {
	return r.pick("value", append(append([]string{"x", "repo:other/y:ref:refs/heads/main"}, r.subjects...), r.patterns...)...)
}

func (r random) key() string {
	return r.pick("key", r.host+":sub", r.host+":sub", r.host+":sub", r.host+":Sub", r.host+":aud", r.host+":aud", otherHost+":sub", otherHost+":aud",
		"https://"+r.host+":sub", r.host, r.host+":iss", r.host+":repository_owner", r.host+":repository", r.host+":actor", "aws:PrincipalOrgID", "aws:SourceIp", "sts:RoleSessionName")
}

func (r random) conditions() string {
	var all []string
	seen := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(r.T, "conditions") {
		key := r.key()
		operator := r.pick("operator", "StringEquals", "StringEquals", "StringLike", "StringLike", "StringEqualsIfExists", "StringEqualsIgnoreCase", "ForAnyValue:StringLike", "ForAllValues:StringLike", "StringNotLike", "Null")
		if key == "aws:SourceIp" {
			operator = "IpAddress"
		}
		if seen[operator] {
			continue
		}
		seen[operator] = true
		all = append(all, fmt.Sprintf("%q:{%q:%s}", operator, key, r.valuesFor(key, operator)))
	}
	return strings.Join(all, ",")
}

func (r random) valuesFor(key, operator string) string {
	var list []string
	for range rapid.IntRange(1, 3).Draw(r.T, "values") {
		switch {
		case operator == "Null":
			list = []string{r.pick("null", "true", "false")}
		case operator == "IpAddress":
			list = append(list, "198.51.100.0/24")
		case strings.HasSuffix(key, ":aud"):
			list = append(list, r.pick("aud", "sts.amazonaws.com", "https://acme", "*"))
		case strings.HasSuffix(key, ":repository_owner"):
			list = append(list, "acme")
		default:
			list = append(list, r.value())
		}
	}
	slices.Sort(list)
	text, _ := json.Marshal(slices.Compact(list))
	return string(text)
}

func (r random) statement() string {
	effect := r.pick("effect", "Allow", "Allow", "Allow", "Deny")
	principal := r.pick("principal",
		fmt.Sprintf(`{"Federated":%q}`, providerARN(r.host)), fmt.Sprintf(`{"Federated":%q}`, providerARN(r.host)),
		fmt.Sprintf(`{"Federated":[%q,%q]}`, providerARN(r.host), providerARN(otherHost)),
		fmt.Sprintf(`{"Federated":%q}`, providerARN(otherHost)), fmt.Sprintf(`{"Federated":%q}`, providerARN("gone.example.com")),
		fmt.Sprintf(`{"Federated":[%q,%q]}`, providerARN("gone.example.com"), providerARN(otherHost)),
		`{"Federated":"cognito-identity.amazonaws.com"}`, `{"AWS":"arn:aws:iam::111122223333:root"}`, `{"AWS":"*"}`, `{"Service":"ec2.amazonaws.com"}`)
	name := "Principal"
	if effect == "Deny" && r.pick("not", "Principal", "Principal", "NotPrincipal") == "NotPrincipal" {
		name = "NotPrincipal"
	}
	action := r.pick("action", `"sts:AssumeRoleWithWebIdentity"`, `"sts:AssumeRoleWithWebIdentity"`, `"sts:AssumeRoleWithWebIdentity"`, `"sts:AssumeRole"`, `"sts:TagSession"`, `"sts:*"`, `["sts:AssumeRole","sts:TagSession"]`)
	word := r.pick("actions", "Action", "Action", "Action", "Action", "NotAction")
	return fmt.Sprintf(`{"Effect":%q,%q:%s,%q:%s,"Condition":{%s}}`, effect, name, principal, word, action, r.conditions())
}

func (r random) statements() string {
	all := make([]string, rapid.IntRange(1, 3).Draw(r.T, "statements"))
	for i := range all {
		all[i] = r.statement()
	}
	return strings.Join(all, ",")
}

// TestOfferedPoliciesAreSafe: whatever the policy and the caller, the policy
// that is offered lets the caller in, can be saved, leaves every Deny as it was,
// keeps strangers out, and everybody in who was.
func TestOfferedPoliciesAreSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := random{t, rapid.SampledFrom(worlds).Draw(t, "world")}
		d := denial{host: r.host, sub: r.pick("subject", r.subjects...), mine: true, statements: r.statements(), otherHosts: []string{otherHost}, audiences: []string{"https://acme"}}
		before, err := policy.Parse(policyOf(d.statements))
		if err != nil {
			return // IAM would not have stored it
		}
		offered := d.explain(t).FixedTrustPolicy
		if len(offered) == 0 {
			return
		}
		after, err := policy.Parse(offered)
		if err != nil {
			t.Fatalf("it does not parse: %v", err)
		}
		holdOffer(t, r.world, d, before, after)
	})
}

func holdOffer(t *rapid.T, w world, d denial, before, after *policy.Document) {
	const aud = "sts.amazonaws.com"
	if err := after.Savable(policy.SaveOptions{}); err != nil {
		t.Errorf("IAM would not save it: %v", err)
	}
	if v := decide(after, d.host, d.sub, aud); v != policy.Allowed && v != policy.Undecided {
		t.Errorf("it does not admit %s: %s", d.sub, v)
	}
	if was, is := denies(before), denies(after); !slices.EqualFunc(was, is, bytes.Equal) {
		t.Errorf("the Deny statements were %s and are %s", was, is)
	}
	for _, s := range w.intruders {
		if !asks(before, d.host, s, w.open) && decide(before, d.host, s, aud) != policy.Allowed && decide(after, d.host, s, aud) == policy.Allowed {
			t.Errorf("it admits %s", s)
		}
	}
	for _, s := range literals(before) {
		for _, host := range []string{d.host, otherHost} {
			for _, aud := range []string{aud, "https://acme"} {
				possible := host == otherHost || slices.Contains(w.subjects, s) && before.Savable(policy.SaveOptions{}) == nil
				if possible && decide(before, host, s, aud) == policy.Allowed && decide(after, host, s, aud) != policy.Allowed {
					t.Errorf("it shuts out %s of %s with %s", s, host, aud)
				}
			}
		}
	}
	if !asks(before, otherHost, "mallory", true) && decide(before, otherHost, "mallory", aud) != policy.Allowed && decide(after, otherHost, "mallory", aud) == policy.Allowed {
		t.Errorf("it admits anybody of %s", otherHost)
	}
	if t.Failed() {
		t.Logf("%s of %s\nbefore: %s\nafter: %s", d.sub, d.host, before.Source, after.Source)
	}
}

// decide evaluates a policy for a token, apart from the package under test.
func decide(d *policy.Document, host, sub, aud string) policy.Verdict {
	return policy.Decide(d, &policy.Request{
		Action: "sts:AssumeRoleWithWebIdentity", Principal: providerARN(host),
		Condition: func(key string) policy.Values {
			prefix, claim := key[:strings.LastIndex(key, ":")+1], key[strings.LastIndex(key, ":")+1:]
			switch low := strings.ToLower(claim); {
			case strings.EqualFold(key, "sts:RoleSessionName"):
				return policy.Value("s")
			case strings.EqualFold(key, "aws:SourceIp"):
				return policy.Value("192.0.2.1")
			case !strings.EqualFold(prefix, host+":"):
				return policy.AbsentValue
			case low == "sub":
				return policy.Value(sub)
			case low == "aud":
				return policy.Value(aud)
			case host == github && low == "repository" && strings.HasPrefix(sub, "repo:"):
				return policy.Value(withoutIDs(strings.Split(sub, ":")[1]))
			case (host == github || host == "gitlab.com") && (low == "actor" || low == "repository"):
				return policy.HiddenValue
			}
			return policy.AbsentValue
		},
	})
}

func withoutIDs(repository string) string {
	owner, name, _ := strings.Cut(repository, "/")
	owner, _, _ = strings.Cut(owner, "@")
	name, _, _ = strings.Cut(name, "@")
	return owner + "/" + name
}

// denies are the texts of the Deny statements, without the white space that a
// policy written in one line gains.
func denies(d *policy.Document) [][]byte {
	var all [][]byte
	for _, s := range d.Statements {
		if s.Deny {
			var b bytes.Buffer
			_ = json.Compact(&b, d.Source[s.Span.Start:s.Span.End]) // it was parsed
			all = append(all, b.Bytes())
		}
	}
	return all
}

// asks tells whether a policy means a subject of a provider that it does not
// admit: by a pattern that matches it, unless strangers get tokens there, or by
// a statement for the provider that tests no subject at all.
func asks(d *policy.Document, host, sub string, open bool) bool {
	for _, s := range d.Statements {
		if s.Deny {
			continue
		}
		tests := false
		for _, k := range s.Conditions {
			key := strings.ToLower(k.Key.Value)
			tests = tests || (strings.HasSuffix(key, ":sub") || !strings.Contains(key, ":")) && (host != otherHost || strings.HasPrefix(key, otherHost))
			for _, v := range k.Values {
				if !open && policy.Like(v.Value, sub) {
					return true
				}
			}
		}
		trusts := func(p policy.Principal) bool { return p.Value == providerARN(host) }
		if !tests && slices.ContainsFunc(s.Principals, trusts) {
			return true
		}
	}
	return false
}

// literals are the values for subjects that stand in a policy as they are.
func literals(d *policy.Document) []string {
	var all []string
	for _, s := range d.Statements {
		for _, k := range s.Conditions {
			for _, v := range k.Values {
				if !s.Deny && !k.Op.Negated && strings.HasSuffix(strings.ToLower(k.Key.Value), ":sub") && !strings.ContainsAny(v.Value, "*?") {
					all = append(all, v.Value)
				}
			}
		}
	}
	return all
}
