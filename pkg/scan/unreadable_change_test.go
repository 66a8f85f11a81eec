package scan

import (
	"fmt"
	"strings"
	"testing"
)

// changeOf is a record of a trust policy that was set on 2 March, with such
// requestParameters.
func changeOf(parameters string) string {
	return fmt.Sprintf(`{"eventTime":"2026-03-02T00:00:00Z","eventSource":"iam.amazonaws.com","eventName":"%s","requestParameters":%s,"eventID":"c","recipientAccountId":"%s"}`,
		update, parameters, testAccount)
}

// TestUnreadableChanges has a call denied on 3 March, after a change of which
// the record does not tell all.
func TestUnreadableChanges(t *testing.T) {
	before := changed(update, "2026-03-01T00:00:00Z", trust("main"))
	const event = `event "c" of 2026-03-02T00:00:00Z: UpdateAssumeRolePolicy changed a role or a provider, but `
	tests := []struct {
		name, parameters string
		standing         Standing
		why              string // "" where nothing is told
	}{
		{"a policy as an object", `{"roleName":"deploy","policyDocument":` + trust("dev") + `}`, Allowed, ""},
		{"a role that is a number", `{"roleName":5,"policyDocument":"{}"}`, Failing, event + "its roleName is a number where a string is expected"},
		{"a cell of Athena that is no JSON", `"{rolename=deploy}"`, Failing, event + "its requestParameters are a string where an object is expected"},
		{"a policy that is a number", `{"roleName":"deploy","policyDocument":1}`, Unclear, event + "its policyDocument is a number where a policy is expected"},
		{"the policy left out", `{"roleName":"deploy"}`, Unclear, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := scanned(t, new(Scanner), texts{logOf(before, changeOf(tt.parameters), denied("1", "2026-03-03T00:00:00Z", "a", "dev"))})
			var why []string
			for _, place := range result.Unreadable {
				why = append(why, place.Why)
			}
			if got := strings.Join(why, "\n"); got != tt.why {
				t.Errorf("told %q, want %q", got, tt.why)
			}
			if one := result.Incidents[0]; one.Standing != tt.standing {
				t.Errorf("%s by %s, want %s", one.Standing, one.Report.TrustPolicy, tt.standing)
			}
		})
	}
}
