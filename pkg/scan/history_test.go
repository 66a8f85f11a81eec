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

func accountWith(t testing.TB, policy string) diagnose.Account {
	t.Helper()
	return accountHolding(t, testRole, policy)
}

// accountHolding has a role and the provider.
func accountHolding(t testing.TB, role, policy string) diagnose.Account {
	t.Helper()
	file, err := casefile.Load(strings.NewReader(`{"roles":[{"Arn":"`+role+`","AssumeRolePolicyDocument":`+policy+`}],"oidcProviders":[{"Arn":"`+testIssuer+`","ClientIDList":["sts.amazonaws.com"]}]}`), "account")
	if err != nil {
		t.Fatal(err)
	}
	return file
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
