// Command rolewhy answers why an sts:AssumeRoleWithWebIdentity call was
// denied, and what the smallest safe change is.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/rolewhy/rolewhy/pkg/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // whoever asks once more to end is not made to wait
	code := cli.FromProcess().Run(ctx)
	stop()
	os.Exit(code)
}
