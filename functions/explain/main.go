// Command explain is the Lambda function: it takes failed
// AssumeRoleWithWebIdentity calls from EventBridge, finds out why they were
// denied, and sends the reports to Amazon SNS and Slack.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/rolewhy/rolewhy/functions/explain/internal/metrics"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/slack"
	"github.com/rolewhy/rolewhy/pkg/notify/sns"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "explain:", err)
		os.Exit(1)
	}
}

// slowBudget is how long a report waits for evidence that it can do without: a
// little longer than nine questions to CloudTrail take at its two requests a
// second, once a minute and account. What is not in by then follows in the
// thread.
const slowBudget = 6 * time.Second

func run() error {
	cfg, err := config.LoadAlerting(os.Getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	awsCfg, err := awsconfig.LoadDefaultConfig(context.Background())
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	// Metrics go to the standard output and the log to the standard error, so
	// that they differ outside of Lambda, which puts both into the log group.
	recorder := metrics.New(os.Stdout, cmp.Or(lambdacontext.FunctionName, "explain"))
	h := &handler{
		account: awsaccount.New(awsCfg, awsaccount.Options{
			MemberRole: cfg.MemberRole, ExternalID: cfg.ExternalID, SlowBudget: slowBudget, Counter: recorder,
		}),
		channels: channels(cfg, awsCfg),
		log:      cfg.Logger(os.Stderr),
		metrics:  recorder,
	}
	if cfg.QueueURL != "" {
		h.queue = &queue{sqs.NewFromConfig(awsCfg), cfg.QueueURL}
	}
	lambda.Start(h.handle)
	return nil
}

// channels lists the places that cfg names.
func channels(cfg config.Config, awsCfg aws.Config) (list []notify.Channel) {
	if cfg.TopicARN != "" {
		list = append(list, notify.Channel{Name: "sns", Notifier: sns.New(awsCfg, cfg.TopicARN)})
	}
	if cfg.WebhookParameter != "" {
		webhook := &parameter{client: ssm.NewFromConfig(awsCfg), name: cfg.WebhookParameter}
		list = append(list, notify.Channel{Name: "slack", Notifier: slack.New(webhook.read)})
	}
	if cfg.TokenParameter != "" {
		token := &parameter{client: ssm.NewFromConfig(awsCfg), name: cfg.TokenParameter}
		list = append(list, notify.Channel{Name: "slack", Notifier: slack.NewBot(token.read, cfg.Channel)})
	}
	return list
}
