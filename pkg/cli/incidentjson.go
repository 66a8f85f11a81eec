package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// incidentSchema names the form of incidents in JSON, which
// docs/command-line.md describes.
const incidentSchema = "rolewhy.incident/1"

// incidentDocument is an incident for machines. The story is in that of show
// alone.
type incidentDocument struct {
	Schema       string         `json:"schema"`
	ID           string         `json:"id"`
	Kind         incident.Kind  `json:"kind"`
	State        incident.State `json:"state"`
	Account      string         `json:"account,omitempty"`
	AccountAlias string         `json:"accountAlias,omitempty"`
	Role         string         `json:"role,omitempty"`
	Provider     string         `json:"provider,omitempty"`
	ProviderName string         `json:"providerName,omitempty"`
	Caller       report.Caller  `json:"caller,omitempty"`
	Cause        report.Code    `json:"cause,omitempty"`
	Headline     string         `json:"headline,omitempty"`
	Count        int            `json:"count"`
	First        time.Time      `json:"first,omitzero"`
	Last         time.Time      `json:"last,omitzero"`
	Opened       time.Time      `json:"opened,omitzero"`
	Closed       time.Time      `json:"closed,omitzero"`
	Rule         string         `json:"rule,omitempty"`
	Parent       string         `json:"parent,omitempty"`
	Children     []string       `json:"children,omitempty"`
	Subjects     []string       `json:"subjects"`
	MoreSubjects bool           `json:"moreSubjects,omitempty"`

	*incidentStory
}

// incidentStory is what show tells beyond the list.
type incidentStory struct {
	Causes  []incident.Cause   `json:"causes"`
	Edits   []report.Change    `json:"edits"`   // not answered yet
	Outbox  []incident.Message `json:"outbox"`  // not sent yet
	Story   []incident.Chapter `json:"story"`   // oldest first
	Minutes map[string]int     `json:"minutes"` // denials by the minute, in UTC
}

func documentOf(c counted) incidentDocument {
	return incidentDocument{
		Schema: incidentSchema, ID: c.ID, Kind: c.Kind, State: c.State, Account: c.Account, AccountAlias: c.AccountAlias,
		Role: c.Role, Provider: c.Provider, ProviderName: c.ProviderName, Caller: c.Caller, Cause: cause(c.Incident), Headline: c.Headline,
		Count: c.tally.Count, First: c.tally.First, Last: c.tally.Last, Opened: c.Opened, Closed: c.Closed, Rule: c.Rule,
		Parent: c.Parent, Children: c.Children, Subjects: append([]string{}, c.Subjects...), MoreSubjects: c.MoreSubjects,
	}
}

// writeList writes incidents, one a line.
func (x *incidents) writeList(all []counted) error {
	for _, c := range all {
		if err := x.writeJSON(documentOf(c)); err != nil {
			return err
		}
	}
	return nil
}

// writeStory writes one incident with its story.
func (x *incidents) writeStory(c counted) error {
	d := documentOf(c)
	d.incidentStory = &incidentStory{
		Causes: append([]incident.Cause{}, c.Causes...), Edits: append([]report.Change{}, c.Edits...),
		Outbox: append([]incident.Message{}, c.Outbox...), Story: append([]incident.Chapter{}, c.Story...), Minutes: c.tally.Minutes,
	}
	return x.writeJSON(d)
}

// writeJSON writes a line in which nothing acts on a terminal.
func (x *incidents) writeJSON(d incidentDocument) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("encode incident: %w", err)
	}
	return x.write(string(report.EscapeJSON(b.Bytes())))
}
