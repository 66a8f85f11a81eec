package awsaccount

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/rolewhy/rolewhy/pkg/caller"
)

// Attempt is a call of AssumeRoleWithWebIdentity that is made to see what STS
// answers.
type Attempt struct {
	Role    string
	Session string // "" is rolewhy
	Region  string // of the endpoint, "" for that of the configuration, else that of the role's partition
	Token   caller.Token
}

// Answer is what STS answered.
type Answer struct {
	Allowed       bool
	Code, Message string // of the error, empty where the call was allowed
	RequestID     string
	Region        string    // of the endpoint
	Time          time.Time // by the clock of STS, zero where it did not tell
}

// patience bounds an attempt, retries included.
const patience = 30 * time.Second

// shortest is the shortest session that STS gives.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const shortest = 15 * time.Minute

// Try makes the call, without any credentials of its own. Those that a call
// brings which is allowed are dropped where they come in; nothing is done with
// them. The error tells that STS could not be asked, or gave an answer that is
// none; it holds no part of the token.
func Try(ctx context.Context, a Attempt) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(a.Region), config.WithCredentialsProvider(aws.AnonymousCredentials{}))
	if err != nil {
		return Answer{}, errors.New(a.Token.Hide(fmt.Sprintf("read the configuration of AWS: %v", err)))
	}
	cfg.Region = cmp.Or(cfg.Region, usualRegion(a.Role))
	_, err = sts.NewFromConfig(cfg).AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &a.Role, RoleSessionName: aws.String(cmp.Or(a.Session, sessionName)),
		WebIdentityToken: aws.String(a.Token.Reveal()), DurationSeconds: aws.Int32(int32(shortest / time.Second)),
	})
	if err == nil {
		return Answer{Allowed: true, Region: cfg.Region}, nil
	}
	return a.answer(err, cfg.Region)
}

// answer reads an error of the SDK.
func (a Attempt) answer(err error, region string) (Answer, error) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return Answer{}, errors.New(a.Token.Hide(fmt.Sprintf("ask STS in %s: %v", region, err)))
	}
	out := Answer{Code: a.Token.Hide(api.ErrorCode()), Message: a.Token.Hide(api.ErrorMessage()), Region: region}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		out.RequestID = response.ServiceRequestID()
		if at, err := http.ParseTime(response.Response.Header.Get("Date")); err == nil {
			out.Time = at
		}
	}
	return out, nil
}

// usualRegion is the one that is always active in the partition of a role.
func usualRegion(role string) string {
	parsed, err := arn.Parse(role)
	if err != nil {
		return "us-east-1"
	}
	switch parsed.Partition {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	}
	return "us-east-1"
}
