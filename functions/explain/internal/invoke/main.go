// Command invoke runs the function as it is built on one event of events/, in
// the account that the event carries, and prints what a subscriber of the topic
// and a Slack channel get. It needs no AWS account, but moto: `make tools`.
//
//	go run ./functions/explain/internal/invoke events/stranger-miner.json
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: invoke events/NAME.json, from the top of the tree")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := run(ctx, os.Stdout, ".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "invoke:", err)
		os.Exit(1)
	}
}

// run is all of it; root is the top of the tree.
func run(ctx context.Context, w io.Writer, root, file string) error {
	sample, err := world.ReadSample(file)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "invoke")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bootstrap := filepath.Join(dir, "bootstrap")
	if err := standin.Build(root, "explain", bootstrap); err != nil {
		return err
	}
	places, err := world.Start(root)
	if err != nil {
		return err
	}
	defer places.Close()
	return invoke(ctx, w, places, sample, bootstrap)
}

// invoke puts the event into the function's queue and waits until that is
// empty.
func invoke(ctx context.Context, w io.Writer, places *world.Places, sample *world.Sample, bootstrap string) error {
	account, err := places.New(ctx, sample)
	if err != nil {
		return err
	}
	function, err := standin.StartFunction(bootstrap, account.Env(world.Bot(places.Slack)...)...)
	if err != nil {
		return err
	}
	defer function.Stop()
	if err := account.Put(ctx, sample.Raw); err != nil {
		return err
	}
	if _, err := account.PollAll(ctx, function); err != nil {
		return err
	}
	section(w, "log", function.Logs())
	section(w, "metrics", function.Metrics())
	return show(ctx, w, account, places.Slack)
}

// show prints the messages.
func show(ctx context.Context, w io.Writer, account *world.World, slack *standin.Slack) error {
	received, err := account.Received(ctx)
	if err != nil {
		return err
	}
	for _, n := range received {
		form, text, err := read(n)
		if err != nil {
			return err
		}
		section(w, "SNS, as "+form+": "+n.Subject, text)
	}
	messages, _ := slack.Take()
	for _, m := range messages {
		where := "Slack"
		if m.ThreadTS != "" {
			where = "Slack, in the thread"
		}
		section(w, where, m.Read())
	}
	if len(received)+len(messages) == 0 {
		fmt.Fprintln(w, "nothing was sent; the log says why")
	}
	return nil
}

// read is what came to the topic's queue: the text of the report that is in it,
// and without one the data itself.
func read(n world.Notification) (form, text string, err error) {
	r := &report.Report{}
	if err := json.Unmarshal([]byte(n.Message), r); err != nil {
		return "", "", fmt.Errorf("what SNS delivered: %w", err)
	}
	if r.Schema != report.Schema {
		return "data", n.Message, nil
	}
	text, err = notify.Text(notify.ForReport(r))
	return "mail", text, err
}

func section(w io.Writer, title, text string) {
	fmt.Fprintf(w, "=== %s\n%s\n\n", title, strings.TrimRight(text, "\n"))
}
