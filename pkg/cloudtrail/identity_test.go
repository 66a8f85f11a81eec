package cloudtrail

import "testing"

func TestKeyHost(t *testing.T) {
	tests := []struct {
		provider, want string
		builtIn        bool
	}{
		{"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", "token.actions.githubusercontent.com", false},
		{"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB", "oidc.eks.eu-west-1.amazonaws.com/id/AB", false},
		{"arn:aws-cn:iam::123456789012:oidc-provider/gitlab.example.cn", "gitlab.example.cn", false},
		{"arn:aws-us-gov:iam::123456789012:oidc-provider/localhost/", "localhost/", false},
		{"arn:aws:iam::123456789012:oidc-provider/host:8443/path", "host:8443/path", false},
		{"arn:aws:iam::123456789012:oidc-provider/", "", false},
		{"arn:aws:iam::123456789012:saml-provider/okta", "", false},
		{"arn:aws:iam", "", false},
		{"cognito-identity.amazonaws.com", "cognito-identity.amazonaws.com", true},
		{"accounts.google.com", "accounts.google.com", true},
		{"https://accounts.google.com", "", false},
		{"accounts.google.com/path", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		ev := &Event{Provider: tt.provider}
		if got := ev.KeyHost(); got != tt.want || got != KeyHost(tt.provider) || ev.BuiltIn() != tt.builtIn {
			t.Errorf("%q: key host %q, built in %t; want %q, %t", tt.provider, got, ev.BuiltIn(), tt.want, tt.builtIn)
		}
	}
}

func TestPartition(t *testing.T) {
	tests := []struct {
		name string
		ev   Event
		want string
	}{
		{"of the role", Event{RoleARN: "arn:aws-cn:iam::1:role/r", Provider: "arn:aws:iam::1:oidc-provider/p"}, "aws-cn"},
		{"of the provider", Event{RoleARN: "my-role", Provider: "arn:aws-us-gov:iam::1:oidc-provider/p", Region: "us-east-1"}, "aws-us-gov"},
		{"of the region in China", Event{Region: "cn-northwest-1"}, "aws-cn"},
		{"of GovCloud", Event{Region: "us-gov-west-1"}, "aws-us-gov"},
		{"of the European Sovereign Cloud", Event{Region: "eusc-de-east-1"}, "aws-eusc"},
		{"of an isolated region", Event{Region: "us-isob-east-1"}, "aws-iso-b"},
		{"of another region", Event{Region: "eu-central-1", Provider: "accounts.google.com"}, "aws"},
		{"of nothing", Event{}, "aws"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.ev.Partition(); got != tt.want {
				t.Errorf("partition = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRole(t *testing.T) {
	tests := []struct{ arn, account, name string }{
		{"arn:aws:iam::123456789012:role/deploy", "123456789012", "deploy"},
		{"arn:aws:iam::123456789012:role/team/ci/deploy", "123456789012", "deploy"},
		{"arn:aws-cn:iam::123456789012:role/deploy", "123456789012", "deploy"},
		{"arn:aws:iam::123456789012:user/deploy", "123456789012", ""},
		{"arn:aws:iam:::role/deploy", "999999999999", "deploy"},
		{"deploy", "999999999999", ""},
		{"", "999999999999", ""},
	}
	for _, tt := range tests {
		ev := &Event{RoleARN: tt.arn, AccountID: "999999999999"}
		if ev.RoleAccount() != tt.account || ev.RoleName() != tt.name {
			t.Errorf("%q: %q in %q, want %q in %q", tt.arn, ev.RoleName(), ev.RoleAccount(), tt.name, tt.account)
		}
	}
}
