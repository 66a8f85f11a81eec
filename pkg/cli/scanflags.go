package cli

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/awstrail"
)

// wanting are the options that have no empty value. One that is given is that
// of a variable which is not set, and without it the scan would be another.
var wanting = []string{
	"account", "fail-on", "from", "to", "since", "state", "athena", "region", "account-id", "workgroup", "output-location",
}

// checkGiven goes through what was given, be it empty.
func (x *scanning) checkGiven(cmd *cobra.Command, paths []string) error {
	for _, name := range wanting {
		if f := cmd.Flags().Lookup(name); f.Changed && strings.Trim(f.Value.String(), "[] ") == "" {
			return usagef("--%s is empty: give it a value, or leave it out", name)
		}
	}
	for _, name := range []string{"max-cost", "price"} {
		if x.cloud.athena == "" && cmd.Flags().Changed(name) {
			return usagef("--%s goes with --athena", name)
		}
	}
	for _, path := range paths {
		if err := checkPath(path); err != nil {
			return err
		}
	}
	return nil
}

// checkPath tells what is no path, or is meant for one of S3.
func checkPath(path string) error {
	switch {
	case path == "":
		return usageError("a PATH is empty: give a file, a folder, s3://BUCKET/PREFIX or -")
	case !isBucket(path) && likeBucket(path):
		if _, err := os.Lstat(path); err != nil {
			return usagef("%.200q is no place in S3: one is written s3://BUCKET/PREFIX", path)
		}
	}
	return nil
}

// likeBucket is whether a path is that of a bucket in another writing.
func likeBucket(path string) bool {
	path = strings.ToLower(path)
	host, _, _ := strings.Cut(strings.TrimPrefix(path, "https://"), "/")
	return strings.HasPrefix(path, "s3:") || strings.HasPrefix(path, "s3a:") || strings.HasPrefix(path, "arn:") && strings.Contains(path, ":s3:") ||
		strings.HasPrefix(path, "https://") && slices.Contains(strings.FieldsFunc(host, func(r rune) bool { return r == '.' || r == '-' }), "s3")
}

// checkNames tells what AWS could have no such name for.
func (c *cloud) checkNames() error {
	by := awstrail.Narrow{Accounts: c.accounts}
	if c.region() != "" {
		by.Regions = c.regions
	}
	err := by.Check()
	if err == nil && c.athena != "" {
		err = awstrail.QueryOptions{Table: c.athena, WorkGroup: c.workgroup, Output: c.location}.Check()
	}
	if err != nil {
		return usageError(err.Error())
	}
	return nil
}
