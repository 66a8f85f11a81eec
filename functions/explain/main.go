// Command explain is the Lambda function: it takes a failed
// AssumeRoleWithWebIdentity call from EventBridge, finds out why it was
// denied, and sends the report to Amazon SNS and Slack.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

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

func run() error {
	cfg, err := config.LoadAlerting(os.Getenv)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	awsCfg, err := awsconfig.LoadDefaultConfig(context.Background())
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	h := &handler{awsaccount.New(awsCfg), channels(cfg, awsCfg), cfg.Logger(os.Stderr)}
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
	return list
}
