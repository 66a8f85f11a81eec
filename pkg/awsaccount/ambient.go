package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// What a user can do about an environment that does not lead to AWS.
var (
	ErrNoRegion      = errors.New("no AWS region is set: give --region, or set AWS_REGION")
	ErrNoCredentials = errors.New("no AWS credentials were found: set AWS_PROFILE, or log in with aws sso login")
	ErrNoEvent       = errors.New("CloudTrail has no such event there: it shows an event some minutes after the call, for 90 days, and in the region of the call, which is us-east-1 for the global endpoint of STS; give another one with --region")
)

// credentialsLimit bounds the search for credentials, whose last resort is the
// metadata service of an instance that may not be one.
const credentialsLimit = 15 * time.Second

// Ambient is New for a person at a terminal, with the configuration of
// Environment.
func Ambient(ctx context.Context, region string, o Options) (*Account, error) {
	cfg, err := Environment(ctx, region)
	if errors.Is(err, ErrNoCredentials) {
		return nil, fmt.Errorf("%w; without them, give what the account holds with --account FILE", err)
	}
	if err != nil {
		return nil, err
	}
	return New(cfg, o), nil
}

// Environment is the configuration that a person at a terminal has: the
// credentials and the region of the environment, as every tool of AWS finds
// them. A region that is not empty takes the place of that of the environment.
// The error is ErrNoRegion, ErrNoCredentials, or tells what is wrong in the
// environment.
func Environment(ctx context.Context, region string) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return aws.Config{}, fmt.Errorf("read the configuration of AWS: %w", err)
	}
	if cfg.Region == "" {
		return aws.Config{}, ErrNoRegion
	}
	ctx, cancel := context.WithTimeout(ctx, credentialsLimit)
	defer cancel()
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf("%w (%w)", ErrNoCredentials, err)
	}
	return cfg, nil
}

// Record fetches the JSON text of a CloudTrail record by its event id, from
// the region of the credentials. The error is ErrNoEvent where there is none,
// and names the permission that is missing where AWS refuses to tell.
func (a *Account) Record(ctx context.Context, id string) (string, error) {
	out, err := a.here.LookupEvents(ctx, &cloudtrail.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventId, AttributeValue: &id}},
	})
	if err != nil {
		return "", fmt.Errorf("look up event %s: %s", id, refused(err, needLookup).why)
	}
	for _, e := range out.Events {
		if text := aws.ToString(e.CloudTrailEvent); text != "" {
			return text, nil
		}
	}
	return "", fmt.Errorf("look up event %s: %w", id, ErrNoEvent)
}
