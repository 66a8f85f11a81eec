// Command followup is the Lambda function that looks after open incidents. It
// runs each minute: it sends what was left unsent, updates and digests, and
// tells what works again.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/config"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "followup:", err)
		os.Exit(1)
	}
}

func run() error {
	parts, err := wiring.New(context.Background(), "followup", config.LoadFollowing)
	if err != nil {
		return err
	}
	h := &handler{desk: parts.Desk, account: parts.Account, metrics: parts.Metrics, log: parts.Log}
	lambda.Start(h.handle)
	return nil
}
