// Package world makes AWS accounts as the sample events describe them, in the
// stand-ins, and looks at what comes of an event there.
package world

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// Sample is an EventBridge event that carries its account.
type Sample struct {
	Raw    []byte `json:"-"`
	Region string
	Detail struct {
		EventName          string
		EventID            string
		ErrorCode          string
		RecipientAccountID string
		RequestParameters  struct{ RoleARN string }
		UserIdentity       struct{ IdentityProvider string }
	}
	Case struct {
		Account struct {
			Roles     []Role
			Providers []Provider `json:"oidcProviders"`
		}
	}
}

// Role is a role of the account.
type Role struct {
	ARN    string          `json:"Arn"`
	Policy json.RawMessage `json:"AssumeRolePolicyDocument"`
	Max    int32           `json:"MaxSessionDuration"`
}

// Provider is an OIDC provider of the account.
type Provider struct {
	ARN       string   `json:"Arn"`
	ClientIDs []string `json:"ClientIDList"`
}

// ReadSample reads a file such as events/stranger-miner.json.
func ReadSample(file string) (*Sample, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	s := &Sample{Raw: raw}
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Denied is whether the event is one that the function explains.
func (s *Sample) Denied() bool {
	return s.Detail.EventName == "AssumeRoleWithWebIdentity" && s.Detail.ErrorCode != ""
}

// seed creates the sample's roles and providers.
func (s *Sample) seed(ctx context.Context, client *iam.Client) error {
	for _, r := range s.Case.Account.Roles {
		path, name := splitRole(r.ARN)
		in := &iam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(string(r.Policy))}
		if r.Max != 0 {
			in.MaxSessionDuration = &r.Max
		}
		if _, err := client.CreateRole(ctx, in); err != nil {
			return err
		}
	}
	for _, p := range s.Case.Account.Providers {
		_, host, _ := strings.Cut(p.ARN, ":oidc-provider/")
		_, err := client.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
			Url: aws.String("https://" + host), ClientIDList: p.ClientIDs,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func splitRole(roleARN string) (path, name string) {
	a, _ := arn.Parse(roleARN)
	resource := strings.TrimPrefix(a.Resource, "role")
	i := strings.LastIndexByte(resource, '/') + 1
	return resource[:i], resource[i:]
}
