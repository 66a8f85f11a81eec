package report

import (
	"strings"
	"testing"
)

func TestHeadlineNamesTheAccountByItsAlias(t *testing.T) {
	const id = "123456789012"
	for _, tt := range []struct{ name, role, account, alias, want string }{
		{"no alias", "arn:aws:iam::" + id + ":role/r", id, "", "role r in " + id},
		{"an alias", "arn:aws:iam::" + id + ":role/r", id, "acme-prod", "role r in acme-prod (" + id + ")"},
		{"of the account that recorded the call", "arn:aws:iam::" + id + ":role/r", "210987654321", "acme-prod", "role r in " + id},
		{"of nothing", "", "", "acme-prod", "a role that the record does not name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := roleInWords(tt.role) + inAccount(&Event{Role: tt.role, Account: tt.account, AccountAlias: tt.alias})
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestJSONHasTheAlias(t *testing.T) {
	r := unexplained()
	r.Event.AccountAlias = "acme-prod"
	var b strings.Builder
	if err := JSON(&b, r); err != nil || !strings.Contains(b.String(), `"accountAlias":"acme-prod"`) {
		t.Errorf("%v in %s", err, b.String())
	}
}
