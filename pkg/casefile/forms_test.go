package casefile_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// TestWhatAFileCannotKnow: a file that holds one role, one page or another
// account says nothing of a role that it lacks.
func TestWhatAFileCannotKnow(t *testing.T) {
	const (
		deploy   = "arn:aws:iam::111122223333:role/deploy"
		other    = "arn:aws:iam::111122223333:role/other"
		foreign  = "arn:aws:iam::444455556666:role/deploy"
		document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
		role     = `{"Arn":"` + deploy + `","AssumeRolePolicyDocument":` + document + `}`
	)
	for _, test := range []struct {
		name, file, arn string
		exists          policy.Result
		why             string
	}{
		{"role of the account", `{"roles":[` + role + `]}`, deploy, policy.Yes, ""},
		{"no such role in the account", `{"roles":[` + role + `]}`, other, policy.No, ""},
		{"the account has no role at all", `{"roles":[]}`, deploy, policy.No, ""},
		{"file of another account", `{"roles":[` + role + `]}`, foreign, policy.Unknown, "111122223333"},
		{"the role of get-role", `{"Role":` + role + `}`, deploy, policy.Yes, ""},
		{"another than that of get-role", `{"Role":` + role + `}`, other, policy.Unknown, "one role"},
		{"a trust policy alone", document, deploy, policy.Yes, ""},
		{"first page, the role is on it", `{"IsTruncated":true,"RoleDetailList":[` + role + `]}`, deploy, policy.Yes, ""},
		{"first page, the role is not on it", `{"IsTruncated":true,"RoleDetailList":[` + role + `]}`, other, policy.Unknown, "IsTruncated"},
		{"last page", `{"IsTruncated":false,"RoleDetailList":[` + role + `]}`, other, policy.No, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := casefile.Load(strings.NewReader(test.file), "account.json")
			if err != nil {
				t.Fatal(err)
			}
			got := f.Role(context.Background(), test.arn)
			if got.Exists != test.exists || !strings.Contains(got.Why, test.why) {
				t.Errorf("exists %s (%s), want %s (%s)", got.Exists, got.Why, test.exists, test.why)
			}
			if got.Exists == policy.Yes && (got.Value.ARN != test.arn || !strings.Contains(string(got.Value.TrustPolicy), "ec2.amazonaws.com")) {
				t.Errorf("the role is %+v", got.Value)
			}
		})
	}
	if _, err := casefile.Load(strings.NewReader(`{"IsTruncated":"yes","RoleDetailList":[]}`), "account.json"); err == nil {
		t.Error("IsTruncated of the wrong type passes")
	}
}
