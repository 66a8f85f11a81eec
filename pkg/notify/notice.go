package notify

import (
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Kind says what a notice tells.
type Kind string

const (
	Alert    Kind = "alert"    // a call is denied, for the first time
	Update   Kind = "update"   // it goes on being denied
	Answer   Kind = "answer"   // somebody edited the role or the provider: what that did to the call
	Evidence Kind = "evidence" // what was too slow for the alert; for threads alone
	Over     Kind = "over"     // it works again
	Back     Kind = "back"     // it is denied again, after it had worked
	Provider Kind = "provider" // many roles fail for one provider at once
	Digest   Kind = "digest"   // what is told in one message because it is too much for single ones
	Security Kind = "security" // strangers tried to get in
)

// Notice is one message about an incident, as data. The services render it.
type Notice struct {
	// ID is the same whenever the same notice is sent again, so that readers
	// can tell a repetition from news.
	ID       string
	Kind     Kind
	Incident Incident
	// Report is the diagnosis as of now. Nil in Update, Over, Digest, Security
	// and in an Answer about several roles.
	Report *report.Report
	// Was is, in Evidence, the report that was told before: what it has need
	// not be told again. Nil where that is not known any more, and elsewhere.
	Was *report.Report
	// Edits are what an Answer answers, oldest first.
	Edits []report.Change
	// Roles are how the roles of a provider stand, in Provider and its Answer.
	Roles []RoleState
	// Since is when it began to work, in Over, and when it had begun to, in Back.
	Since time.Time
	// Because is one sentence, in Over: how it is known that it works.
	Because string
	// Digest is what Digest and Security tell; nil elsewhere.
	Digest *Summary
}

// Check says what a notice lacks to be sent.
func (n *Notice) Check() error {
	switch n.Kind {
	case Alert, Back, Evidence:
		return n.needs("report", n.Report != nil)
	case Digest, Security:
		return n.needs("summary", n.Digest != nil)
	case Answer, Update, Over, Provider:
		return nil
	}
	return fmt.Errorf("notice %q is of the unknown kind %q", n.ID, n.Kind)
}

func (n *Notice) needs(what string, there bool) error {
	if there {
		return nil
	}
	return fmt.Errorf("notice %q of kind %s has no %s", n.ID, n.Kind, what)
}

// ForReport is an Alert about r alone, a call of which nothing else is known.
func ForReport(r *report.Report) *Notice {
	n := &Notice{ID: r.Event.ID, Kind: Alert, Report: r, Incident: Incident{
		ID: r.Fingerprint, Account: r.Event.Account, AccountAlias: r.Event.AccountAlias,
		Role: r.Event.Role, Provider: r.Event.Provider, ProviderName: r.Event.ProviderName,
		Headline: Headline(r), Count: 1, First: r.Event.Time, Last: r.Event.Time,
	}}
	if len(r.Findings) > 0 {
		n.Incident.Cause = r.Findings[0].Code
	}
	if r.Event.Subject != "" {
		n.Incident.Subjects = []string{r.Event.Subject}
	}
	return n
}

// Incident is what every notice says of its incident. Of a digest it has ID
// alone.
type Incident struct {
	ID           string // the fingerprint, which is also that of the thread
	Account      string
	AccountAlias string
	Role         string // ARN
	Provider     string // ARN, or host of a built-in one
	ProviderName string // in words
	Cause        report.Code
	Headline     string   // of the last diagnosis, as Headline gives it
	Subjects     []string // the first of them, never more than incident.MostSubjects
	MoreSubjects bool     // there were others
	Count        int      // denials up to now, each delivered event counted once
	First, Last  time.Time
}

// RoleState is how one of many roles stands.
type RoleState struct {
	Role    string // ARN
	Cause   report.Code
	Allowed bool // the denied call would be allowed now
}

// Summary is what a digest tells of the time between From and To.
type Summary struct {
	From, To  time.Time
	Denials   int
	Incidents int // of strangers: names under which they tried
	// The most frequent, with their numbers of incidents; at most five each.
	Causes, Roles, Callers []Share
	Snoozed                []Snoozed
	// Withheld is how many messages were not sent because their incident had
	// told enough for the day.
	Withheld int
}

// Share is a name with how often it occurs.
type Share struct {
	Name  string
	Count int
}

// Snoozed is what a rule kept quiet.
type Snoozed struct {
	Rule      string // in words
	Until     time.Time
	Incidents int
	Denials   int
}
