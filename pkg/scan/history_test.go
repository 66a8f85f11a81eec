package scan

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// trust is a trust policy for a branch of acme/a.
func trust(branch string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + testIssuer + `"},"Action":"sts:AssumeRoleWithWebIdentity",` +
		`"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/a:ref:refs/heads/` + branch + `"}}}]}`
}

// changed is a record of a change of the role.
func changed(name, at, policy string) string {
	parameters := map[string]string{"roleName": "deploy"}
	switch name {
	case "UpdateAssumeRolePolicy":
		parameters["policyDocument"] = policy
	case "CreateRole":
		parameters["assumeRolePolicyDocument"] = policy
	}
	text, err := json.Marshal(parameters)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"eventTime":"%s","eventSource":"iam.amazonaws.com","eventName":"%s","requestParameters":%s,"eventID":"%s","recipientAccountId":"%s",`+
		`"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::%s:user/me"}}`, at, name, text, name+at, testAccount, testAccount)
}

func accountWith(t *testing.T, policy string) diagnose.Account {
	t.Helper()
	file, err := casefile.Load(strings.NewReader(`{"roles":[{"Arn":"`+testRole+`","AssumeRolePolicyDocument":`+policy+`}],"oidcProviders":[{"Arn":"`+testIssuer+`","ClientIDList":["sts.amazonaws.com"]}]}`), "account")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestVersionInForce has a call of branch dev denied on 3 March.
func TestVersionInForce(t *testing.T) {
	const update = "UpdateAssumeRolePolicy"
	main, dev, other := trust("main"), trust("dev"), trust("other")
	tests := []struct {
		name     string
		account  string // the policy as it stands, "" where no account is given
		changes  []string
		standing Standing
		judged   string // the policy of the report, "" where it has none
		changed  string // the latest change
	}{
		{"nothing is known", "", nil, Unclear, "", ""},
		{"the account alone", main, nil, Failing, main, ""},
		{"the account alone, mended without a record", dev, nil, Allowed, dev, ""},
		{"a change before", "", []string{changed(update, "2026-03-01T00:00:00Z", main)}, Failing, main, update},
		{"two changes before", "", []string{changed(update, "2026-03-02T00:00:00Z", main), changed("CreateRole", "2026-03-01T00:00:00Z", dev)}, Failing, main, update},
		{"mended afterwards", "", []string{changed(update, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev)}, Allowed, main, update},
		{"changed afterwards, still failing", "", []string{changed("CreateRole", "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", other)}, Failing, main, update},
		{"mended, from what is not known", "", []string{changed(update, "2026-03-04T00:00:00Z", dev)}, Allowed, dev, update},
		{"the account as it stands outweighs the records", dev, []string{changed(update, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", other)}, Allowed, main, update},
		{"deleted before", "", []string{changed("CreateRole", "2026-03-01T00:00:00Z", main), changed("DeleteRole", "2026-03-02T00:00:00Z", "")}, Failing, "", "DeleteRole"},
		{"deleted before, made again afterwards", "", []string{changed("DeleteRole", "2026-03-02T00:00:00Z", ""), changed("CreateRole", "2026-03-04T00:00:00Z", dev)}, Allowed, "", "CreateRole"},
		{"a change that is no change of trust", main, []string{changed("UpdateRole", "2026-03-04T00:00:00Z", "")}, Failing, main, "UpdateRole"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := new(Scanner)
			if tt.account != "" {
				s.Account = accountWith(t, tt.account)
			}
			log := logOf(append(tt.changes, denied("1", "2026-03-03T00:00:00Z", "a", "dev"))...)
			one := scanned(t, s, texts{log}).Incidents[0]
			if one.Standing != tt.standing || !sameJSON(one.Report.TrustPolicy, tt.judged) {
				t.Errorf("%s, judged by %s; want %s, %s", one.Standing, one.Report.TrustPolicy, tt.standing, tt.judged)
			}
			if got := nameOf(one.Changed); got != tt.changed {
				t.Errorf("changed by %q, want %q", got, tt.changed)
			}
		})
	}
}

func nameOf(c *report.Change) string {
	if c == nil {
		return ""
	}
	return c.Name
}

// sameJSON compares policies whatever their layout.
func sameJSON(a, b string) bool {
	return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
}

// TestReportOfThen tells nothing of what came afterwards.
func TestReportOfThen(t *testing.T) {
	log := logOf(
		changed("UpdateAssumeRolePolicy", "2026-03-02T00:00:00Z", trust("main")),
		denied("1", "2026-03-03T00:00:00Z", "a", "dev"),
		changed("UpdateAssumeRolePolicy", "2026-03-04T00:00:00Z", trust("dev")),
	)
	one := scanned(t, new(Scanner), texts{log}).Incidents[0]
	if one.Report.Verdict != report.Explained || len(one.Report.Changes) != 1 || one.Report.Findings[0].Certainty != report.Certain {
		t.Errorf("verdict %s with %d changes and %+v", one.Report.Verdict, len(one.Report.Changes), one.Report.Findings)
	}
	if !one.Changed.Time.Equal(day(4, 0)) || one.Changed.By != "arn:aws:iam::"+testAccount+":user/me" {
		t.Errorf("changed %+v", one.Changed)
	}
}

// TestHistoryKeepsTheNewest adds more changes than are kept, in two orders.
func TestHistoryKeepsTheNewest(t *testing.T) {
	const count = 60
	policy := make([]byte, mostChanges/20)
	change := func(i int) cloudtrail.Change {
		return cloudtrail.Change{Time: day(1, 0).Add(time.Duration(i) * time.Hour), EventID: fmt.Sprint(i), Role: "deploy", Account: testAccount, Policy: policy}
	}
	var up, down history
	for i := range count {
		up.add(change(i))
		down.add(change(count - 1 - i))
	}
	up.add(change(count - 1)) // again
	for name, h := range map[string]*history{"oldest first": &up, "newest first": &down} {
		h.settle()
		got := h.of(testRole, "", day(1, 0), day(31, 0))
		if len(got) != 19 || got[0].EventID != fmt.Sprint(count-19) || h.before.IsZero() || h.size > mostChanges {
			t.Errorf("%s: %d changes from %s, %d bytes", name, len(got), got[0].EventID, h.size)
		}
	}
}
