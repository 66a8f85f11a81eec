package awsaccount

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

const providerPrefix = "oidc-provider/"

// Provider implements diagnose.Account.
func (a *Account) Provider(ctx context.Context, providerARN string) diagnose.Known[diagnose.Provider] {
	return await(ctx, a, a.provider(providerARN), "iam:GetOpenIDConnectProvider on "+providerARN)
}

func (a *Account) provider(providerARN string) *reading[diagnose.Provider] {
	return byARN(a, a.providers, providerARN, providerPrefix, readProvider)
}

func readProvider(ctx context.Context, at *services, providerARN string) seen[diagnose.Provider] {
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
	return await(ctx, a, a.idpLists.get(account, in(a, account, readProviders)), "iam:ListOpenIDConnectProviders on *")
}

func readProviders(ctx context.Context, at *services) seen[[]diagnose.Provider] {
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
