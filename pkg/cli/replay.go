package cli

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// defaultEvents is where the sample events are.
const defaultEvents = "events"

// replaying is one run of rolewhy replay: it explains file after file, and
// keeps a line of each report for the closing table.
type replaying struct {
	explanation
	rows [][]string
}

func (in *invocation) replay() *cobra.Command {
	p := &replaying{explanation: explanation{invocation: in, printer: printer{in: in}}}
	cmd := &cobra.Command{
		Use:   "replay [FILE|DIR]...",
		Short: "Explain sample events, and sum up",
		Long: `replay explains every event of the files, and of the *.json and *.json.gz files
in the directories (default: events), with the case that each event brings, and
closes with a table. With --live the account is read from AWS instead, with the
credentials and the region that the environment gives. A case that says what is to be found, "expect" with a list
"causes", is judged by that: the certain and likely causes must be these.

` + exitCodes,
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd.Context(), args) },
	}
	p.live.liveFlags(cmd)
	p.flags(cmd)
	return cmd
}

func (p *replaying) run(ctx context.Context, paths []string) error {
	if err := cmp.Or(p.check(), p.live.checkLive()); err != nil {
		return err
	}
	if err := p.live.connect(ctx, p.Env); err != nil {
		return err
	}
	if len(paths) == 0 {
		paths = []string{defaultEvents}
	}
	for _, path := range paths {
		names, err := eventFiles(path)
		if err != nil {
			p.fail(err)
		}
		for _, name := range names {
			p.heading = name
			p.judge = p.judgement(name)
			if err := p.file(ctx, name); err != nil {
				return err
			}
		}
	}
	return p.table()
}

// judgement keeps a line of every report of a file and judges it: by what the
// sample expects, else as explain does.
func (p *replaying) judgement(name string) func(*cloudtrail.Event, *report.Report) int {
	return func(ev *cloudtrail.Event, r *report.Report) int {
		row, code := tableRow(name, r), p.outcome(r)
		if want, ok := expected(ev.Case); ok {
			met := want.metBy(r)
			row, code = append(row, yesNo(met)), explainedIf(met)
		} else {
			row = append(row, "-")
		}
		p.rows = append(p.rows, row)
		return code
	}
}

// eventFiles lists the events of a directory in the order of their names; a
// file is its own list.
func eventFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var names []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && isEventFile(name) {
			names = append(names, name)
		}
		return err
	})
	slices.Sort(names)
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: no *.json in this directory", path)
	}
	return names, err
}

func isEventFile(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".json.gz")
}
