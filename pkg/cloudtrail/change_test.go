package cloudtrail

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestChange(t *testing.T) {
	const provider = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
	tests := []struct {
		event, parameters      string
		role, provider, policy string
	}{
		{"UpdateAssumeRolePolicy", `{"roleName":"r","policyDocument":"{}"}`, "r", "", "{}"},
		{"CreateRole", `{"roleName":"r","path":"/","assumeRolePolicyDocument":"{}","policyDocument":"no"}`, "r", "", "{}"},
		{"DeleteRole", `{"roleName":"r"}`, "r", "", ""},
		{"UpdateRole", `{"roleName":"r","maxSessionDuration":3600}`, "r", "", ""},
		{"CreateOpenIDConnectProvider", `{"url":"https://gitlab.com","clientIDList":["a"]}`, "", "https://gitlab.com", ""},
		{"DeleteOpenIDConnectProvider", `{"openIDConnectProviderArn":"` + provider + `"}`, "", provider, ""},
		{"AddClientIDToOpenIDConnectProvider", `{"OpenIDConnectProviderArn":"` + provider + `","ClientID":"a"}`, "", provider, ""},
		{"RemoveClientIDFromOpenIDConnectProvider", `{"openIdConnectProviderARN":"` + provider + `"}`, "", provider, ""},
		{"UpdateOpenIDConnectProviderThumbprint", `{"openIDConnectProviderArn":"` + provider + `","thumbprintList":[]}`, "", provider, ""},
	}
	for _, tt := range tests {
		t.Run(tt.event, func(t *testing.T) {
			at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
			ev := &Event{
				Name: tt.event, Parameters: json.RawMessage(tt.parameters), ID: "id", Time: at, AccountID: "123456789012",
				UserAgent: "aws-cli", Actor: Actor{ARN: "arn:aws:iam::123456789012:user/me", Name: "me"},
			}
			got, ok := ev.Change()
			want := Change{
				Time: at, Name: tt.event, EventID: "id", By: "arn:aws:iam::123456789012:user/me", Via: "aws-cli",
				Account: "123456789012", Role: tt.role, Provider: tt.provider, Policy: policyText(tt.policy),
			}
			if !ok || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("change = %+v, %t; want %+v", got, ok, want)
			}
		})
	}
	t.Run("every name is listed", func(t *testing.T) {
		for _, tt := range tests {
			if !slices.Contains(ChangeNames, tt.event) {
				t.Errorf("%s is not in ChangeNames", tt.event)
			}
		}
		if len(ChangeNames) != len(tests) {
			t.Error("ChangeNames has more names than are tested")
		}
	})
}

func TestWhatIsNoChange(t *testing.T) {
	tests := []struct {
		name string
		ev   Event
	}{
		{"failed", Event{Name: "DeleteRole", Parameters: json.RawMessage(`{"roleName":"r"}`), RawErrorCode: "AccessDenied"}},
		{"another call", Event{Name: "PutRolePolicy", Parameters: json.RawMessage(`{"roleName":"r","policyDocument":"{}"}`)}},
		{"without parameters", Event{Name: "DeleteRole"}},
		{"without a role", Event{Name: "UpdateAssumeRolePolicy", Parameters: json.RawMessage(`{"policyDocument":"{}"}`)}},
		{"parameters of another type", Event{Name: "DeleteRole", Parameters: json.RawMessage(`{"roleName":1}`)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c, ok := tt.ev.Change(); ok {
				t.Errorf("change = %+v", c)
			}
		})
	}
}

func TestWhoMadeAChange(t *testing.T) {
	tests := []struct {
		name    string
		actor   Actor
		by, via string
	}{
		{"a user", Actor{ARN: "arn", Name: "me"}, "arn", "agent"},
		{"a user without ARN", Actor{Name: "me"}, "me", "agent"},
		{"a service for a user", Actor{ARN: "arn", InvokedBy: "cloudformation.amazonaws.com"}, "arn", "cloudformation.amazonaws.com"},
		{"a service", Actor{InvokedBy: "eks.amazonaws.com"}, "eks.amazonaws.com", "eks.amazonaws.com"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev := Event{Name: "DeleteRole", Parameters: json.RawMessage(`{"roleName":"r"}`), UserAgent: "agent", Actor: tt.actor}
			if c, _ := ev.Change(); c.By != tt.by || c.Via != tt.via {
				t.Errorf("by %q via %q, want %q via %q", c.By, c.Via, tt.by, tt.via)
			}
		})
	}
}

func TestPublishedChange(t *testing.T) {
	ev, _ := only(t, string(readFile(t, "iam-UpdateAssumeRolePolicy-2024.json")))
	c, ok := ev.Change()
	if !ok || c.Role != "stratus-red-team-backdoor-r-role" || !json.Valid(c.Policy) || c.By != "arn:aws:iam::751203476945:user/christophe" {
		t.Errorf("change = %+v with policy %s", c, c.Policy)
	}
}

func TestConcerns(t *testing.T) {
	const (
		role     = "arn:aws:iam::123456789012:role/path/deploy"
		provider = "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com/sub"
	)
	tests := []struct {
		name           string
		change         Change
		role, provider string
		want           bool
	}{
		{"the role", Change{Role: "deploy", Account: "123456789012"}, role, "", true},
		{"the role in other letters", Change{Role: "Deploy", Account: "123456789012"}, role, provider, true},
		{"the role, account unknown", Change{Role: "deploy"}, role, provider, true},
		{"a role of another account", Change{Role: "deploy", Account: "210987654321"}, role, provider, false},
		{"another role", Change{Role: "path/deploy"}, role, provider, false},
		{"a role, none asked for", Change{Role: "deploy"}, "", provider, false},
		{"a role, no ARN asked for", Change{Role: "deploy"}, "deploy", provider, false},
		{"the provider by ARN", Change{Provider: provider, Account: "123456789012"}, role, provider, true},
		{"the provider by URL", Change{Provider: "https://gitlab.example.com/sub", Account: "123456789012"}, "", provider, true},
		{"the provider by URL in another account", Change{Provider: "https://gitlab.example.com/sub", Account: "210987654321"}, role, provider, false},
		{"another provider", Change{Provider: "https://gitlab.example.com"}, role, provider, false},
		{"a provider, none asked for", Change{Provider: provider}, role, "", false},
		{"nothing", Change{}, "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.change.Concerns(tt.role, tt.provider); got != tt.want {
				t.Errorf("concerns = %t, want %t", got, tt.want)
			}
		})
	}
}
