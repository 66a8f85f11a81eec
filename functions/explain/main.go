// Command explain is the Lambda function for what happens: it takes failed
// AssumeRoleWithWebIdentity calls, finds out why they were denied and tells
// people, and it takes edits of roles and providers and tells what they did to
// the calls that were denied.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/config"
)

// softLimit is several times the bytes that the function needs at once. Garbage is
// collected before so much is held, which comes late otherwise where the processor
// is busy. Where more is needed more is used.
const softLimit = 24 << 20

func main() {
	debug.SetMemoryLimit(softLimit)
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "explain:", err)
		os.Exit(1)
	}
}

func run() error {
	parts, err := wiring.New(context.Background(), "explain", config.LoadAlerting)
	if err != nil {
		return err
	}
	h := &handler{
		desk: parts.Desk, account: parts.Account, explain: parts.Desk.Explain,
		durable: parts.Durable, threads: parts.Threads,
		log: parts.Log, metrics: parts.Metrics,
	}
	lambda.Start(h.handle)
	return nil
}
