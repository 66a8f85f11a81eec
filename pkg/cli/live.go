package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// live is what the arguments say of AWS, and the account that they lead to.
type live struct {
	on      bool
	region  string
	eventID string              // of the record to fetch
	account *awsaccount.Account // nil where AWS is not asked
}

// liveFlags adds the flags of what looks at live accounts to a command.
func (l *live) liveFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&l.on, "live", false, "read the account from AWS, with the credentials of the environment")
	f.StringVar(&l.region, "region", "", "AWS `REGION`, with --live or --event-id (default: that of the environment)")
}

// eventFlag adds the flag for a record that is fetched.
func (l *live) eventFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.eventID, "event-id", "", "`ID` of a CloudTrail event to fetch from AWS, in place of a FILE; the account is read as with --live unless --account gives it")
}

func (l *live) asked() bool { return l.on || l.eventID != "" }

func (l *live) checkLive() error {
	if l.region != "" && !l.asked() {
		return usageError("--region goes with --live or --event-id; a record names its region itself")
	}
	return nil
}

// checkLive goes through what excludes each other.
func (x *explanation) checkLive(files []string) error {
	switch {
	case x.live.on && x.account != "":
		return usageError("explain reads the account either from AWS with --live or from a file with --account, not both")
	case x.live.eventID != "" && (len(files) > 0 || x.text != ""):
		return usageError("--event-id fetches the record; leave out FILE and --error")
	}
	if x.here.try {
		return nil // the region is that of the attempt
	}
	return x.live.checkLive()
}

// connect finds the credentials, where AWS is to be asked at all.
func (l *live) connect(ctx context.Context, env func(string) string) error {
	if !l.asked() {
		return nil
	}
	c, err := config.Load(env)
	if err != nil {
		return err
	}
	l.account, err = awsaccount.Ambient(ctx, l.region, awsaccount.Options{MemberRole: c.MemberRole, ExternalID: c.ExternalID})
	return err
}

// fetched explains the call whose record is in CloudTrail.
func (x *explanation) fetched(ctx context.Context) error {
	record, err := x.live.account.Record(ctx, x.live.eventID)
	if err != nil {
		return err
	}
	return x.records(ctx, strings.NewReader(record), "event "+x.live.eventID)
}

// alias is that of an account, "" where AWS is not asked.
func (l *live) alias(ctx context.Context, account string) string {
	if l.account == nil {
		return ""
	}
	return l.account.Alias(ctx, account)
}

// know is what is known around an event: a file that was given comes before
// AWS, and both before the case that the event brings.
func (x *explanation) know(ev *cloudtrail.Event) (diagnose.Account, diagnose.Options, error) {
	if x.live.account != nil && x.given == nil {
		return x.live.account, diagnose.Options{}, nil
	}
	return know(ev, x.given)
}
