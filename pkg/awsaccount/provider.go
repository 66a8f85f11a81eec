package awsaccount

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

const providerPrefix = "oidc-provider/"

// Provider implements diagnose.Account.
func (a *Account) Provider(ctx context.Context, providerARN string) diagnose.Known[diagnose.Provider] {
	parsed, err := arn.Parse(providerARN)
	if err != nil || !strings.HasPrefix(parsed.Resource, providerPrefix) {
		return diagnose.Missing[diagnose.Provider]()
	}
	out, err := a.iam.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &providerARN})
	if err != nil {
		return unseen[diagnose.Provider](ctx, a, parsed.AccountID, err, "iam:GetOpenIDConnectProvider on "+providerARN)
	}
	return diagnose.Found(diagnose.Provider{
		ARN:         providerARN,
		URL:         strings.TrimPrefix(aws.ToString(out.Url), "https://"),
		ClientIDs:   out.ClientIDList,
		Thumbprints: out.ThumbprintList,
		Created:     aws.ToTime(out.CreateDate),
	})
}

// Providers implements diagnose.Account. IAM lists ARNs alone: the URL is read
// off them, and ClientIDs, Thumbprints and Created are not known.
func (a *Account) Providers(ctx context.Context, account string) diagnose.Known[[]diagnose.Provider] {
	if why := a.elsewhere(ctx, account); why != "" {
		return diagnose.Unseen[[]diagnose.Provider](why)
	}
	out, err := a.iam.ListOpenIDConnectProviders(ctx, nil)
	if err != nil {
		return unseen[[]diagnose.Provider](ctx, a, account, err, "iam:ListOpenIDConnectProviders on *")
	}
	providers := make([]diagnose.Provider, len(out.OpenIDConnectProviderList))
	for i, p := range out.OpenIDConnectProviderList {
		id := aws.ToString(p.Arn)
		_, host, _ := strings.Cut(id, ":"+providerPrefix)
		providers[i] = diagnose.Provider{ARN: id, URL: host}
	}
	return diagnose.Found(providers)
}
