package diagnose

import (
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "less than a second", -time.Hour: "less than a second", 999 * time.Millisecond: "less than a second",
		time.Second: "1 second", 59 * time.Second: "59 seconds", time.Minute: "1 minute", 119 * time.Second: "1 minute",
		2 * time.Hour: "2 hours", 72 * time.Hour: "3 days",
	} {
		if got := roughly(d); got != want {
			t.Errorf("roughly(%s) = %s, want %s", d, got, want)
		}
	}
}

const (
	admitsMain = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/` + githubHost + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"` + githubHost + `:sub":"repo:acme/api:*"}}}]}`
	admitsWeb  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/` + githubHost + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"` + githubHost + `:sub":"repo:acme/web:*"}}}]}`
	hangs      = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/` + githubHost + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"` + githubHost + `:actor":"mona"}}}]}`
)

// caseWith is a case whose role was changed so many minutes after the denial.
func caseWith(changes map[int]string) *Case {
	c := newCase(deniedAt(githubHost, "repo:acme/api:ref:refs/heads/main"), Options{})
	for minute := -60; minute <= 60; minute++ {
		if text, ok := changes[minute]; ok {
			ch := Change{Time: c.Event.Time.Add(time.Duration(minute) * time.Minute), Name: "UpdateRole", Role: "deploy"}
			if text != "" {
				ch.Name, ch.Policy = setTrust, []byte(text)
			}
			c.Changes.Value = append(c.Changes.Value, ch)
		}
	}
	c.Changes.Exists = policy.Yes
	return c
}

// TestPolicyInForce: another policy than today's was in force only where it
// was changed after the denial, and is known only from a change before it.
func TestPolicyInForce(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes map[int]string
		want    string
	}{
		{"no change", nil, ""},
		{"changed before alone", map[int]string{-5: admitsWeb}, ""},
		{"changed after alone", map[int]string{5: admitsMain}, ""},
		{"changed before and after", map[int]string{-5: admitsWeb, 5: admitsMain}, admitsWeb},
		{"the last one before counts", map[int]string{-9: admitsMain, -5: admitsWeb, 5: admitsMain}, admitsWeb},
		{"a change at the moment of the denial was before it", map[int]string{0: admitsWeb, 5: admitsMain}, admitsWeb},
		{"a change of something else does not count", map[int]string{-5: admitsWeb, 5: ""}, ""},
		{"nor does one before", map[int]string{-9: admitsWeb, -5: "", 5: admitsMain}, admitsWeb},
		{"what does not parse is not known", map[int]string{-5: "{", 5: admitsMain}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := caseWith(test.changes).policyInForce()
			if (d == nil) != (test.want == "") || d != nil && string(d.Source) != test.want {
				t.Errorf("in force was %v, want %s", d, test.want)
			}
		})
	}
}

// TestChangesTellTheirEffect: newest first, with what the policy says of this
// call.
func TestChangesTellTheirEffect(t *testing.T) {
	got := caseWith(map[int]string{-30: "{", -20: hangs, -10: "", 5: admitsWeb, 9: admitsMain}).changes()
	want := []string{
		"9 minutes after the denial; the policy it set allows the call",
		"5 minutes after the denial; the policy it set denies the call",
		"10 minutes before the denial", "20 minutes before the denial", "30 minutes before the denial",
	}
	if len(got) != len(want) {
		t.Fatalf("%d changes, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].Effect != want[i] {
			t.Errorf("effect %d is %q, want %q", i, got[i].Effect, want[i])
		}
	}
}

// TestWhatIsLeft names what was looked at beside a policy that allows the call.
func TestWhatIsLeft(t *testing.T) {
	c := caseWith(nil)
	c.RCPs.Exists = policy.Yes
	note := c.policyNote(report.AllowedNow)
	for _, want := range []string{"no resource control policy denies it", "no change of the role", "VPC"} {
		if !strings.Contains(note, want) {
			t.Errorf("%q does not tell that %s", note, want)
		}
	}
	c.RCPs.Exists, c.Changes.Exists = policy.Unknown, policy.Unknown
	if note := c.policyNote(report.AllowedNow); strings.Contains(note, "denies it") || strings.Contains(note, "on record") {
		t.Errorf("%q tells of what was not looked at", note)
	}
}

// TestUnrecordedChange has a policy that is not the newest on record: the newest
// was in force as far as is known, and what is found in today's is not certain.
func TestUnrecordedChange(t *testing.T) {
	for name, tt := range map[string]struct {
		now, want string
		certainty report.Certainty
	}{
		"the newest on record": {admitsWeb, "", report.Certain},
		"another":              {hangs, admitsWeb, report.Likely},
		"not known":            {"", "", report.Certain},
	} {
		t.Run(name, func(t *testing.T) {
			c := caseWith(map[int]string{-5: admitsWeb})
			if tt.now != "" {
				c.Role = Found(Role{TrustPolicy: []byte(tt.now)})
			}
			if c.InForce = c.policyInForce(); (c.InForce == nil) != (tt.want == "") || c.InForce != nil && string(c.InForce.Source) != tt.want {
				t.Errorf("in force was %v, want %q", c.InForce, tt.want)
			}
			found := c.soften([]Finding{{Finding: report.Finding{Certainty: report.Certain}, place: policy.Span{Start: 1, End: 2}}})
			if found[0].Certainty != tt.certainty {
				t.Errorf("%s, want %s", found[0].Certainty, tt.certainty)
			}
		})
	}
}
