package cloudtrail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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
		{"UpdateAssumeRolePolicy", `{"roleName":"r","policyDocument":{"Version":"2012-10-17"}}`, "r", "", `{"Version":"2012-10-17"}`},
		{"UpdateAssumeRolePolicy", `{"roleName":"r","policyDocument":null}`, "r", "", ""},
		{"CreateRole", `{"roleName":"r","path":"/","assumeRolePolicyDocument":"{}","policyDocument":"no"}`, "r", "", "{}"},
		{"CreateRole", `{"roleName":"r"}`, "r", "", ""},
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
			got, ok, err := ev.Change()
			want := Change{
				Time: at, Name: tt.event, EventID: "id", By: "arn:aws:iam::123456789012:user/me", Via: "aws-cli",
				Account: "123456789012", Role: tt.role, Provider: tt.provider, Policy: []byte(tt.policy),
			}
			if !ok || err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("change = %+v, %t, %v; want %+v", got, ok, err, want)
			}
		})
	}
	t.Run("every name is listed", func(t *testing.T) {
		var names []string
		for _, tt := range tests {
			names = append(names, tt.event)
		}
		if names = slices.Compact(names); !slices.Equal(names, ChangeNames) {
			t.Errorf("%q are tested, ChangeNames has %q", names, ChangeNames)
		}
	})
}

func TestWhatIsNoChange(t *testing.T) {
	tests := []struct {
		name string
		ev   Event
	}{
		{"failed", Event{Name: "DeleteRole", Parameters: json.RawMessage(`{"roleName":"r"}`), RawErrorCode: "AccessDenied"}},
		{"failed, without parameters", Event{Name: "DeleteRole", RawErrorCode: "AccessDenied"}},
		{"another call", Event{Name: "PutRolePolicy", Parameters: json.RawMessage(`{"roleName":"r","policyDocument":"{}"}`)}},
		{"a call of another service", Event{Name: "CreateRole", Source: "roles.example.com", Parameters: json.RawMessage(`{"roleName":"r"}`)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c, ok, err := tt.ev.Change(); ok || err != nil {
				t.Errorf("change = %+v, %v", c, err)
			}
		})
	}
}

// TestUnreadableChange has changes that were made, and of which the record does
// not tell all.
func TestUnreadableChange(t *testing.T) {
	tests := []struct {
		name, event, parameters string
		role                    string // where the policy alone is not known
		want                    string
	}{
		{"no parameters", "DeleteRole", "", "", "no requestParameters"},
		{"parameters that are text", "UpdateAssumeRolePolicy", `"{roleName=r}"`, "", "requestParameters are a string where an object is expected"},
		{"no role", "UpdateAssumeRolePolicy", `{"policyDocument":"{}"}`, "", "have no roleName"},
		{"an empty role", "UpdateRole", `{"roleName":""}`, "", "roleName is empty"},
		{"a role that is null", "DeleteRole", `{"roleName":null}`, "", "have no roleName"},
		{"a role that is a number", "DeleteRole", `{"roleName":1}`, "", "roleName is a number where a string is expected"},
		{"a policy that is a list", "CreateRole", `{"roleName":"r","assumeRolePolicyDocument":[]}`, "r", "assumeRolePolicyDocument is a list where a policy is expected"},
		{"a policy that is a number", "UpdateAssumeRolePolicy", `{"roleName":"r","policyDocument":1}`, "r", "policyDocument is a number where a policy is expected"},
		{"no URL", "CreateOpenIDConnectProvider", `{"clientIDList":[]}`, "", "have no url"},
		{"no ARN", "DeleteOpenIDConnectProvider", `{}`, "", "have no openIDConnectProviderArn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok, err := (&Event{Name: tt.event, Source: "iam.amazonaws.com", Parameters: json.RawMessage(tt.parameters)}).Change()
			if ok != (tt.role != "") || c.Role != tt.role || c.Policy != nil || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.event) {
				t.Errorf("change = %+v, %t, %v; want role %q and an error with %q", c, ok, err, tt.role, tt.want)
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
			if c, _, _ := ev.Change(); c.By != tt.by || c.Via != tt.via {
				t.Errorf("by %q via %q, want %q via %q", c.By, c.Via, tt.by, tt.via)
			}
		})
	}
}

func TestPublishedChange(t *testing.T) {
	ev, _ := only(t, string(readFile(t, "iam-UpdateAssumeRolePolicy-2024.json")))
	c, ok, err := ev.Change()
	if !ok || err != nil || c.Role != "stratus-red-team-backdoor-r-role" || !json.Valid(c.Policy) || c.By != "arn:aws:iam::751203476945:user/christophe" {
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
