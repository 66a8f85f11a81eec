package sns

import (
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// record is the notice beside its report, as programs get it.
type record struct {
	ID       string          `json:"id"`
	Kind     notify.Kind     `json:"kind"`
	Title    string          `json:"title"`
	Standing notify.Standing `json:"standing,omitempty"` // of an answer
	Incident incident        `json:"incident"`
	Edits    []edit          `json:"edits,omitempty"`
	Roles    []role          `json:"roles,omitempty"`
	Since    time.Time       `json:"since,omitzero"`
	Because  string          `json:"because,omitempty"`
	Summary  *summary        `json:"summary,omitempty"`
	More     bool            `json:"more,omitempty"` // lists are cut
}

type incident struct {
	ID           string      `json:"id"`
	Account      string      `json:"account,omitempty"`
	AccountAlias string      `json:"accountAlias,omitempty"`
	Role         string      `json:"role,omitempty"`
	Provider     string      `json:"provider,omitempty"`
	ProviderName string      `json:"providerName,omitempty"`
	Cause        report.Code `json:"cause,omitempty"`
	Subjects     []string    `json:"subjects,omitempty"`
	Count        int         `json:"count"`
	First        time.Time   `json:"first,omitzero"`
	Last         time.Time   `json:"last,omitzero"`
}

type edit struct {
	Time    time.Time `json:"time,omitzero"`
	Name    string    `json:"name"`
	By      string    `json:"by,omitempty"`
	EventID string    `json:"eventId,omitempty"`
}

type role struct {
	Role    string      `json:"role"`
	Cause   report.Code `json:"cause,omitempty"`
	Allowed bool        `json:"allowed"`
}

type summary struct {
	From      time.Time `json:"from,omitzero"`
	To        time.Time `json:"to,omitzero"`
	Denials   int       `json:"denials"`
	Incidents int       `json:"incidents"`
	Causes    []share   `json:"causes,omitempty"`
	Roles     []share   `json:"roles,omitempty"`
	Callers   []share   `json:"callers,omitempty"`
	Snoozed   []snoozed `json:"snoozed,omitempty"`
	Withheld  int       `json:"withheld"`
}

type share struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

type snoozed struct {
	Rule      string    `json:"rule"`
	Until     time.Time `json:"until,omitzero"`
	Incidents int       `json:"incidents"`
	Denials   int       `json:"denials"`
}

// Bounds of a record in bytes of JSON, within the string that it is sent in, and
// of a text in it.
const (
	maxRecord = 30_000
	maxWords  = 250
)

// recordOf is the record of n with at most most items in a list.
func recordOf(n *notify.Notice, most int) *record {
	i := &n.Incident
	c := &clipper{most: most}
	r := &record{
		ID: c.text(n.ID), Kind: n.Kind, Title: c.text(notify.Title(n)), Since: n.Since, Because: c.text(n.Because),
		Incident: incident{
			ID: c.text(i.ID), Account: c.text(i.Account), AccountAlias: c.text(i.AccountAlias), Role: c.text(i.Role),
			Provider: c.text(i.Provider), ProviderName: c.text(i.ProviderName), Cause: report.Code(c.text(string(i.Cause))),
			Count: i.Count, First: i.First, Last: i.Last,
			Subjects: clip(c, i.Subjects, c.text),
		},
		Edits: clip(c, n.Edits, func(e report.Change) edit {
			return edit{e.Time, c.text(e.Name), c.text(e.By), c.text(e.EventID)}
		}),
		Roles: clip(c, n.Roles, func(r notify.RoleState) role {
			return role{c.text(r.Role), report.Code(c.text(string(r.Cause))), r.Allowed}
		}),
	}
	if n.Kind == notify.Answer {
		r.Standing = n.Standing()
	}
	if n.Digest != nil {
		r.Summary = c.summary(n.Digest)
	}
	r.More = c.more || i.MoreSubjects
	return r
}

// clipper keeps texts and lists short, and notes that it has.
type clipper struct {
	most int
	more bool
}

func (c *clipper) text(s string) string { return notify.CutJSON(s, maxWords, "…") }

func clip[From, To any](c *clipper, all []From, convert func(From) To) (out []To) {
	c.more = c.more || len(all) > c.most
	for _, v := range first(all, c.most) {
		out = append(out, convert(v))
	}
	return out
}

func (c *clipper) summary(s *notify.Summary) *summary {
	shares := func(all []notify.Share) []share {
		return clip(c, all, func(s notify.Share) share { return share{c.text(s.Name), s.Count} })
	}
	return &summary{
		From: s.From, To: s.To, Denials: s.Denials, Incidents: s.Incidents, Withheld: s.Withheld,
		Causes: shares(s.Causes), Roles: shares(s.Roles), Callers: shares(s.Callers),
		Snoozed: clip(c, s.Snoozed, func(s notify.Snoozed) snoozed {
			return snoozed{c.text(s.Rule), s.Until, s.Incidents, s.Denials}
		}),
	}
}
