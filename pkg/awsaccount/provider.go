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
	return await(ctx, a, a.provider(providerARN), "iam:GetOpenIDConnectProvider on "+providerARN)
}

func (a *Account) provider(providerARN string) *reading[diagnose.Provider] {
	parsed, err := arn.Parse(providerARN)
	if err != nil || !strings.HasPrefix(parsed.Resource, providerPrefix) {
		return known(missing[diagnose.Provider]())
	}
	return a.providers.get(providerARN, func(ctx context.Context) seen[diagnose.Provider] {
		return a.readProvider(ctx, providerARN, parsed.AccountID)
	})
}

func (a *Account) readProvider(ctx context.Context, providerARN, account string) seen[diagnose.Provider] {
	at, gap := a.at(ctx, account)
	if gap != nil {
		return unseen[diagnose.Provider](gap)
	}
	out, err := at.iam.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &providerARN})
	switch {
	case absent(err):
		return missing[diagnose.Provider]()
	case err != nil:
		return unseen[diagnose.Provider](refused(err, "iam:GetOpenIDConnectProvider on "+providerARN))
	}
	return found(diagnose.Provider{
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
	r := a.idpLists.get(account, func(ctx context.Context) seen[[]diagnose.Provider] {
		return a.readProviders(ctx, account)
	})
	return await(ctx, a, r, "iam:ListOpenIDConnectProviders on *")
}

func (a *Account) readProviders(ctx context.Context, account string) seen[[]diagnose.Provider] {
	at, gap := a.at(ctx, account)
	if gap != nil {
		return unseen[[]diagnose.Provider](gap)
	}
	out, err := at.iam.ListOpenIDConnectProviders(ctx, nil)
	if err != nil {
		return unseen[[]diagnose.Provider](refused(err, "iam:ListOpenIDConnectProviders on *"))
	}
	providers := make([]diagnose.Provider, len(out.OpenIDConnectProviderList))
	for i, p := range out.OpenIDConnectProviderList {
		id := aws.ToString(p.Arn)
		_, host, _ := strings.Cut(id, ":"+providerPrefix)
		providers[i] = diagnose.Provider{ARN: id, URL: host}
	}
	return found(providers)
}
