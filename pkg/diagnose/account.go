package diagnose

import (
	"context"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Account tells what an AWS account holds. All input and output of a
// diagnosis happens here. Implementations never fail: what could not be
// looked at comes back with Exists Unknown and the reason in Why.
type Account interface {
	// Role looks up a role by ARN.
	Role(ctx context.Context, arn string) Known[Role]
	// Roles lists the roles of an account.
	Roles(ctx context.Context, account string) Known[[]Role]
	// Provider looks up an IAM OIDC provider by ARN.
	Provider(ctx context.Context, arn string) Known[Provider]
	// Providers lists the IAM OIDC providers of an account.
	Providers(ctx context.Context, account string) Known[[]Provider]
	// ResourceControlPolicies lists those that apply to an account.
	ResourceControlPolicies(ctx context.Context, account string) Known[[]NamedPolicy]
	// Changes lists changes of the role and of the provider (ARNs; either may
	// be empty) between from and to, oldest first. What they said of a policy
	// is in Change.Policy.
	Changes(ctx context.Context, role, provider string, from, to time.Time) Known[[]Change]
}

// Known is a thing with what is known of its existence.
type Known[T any] struct {
	Value  T
	Exists policy.Result // Yes: found; No: looked for and not there; Unknown: not looked at
	Why    string        // with Unknown: why it could not be looked at, for example a missing permission
}

// Found is a Known that exists.
func Found[T any](v T) Known[T] { return Known[T]{Value: v, Exists: policy.Yes} }

// Missing is a Known that was looked for and does not exist.
func Missing[T any]() Known[T] { return Known[T]{Exists: policy.No} }

// Unseen is a Known that could not be looked at, and why.
func Unseen[T any](why string) Known[T] { return Known[T]{Why: why} }

// Role is an IAM role.
type Role struct {
	ARN         string
	TrustPolicy []byte    // JSON, URL-encoded or plain; nil where it could not be read
	Created     time.Time // zero: not known
	MaxSession  int       // seconds; 0: not known
	Tags        map[string]string
}

// Provider is an IAM OIDC provider.
type Provider struct {
	ARN         string
	URL         string // without https://, as IAM returns it
	ClientIDs   []string
	Thumbprints []string
	Created     time.Time
}

// NamedPolicy is a policy of the organization.
type NamedPolicy struct {
	ID, Name string
	Document []byte
}

// Change is one successful change of a role or provider.
type Change struct {
	Time     time.Time
	Name     string // CloudTrail event name
	EventID  string
	By       string // ARN or name of who made it
	Via      string // service or user agent
	Role     string // role name, for changes of roles
	Provider string // ARN or URL of the provider, for changes of providers
	Policy   []byte // the trust policy it set; nil where it set none
}
