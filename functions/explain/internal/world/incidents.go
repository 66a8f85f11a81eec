package world

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
)

// Store is that of the world's incidents.
func (w *World) Store() *dynamostore.Store { return dynamostore.New(w.Config, w.Table) }

// Incidents are all of them, those that are open first.
func (w *World) Incidents(ctx context.Context) (all []*incident.Incident, err error) {
	for _, shelf := range []incident.Shelf{incident.Active, incident.Closed, incident.Aside} {
		for i, err := range w.Store().List(ctx, shelf) {
			if err != nil {
				return nil, err
			}
			all = append(all, i)
		}
	}
	return all, nil
}

// Later makes it later: for every incident, everything that is due at some time
// is due so much earlier. The times of events stay.
func (w *World) Later(ctx context.Context, d time.Duration) error {
	all, err := w.Incidents(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		moved, err := earlier(i, d)
		if err != nil {
			return err
		}
		if err := w.Store().Save(ctx, moved); err != nil {
			return err
		}
	}
	return nil
}

// earlier is the incident with all its times moved into the past.
func earlier(i *incident.Incident, d time.Duration) (*incident.Incident, error) {
	raw, err := json.Marshal(i)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	delete(all, "event")
	if raw, err = json.Marshal(move(all, d)); err != nil {
		return nil, err
	}
	moved := &incident.Incident{Revision: i.Revision, Event: i.Event}
	if err := json.Unmarshal(raw, moved); err != nil {
		return nil, fmt.Errorf("incident %s: %w", i.ID, err)
	}
	return moved, nil
}

func move(v any, d time.Duration) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = move(v[name], d)
		}
	case []any:
		for n := range v {
			v[n] = move(v[n], d)
		}
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && !at.IsZero() {
			return at.Add(-d).Format(time.RFC3339Nano)
		}
	}
	return v
}
