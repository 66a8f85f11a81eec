package awsaccount

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	records "github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

type iamAPI interface {
	iam.ListRolesAPIClient
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	GetOpenIDConnectProvider(context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error)
	ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error)
	ListAccountAliases(context.Context, *iam.ListAccountAliasesInput, ...func(*iam.Options)) (*iam.ListAccountAliasesOutput, error)
}

type stsAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

type organizationsAPI interface {
	organizations.ListParentsAPIClient
	organizations.ListPoliciesForTargetAPIClient
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
}

type trailAPI = cloudtrail.LookupEventsAPIClient

// services are those of one account, through credentials for it.
type services struct {
	iam     iamAPI
	trail   trailAPI                     // of the region in which the calls of IAM are recorded
	trailIn func(region string) trailAPI // of any region
}

// How the member role is assumed. One role that assumes another gets an hour
// at most: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const (
	sessionName    = "rolewhy"
	memberDuration = time.Hour
	refreshWindow  = 5 * time.Minute
)

// clients makes the clients of the SDK for the credentials of one account.
type clients struct {
	cfg     aws.Config
	options Options
	pace    *pace // of LookupEvents
}

// clientsOf sets what every client has in common: calls are counted, and
// throttled ones are tried again ever more slowly.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
func clientsOf(cfg aws.Config, o Options) clients {
	cfg = cfg.Copy()
	cfg.RetryMode = cmp.Or(cfg.RetryMode, aws.RetryModeAdaptive)
	if o.Counter != nil {
		cfg.APIOptions = append(slices.Clip(cfg.APIOptions), count(o.Counter))
	}
	return clients{cfg, o, &pace{interval: lookupInterval}}
}

func (c clients) sts() stsAPI { return sts.NewFromConfig(c.cfg) }

func (c clients) organizations() organizationsAPI { return organizations.NewFromConfig(c.cfg) }

func (c clients) services() *services {
	return &services{iam: iam.NewFromConfig(c.cfg), trail: c.trail(IAMRegion(c.cfg.Region)), trailIn: c.trail}
}

// trail looks into the event history of one region.
func (c clients) trail(region string) trailAPI {
	return cloudtrail.NewFromConfig(c.cfg, func(o *cloudtrail.Options) {
		o.Region = region
		o.APIOptions = append(o.APIOptions, paced(c.pace))
	})
}

// named is the account that the credentials name, or "".
func (c clients) named(ctx context.Context) string {
	if c.cfg.Credentials == nil {
		return ""
	}
	found, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return "" // the first call tells more of it
	}
	return found.AccountID
}

// assume returns the services of the account of a role, through that role. Its
// credentials are gotten at once, and anew some minutes before they expire.
func (c clients) assume(ctx context.Context, roleARN string) (*services, error) {
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c.cfg), roleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName, o.Duration = sessionName, memberDuration
		if c.options.ExternalID != "" {
			o.ExternalID = &c.options.ExternalID
		}
	})
	there := clientsOf(c.cfg, Options{}) // which count already
	there.cfg.Credentials = aws.NewCredentialsCache(provider, func(o *aws.CredentialsCacheOptions) {
		o.ExpiryWindow = refreshWindow
	})
	_, err := there.cfg.Credentials.Retrieve(ctx)
	return there.services(), err
}

// IAMRegion is where CloudTrail records the calls of IAM: in one region of
// each partition. The partitions that are not listed have one region alone, or
// are not known to differ.
func IAMRegion(region string) string {
	switch partition(region) {
	case "aws":
		return "us-east-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	case "aws-cn":
		return "cn-north-1"
	}
	return region
}

// partition is that of a region.
func partition(region string) string {
	return (&records.Event{Region: region}).Partition()
}
