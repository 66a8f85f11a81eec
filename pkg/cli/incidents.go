package cli

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
)

// incidents is one run of rolewhy incidents.
type incidents struct {
	*invocation
	table, region, output string
	width                 int
	all                   bool

	store incident.Store
}

const incidentsLong = `incidents lists the open incidents of a deployment, those first that matter most:
what speaks for itself, with what an incident of a provider speaks for below it,
then what a rule keeps quiet. With --all it lists those that are over, quiet or
of strangers too.

They are read from the table of the deployment, with the credentials and the
region that the environment gives. Nothing is changed.

Exit codes:
  0  they were listed, even if there is none
  2  wrong usage
  3  failure: the table could not be read`

func (in *invocation) incidents() *cobra.Command {
	x := &incidents{invocation: in}
	cmd := &cobra.Command{
		Use:   "incidents",
		Short: "List the incidents of a deployment, or tell one",
		Long:  incidentsLong,
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return x.run(cmd.Context(), x.list) },
	}
	cmd.Flags().BoolVar(&x.all, "all", false, "also those that are over, quiet or of strangers")
	f := cmd.PersistentFlags()
	f.StringVar(&x.table, "table", "", "`NAME` of the DynamoDB table (default: "+config.Table+" of the environment)")
	f.StringVar(&x.region, "region", "", "AWS `REGION` of the table (default: that of the environment)")
	f.StringVarP(&x.output, "output", "o", "text", "text, or json (one incident a line)")
	f.IntVar(&x.width, "width", 0, "columns of text, 80 to 200 (default: those of the terminal, else 120)")
	show := &cobra.Command{
		Use:   "show ID",
		Short: "Tell the whole story of an incident",
		Long: `show tells the whole story of an incident: who was denied what and when, the
causes through time, the edits and what they did, and every message. ID is that
of the list, or any beginning of it that no other incident has.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return x.run(cmd.Context(), func(ctx context.Context) error { return x.show(ctx, args[0]) })
		},
	}
	cmd.AddCommand(show)
	complete(cmd, "output", incidentOutputs)
	return cmd
}

var incidentOutputs = []string{"text", "json"}

// run checks the arguments and opens the table.
func (x *incidents) run(ctx context.Context, do func(context.Context) error) error {
	if !slices.Contains(incidentOutputs, x.output) {
		return usagef("--output %q is none of %s", x.output, strings.Join(incidentOutputs, ", "))
	}
	x.table = cmp.Or(x.table, x.Env(config.Table))
	if x.table == "" {
		return usageError("incidents needs the table of a deployment: give --table NAME, or set " + config.Table +
			".\nThe stack has its name among its outputs")
	}
	var err error
	if x.store, err = x.open(ctx); err != nil {
		return fmt.Errorf("open the table of incidents: %w", err)
	}
	return do(ctx)
}

// open opens the table.
func (x *incidents) open(ctx context.Context) (incident.Store, error) {
	if x.Incidents != nil {
		return x.Incidents(ctx, x.region, x.table)
	}
	return dynamostore.Ambient(ctx, x.region, x.table)
}

// columns are those of text.
func (x *incidents) columns() int {
	const least, most, usual = 80, 200, 120
	return min(max(cmp.Or(x.width, x.Columns, usual), least), most)
}

// shelf is what is on a shelf. What cannot be read is told, and the rest goes
// on.
func (x *incidents) shelf(ctx context.Context, shelf incident.Shelf) iter.Seq[*incident.Incident] {
	return func(yield func(*incident.Incident) bool) {
		for i, err := range x.store.List(ctx, shelf) {
			if err != nil {
				x.fail(fmt.Errorf("list incidents: %w", err))
			} else if !yield(i) {
				return
			}
		}
	}
}

// find finds an incident by its ID, or by the beginning of that or of the hash in
// it. Those that are open come before the others.
func (x *incidents) find(ctx context.Context, id string) (*incident.Incident, error) {
	if i, err := x.store.Get(ctx, id); err != nil || i != nil {
		return i, err
	}
	for _, shelf := range []incident.Shelf{incident.Active, incident.Closed, incident.Aside} {
		var found []*incident.Incident
		for i := range x.shelf(ctx, shelf) {
			if isIncident(i) && (strings.HasPrefix(i.ID, id) || strings.HasPrefix(hashOf(i.ID), id)) {
				found = append(found, i)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return nil, usagef("%d incidents begin with %.80q, such as %.80s and %.80s: give more of the ID", len(found), id, found[0].ID, found[1].ID)
		}
	}
	return nil, fmt.Errorf("there is no incident %.80q in table %s; rolewhy incidents --all lists them", id, x.table)
}
