package audit_test

import (
	"fmt"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/casefile"
)

// A provider of another account is none for a role, though nothing is known of
// that account. Where a template leaves one of the two open, they may be the same.
func TestProvidersOfOtherAccounts(t *testing.T) {
	const other, open = "444455556666", "000000000000"
	for _, tt := range []struct {
		name           string
		role, provider string // their accounts
		gone           bool
	}{
		{name: "another", role: account, provider: other, gone: true},
		{name: "its own, of which no provider is known", role: account, provider: account},
		{name: "the role's is open", role: open, provider: other},
		{name: "the provider's is open", role: account, provider: open},
	} {
		t.Run(tt.name, func(t *testing.T) {
			acct, err := casefile.FromCase(fmt.Appendf(nil, `{"roles":[{"Arn":"arn:aws:iam::%s:role/deploy","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{
				"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::%s:oidc-provider/token.actions.githubusercontent.com"},
				"Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:acme/app:ref:refs/heads/main","token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}]}}]}`,
				tt.role, tt.provider))
			if err != nil {
				t.Fatal(err)
			}
			r := audit.Audit(t.Context(), acct, tt.role, audit.Options{Now: today})
			if gone := len(r.Findings) == 1 && r.Findings[0].Kind == audit.LeftOver; gone != tt.gone {
				t.Errorf("findings %+v", r.Findings)
			}
		})
	}
}
