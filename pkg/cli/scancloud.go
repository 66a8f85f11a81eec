package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/awstrail"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// cloud is what the arguments say of sources in AWS.
type cloud struct {
	regions   []string
	accounts  []string
	state     string
	athena    string
	workgroup string
	location  string
	maxCost   float64
	price     float64
	yes       bool
}

func (c *cloud) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&c.regions, "region", nil, "`REGION`s that are read of the event history, S3 or Athena, or all; the first is that of --live (default: that of the environment, of S3 and Athena all)")
	f.StringSliceVar(&c.accounts, "account-id", nil, "`ID`s of the accounts that are read of S3 or Athena (default: all)")
	f.StringVar(&c.state, "state", "", "`FILE` that keeps what was read of the event history, so that the same command goes on where it was interrupted")
	f.StringVar(&c.athena, "athena", "", "`DATABASE.TABLE` of Athena with CloudTrail logs")
	f.StringVar(&c.workgroup, "workgroup", "", "`WORKGROUP` of Athena (default: primary)")
	f.StringVar(&c.location, "output-location", "", "`s3://BUCKET/PREFIX` where Athena leaves the result (default: that of the workgroup)")
	f.Float64Var(&c.maxCost, "max-cost", awstrail.DefaultLimit, "`USD` that the query of Athena may cost unasked")
	f.Float64Var(&c.price, "price", awstrail.DefaultPrice, "`USD` that Athena charges for a terabyte in its region")
	f.BoolVar(&c.yes, "yes", false, "start the query of Athena whatever it costs")
}

func isBucket(path string) bool { return strings.HasPrefix(path, "s3://") }

// history is whether the event history is to be read: --since tells how far,
// and nothing else is there to read.
func (x *scanning) history(paths []string) bool {
	return x.since != "" && len(paths) == 0 && x.cloud.athena == ""
}

// check goes through what belongs to a source that is not given.
func (c *cloud) check(x *scanning, paths []string) error {
	remote := c.athena != "" || slices.ContainsFunc(paths, isBucket)
	switch {
	case len(c.regions) > 0 && !remote && !x.history(paths) && !x.live.on:
		return usageError("--region goes with --live, --since alone, s3:// or --athena")
	case len(c.accounts) > 0 && !remote:
		return usageError("--account-id goes with s3:// or --athena; the event history is that of the account of the credentials")
	case c.state != "" && !x.history(paths):
		return usageError("--state goes with --since alone, which reads the event history")
	case c.athena == "" && (c.workgroup != "" || c.location != "" || c.yes):
		return usageError("--workgroup, --output-location and --yes go with --athena")
	case c.maxCost <= 0 || c.price <= 0:
		return usageError("--max-cost and --price take a number above 0")
	case len(c.regions) > 1 && slices.Contains(c.regions, "all"):
		return usageError("--region takes either names or all")
	}
	return c.checkNames()
}

// region is the one to begin with, "" for that of the environment.
func (c *cloud) region() string {
	if len(c.regions) == 0 || c.regions[0] == "all" {
		return ""
	}
	return c.regions[0]
}

// narrow is what is read of S3 and Athena, where all regions are the same as
// none given.
func (c *cloud) narrow(s *scan.Scanner) awstrail.Narrow {
	n := awstrail.Narrow{Accounts: c.accounts, From: s.From, To: s.To}
	if c.region() != "" {
		n.Regions = c.regions
	}
	return n
}

// lookIn are the regions whose event history is read.
func (c *cloud) lookIn(ctx context.Context, a *awstrail.AWS) ([]string, error) {
	switch {
	case len(c.regions) == 0:
		return []string{a.Region()}, nil
	case c.regions[0] == "all":
		return a.Regions(ctx)
	}
	return c.regions, nil
}
