package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// sample is an EventBridge event that carries its account.
type sample struct {
	raw    []byte
	Region string
	Detail struct {
		EventName          string
		ErrorCode          string
		RecipientAccountID string
		RequestParameters  struct{ RoleARN string }
		UserIdentity       struct{ IdentityProvider string }
	}
	Case struct {
		Account struct {
			Roles     []roleSample
			Providers []providerSample `json:"oidcProviders"`
		}
	}
}

type roleSample struct {
	ARN    string          `json:"Arn"`
	Policy json.RawMessage `json:"AssumeRolePolicyDocument"`
	Max    int32           `json:"MaxSessionDuration"`
}

type providerSample struct {
	ARN       string   `json:"Arn"`
	ClientIDs []string `json:"ClientIDList"`
}

// denied is whether the event is one that the function explains.
func (s *sample) denied() bool {
	return s.Detail.EventName == "AssumeRoleWithWebIdentity" && s.Detail.ErrorCode != ""
}

// seed creates the sample's roles and providers.
func (s *sample) seed(t *testing.T, client *iam.Client) {
	t.Helper()
	for _, r := range s.Case.Account.Roles {
		path, name := splitRole(r.ARN)
		in := &iam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(string(r.Policy))}
		if r.Max != 0 {
			in.MaxSessionDuration = &r.Max
		}
		_, err := client.CreateRole(t.Context(), in)
		must(t, err)
	}
	for _, p := range s.Case.Account.Providers {
		_, host, _ := strings.Cut(p.ARN, ":oidc-provider/")
		_, err := client.CreateOpenIDConnectProvider(t.Context(), &iam.CreateOpenIDConnectProviderInput{
			Url: aws.String("https://" + host), ClientIDList: p.ClientIDs,
		})
		must(t, err)
	}
}

func splitRole(roleARN string) (path, name string) {
	a, _ := arn.Parse(roleARN)
	resource := strings.TrimPrefix(a.Resource, "role")
	i := strings.LastIndexByte(resource, '/') + 1
	return resource[:i], resource[i:]
}

// report is the text of a diagnosis from the sample's own data.
func (s *sample) report(t *testing.T) string {
	t.Helper()
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(s.raw), "sample").Events() {
		must(t, err)
		text, err := notify.Text(diagnose.Explain(t.Context(), onPaper{s}, ev, diagnose.Options{}))
		must(t, err)
		return text
	}
	t.Fatal("no event in the sample")
	return ""
}

// onPaper is the sample's account, read without AWS.
type onPaper struct{ *sample }

func (p onPaper) Role(ctx context.Context, arn string) diagnose.Known[diagnose.Role] {
	return pick(p.Roles(ctx, ""), func(r diagnose.Role) bool { return r.ARN == arn })
}

func (p onPaper) Provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	return pick(p.Providers(ctx, ""), func(p diagnose.Provider) bool { return p.ARN == arn })
}

func (p onPaper) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	roles := []diagnose.Role{}
	for _, r := range p.Case.Account.Roles {
		roles = append(roles, diagnose.Role{ARN: r.ARN, TrustPolicy: r.Policy, MaxSession: max(int(r.Max), 3600), Created: standin.Created})
	}
	return diagnose.Found(roles)
}

func (p onPaper) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	providers := []diagnose.Provider{}
	for _, s := range p.Case.Account.Providers {
		_, host, _ := strings.Cut(s.ARN, ":oidc-provider/")
		providers = append(providers, diagnose.Provider{ARN: s.ARN, URL: host, ClientIDs: s.ClientIDs, Created: standin.Created})
	}
	return diagnose.Found(providers)
}

// What this version does not read is as unseen on paper as it is in AWS.
func (onPaper) ResourceControlPolicies(ctx context.Context, account string) diagnose.Known[[]diagnose.NamedPolicy] {
	return (*awsaccount.Account)(nil).ResourceControlPolicies(ctx, account)
}

func (onPaper) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	return (*awsaccount.Account)(nil).Changes(ctx, role, provider, from, to)
}

func pick[T any](all diagnose.Known[[]T], wanted func(T) bool) diagnose.Known[T] {
	if i := slices.IndexFunc(all.Value, wanted); i >= 0 {
		return diagnose.Found(all.Value[i])
	}
	return diagnose.Missing[T]()
}

// checkSlackText holds the code blocks of a message against the report: the
// same lines, from the first on.
func checkSlackText(t *testing.T, want string, m standin.Message) {
	t.Helper()
	var lines []string
	for _, b := range m.Blocks {
		if b.Type == "section" {
			code := strings.TrimSuffix(strings.TrimPrefix(b.Text.Text, "```\n"), "\n```")
			lines = append(lines, strings.Split(code, "\n")...)
		}
	}
	got := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(strings.Join(lines, "\n"))
	if got == "" || !strings.HasPrefix(strings.TrimRight(want, "\n"), got) {
		t.Errorf("Slack shows what is not the beginning of the report:\n%s\n--- report:\n%s", got, want)
	}
}
