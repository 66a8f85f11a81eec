// Package wiring puts together what both functions are made of: a desk for
// incidents with its store, its channels and the account that it looks at, as
// the configuration names them.
package wiring

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
)

// Parts are what a function works with.
type Parts struct {
	Desk    *incident.Desk
	Account *awsaccount.Account
	Metrics *metrics.Recorder
	Log     *slog.Logger // takes what With gave to the context
	// Durable is whether incidents outlive the process, so that what is saved
	// need not come again.
	Durable bool
	// Threads is whether a channel can add to what it has sent.
	Threads bool
}

// slowBudget is how long a diagnosis waits for evidence that it can do
// without: a little longer than nine questions to CloudTrail take at its two
// requests a second, once a minute and account. What is not in by then follows
// in the thread.
const slowBudget = 6 * time.Second

// New makes the parts of the function of that name from the environment, which
// load checks: config.LoadAlerting or config.LoadFollowing. It makes no call of
// AWS yet. Metrics go to the standard output and the log to the standard error,
// so that they differ outside of Lambda, which puts both into the log group.
func New(ctx context.Context, name string, load func(getenv func(string) string) (config.Config, error)) (*Parts, error) {
	cfg, err := load(os.Getenv)
	if err != nil {
		return nil, fmt.Errorf("configuration:\n%w", err)
	}
	awsCfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	p := &Parts{
		Metrics: metrics.New(os.Stdout, cmp.Or(lambdacontext.FunctionName, name)),
		Log:     slog.New(handler{cfg.Logger(os.Stderr).Handler()}),
		Durable: cfg.Table != "",
		Threads: cfg.TokenParameter != "",
	}
	p.Account = awsaccount.New(awsCfg, awsaccount.Options{
		MemberRole: cfg.MemberRole, ExternalID: cfg.ExternalID, SlowBudget: slowBudget, Counter: p.Metrics,
	})
	p.Desk = desk(cfg, awsCfg, p)
	return p, nil
}

// desk is the one of a configuration.
func desk(cfg config.Config, awsCfg aws.Config, p *Parts) *incident.Desk {
	d := &incident.Desk{
		Store:     store(cfg, awsCfg),
		Explain:   diagnosis{p.Account}.explain,
		Succeeded: diagnosis{p.Account}.succeeded,
		Channels:  counted(channels(cfg, awsCfg), p.Metrics),
		Lost:      func(n int) { p.Metrics.Add(metrics.Lost, "", n) },
		Log:       p.Log,
		Options: incident.Options{
			Updates: cfg.UpdateAfter, Quiet: cfg.QuietAfter,
			PerRole: cfg.AlertsPerRole, InAll: cfg.AlertsPerHour,
		},
	}
	if cfg.RulesParameter != "" {
		d.Rules = rules{&parameter{client: ssm.NewFromConfig(awsCfg), name: cfg.RulesParameter}}.read
	}
	return d
}

func store(cfg config.Config, awsCfg aws.Config) incident.Store {
	if cfg.Table == "" {
		return incident.NewMemory()
	}
	return dynamostore.New(awsCfg, cfg.Table)
}
