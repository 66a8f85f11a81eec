package awstrail

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	accounts "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
)

// Regions are those that are enabled for the account of the credentials, in
// order. The error names the permission where it is missing.
// https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
func (a *AWS) Regions(ctx context.Context) ([]string, error) {
	var names []string
	pages := accounts.NewListRegionsPaginator(accounts.NewFromConfig(a.cfg), &accounts.ListRegionsInput{
		RegionOptStatusContains: []types.RegionOptStatus{types.RegionOptStatusEnabled, types.RegionOptStatusEnabledByDefault},
	})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask which regions are enabled: %w", reason(err, "account:ListRegions on *"))
		}
		for _, r := range out.Regions {
			names = append(names, aws.ToString(r.RegionName))
		}
	}
	slices.Sort(names)
	return names, nil
}
