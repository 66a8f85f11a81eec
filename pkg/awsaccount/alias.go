package awsaccount

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// Alias returns the alias of an account, "" where it has none or it was not
// seen. An account has one at most.
func (a *Account) Alias(ctx context.Context, account string) string {
	return awaitSlow(ctx, a, a.alias(account), "iam:ListAccountAliases on *").Value
}

func (a *Account) alias(account string) *reading[string] {
	return a.aliases.get(account, in(a, account, readAlias))
}

func readAlias(ctx context.Context, at *services) seen[string] {
	out, err := at.iam.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{})
	switch {
	case err != nil:
		return unseen[string](refused(err, "iam:ListAccountAliases on *"))
	case len(out.AccountAliases) == 0:
		return missing[string]()
	}
	return found(out.AccountAliases[0])
}
