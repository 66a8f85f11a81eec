package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// list lists the incidents.
func (x *incidents) list(ctx context.Context) error {
	shelves := []incident.Shelf{incident.Active}
	if x.all {
		shelves = append(shelves, incident.Closed, incident.Aside)
	}
	var all []counted
	for _, shelf := range shelves {
		for i := range x.shelf(ctx, shelf) {
			if isIncident(i) && (x.all || i.State == incident.Open) {
				all = append(all, counted{Incident: i})
			}
		}
	}
	if err := x.count(ctx, all); err != nil {
		return err
	}
	all = inOrder(all)
	switch {
	case x.output == "json":
		return x.writeList(all)
	case len(all) > 0:
		return x.write(grid(x.columns(), incidentHeads, incidentRows(all, x.Now())))
	case x.code == 0:
		fmt.Fprintln(x.Stderr, "rolewhy: no incident is open; --all lists the others")
	}
	return nil
}

// isIncident tells an incident from what else is kept beside them: digests,
// edits, and providers for which too few roles fail.
func isIncident(i *incident.Incident) bool {
	return i.Kind == incident.Call || i.Kind == incident.Strangers || i.Kind == incident.Provider && i.State != incident.Folded
}

// incidentHeads are the columns of a list.
var incidentHeads = []head{
	{name: "ID"},
	{name: "STATE"},
	{name: "ROLE", elastic: 20},
	{name: "CAUSE", elastic: 20},
	{name: "COUNT", right: true},
	{name: "SINCE", right: true},
	{name: "LAST", right: true},
	{name: "CALLERS", elastic: 24},
}

func incidentRows(all []counted, now time.Time) [][]string {
	ids := make([]string, len(all))
	for n, c := range all {
		ids[n] = c.ID
	}
	several := severalAccounts(all)
	rows := make([][]string, len(all))
	for n, c := range all {
		rows[n] = []string{
			shortID(c.ID, ids), stateWord(c.Incident), what(c.Incident, several), cmp.Or(string(cause(c.Incident)), "-"),
			fmt.Sprint(c.tally.Count), age(c.Opened, now), age(c.tally.Last, now), callers(c.Incident),
		}
	}
	return rows
}
