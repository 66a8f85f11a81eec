// Package incident turns denied calls into incidents with a life: opened,
// going on, answered when somebody edits the role, over, and back again. A
// failing pod repeats its call for ever; its people get one message for it, and
// the news that it works again.
//
// What is known of an incident is in a Store. A Desk does the work: it takes
// denied calls and edits as they come in, and looks after open incidents from
// time to time. Any number of desks may share a store.
package incident

import (
	"encoding/json"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// State says how an incident stands.
type State string

const (
	Open   State = "open"
	Over   State = "over"   // it is known to work again
	Quiet  State = "quiet"  // nothing was denied for a long time
	Folded State = "folded" // of a stranger: told with all the others, in one incident; or of a provider for which too few roles fail
)

// Kind says what an incident is about.
type Kind string

const (
	Call      Kind = "call"      // one call that is denied: the usual kind
	Provider  Kind = "provider"  // many roles that fail for one provider
	Strangers Kind = "strangers" // all strangers of the deployment; its ID is "strangers"
	Digest    Kind = "digest"    // what goes into digests; its ID is "digest"
	Edits     Kind = "edits"     // no incident: the latest edits of a role or provider, for incidents that are about to open
)

// Bounds of what an incident keeps.
const (
	MostSubjects = 50
	MostStory    = 60
	MostRoles    = 200      // of a provider, and names in a digest
	MostEvent    = 64 << 10 // bytes of a record
	MostEdits    = 50       // that wait for an answer, and that are known to be answered four times as many
	MostOutbox   = 20       // messages
	MostCovered  = 400      // incidents in one digest
)

// Incident is what is kept of a failure. It changes only by Store.Save, which
// refuses a copy that is out of date.
type Incident struct {
	ID       string `json:"id"` // the fingerprint of its calls, for kind Call
	Revision int64  `json:"-"`  // of the store; 0: not saved yet
	Kind     Kind   `json:"kind"`
	State    State  `json:"state"`

	Account      string        `json:"account,omitempty"`
	AccountAlias string        `json:"accountAlias,omitempty"`
	Role         string        `json:"role,omitempty"`
	Provider     string        `json:"provider,omitempty"`
	ProviderName string        `json:"providerName,omitempty"`
	Subjects     []string      `json:"subjects,omitempty"` // in the order in which they came, at most MostSubjects
	MoreSubjects bool          `json:"moreSubjects,omitempty"`
	Caller       report.Caller `json:"caller,omitempty"`
	Causes       []Cause       `json:"causes,omitempty"` // the main cause through time, the latest last
	Headline     string        `json:"headline,omitempty"`

	// Event is the latest record that was diagnosed, to be judged again after
	// an edit, as JSON of a cloudtrail.Event; nil where it was longer than
	// MostEvent.
	Event json.RawMessage `json:"event,omitempty"`

	Opened     time.Time `json:"opened,omitzero"`     // time of the first denial of this spell
	Begun      time.Time `json:"begun,omitzero"`      // when the diagnosis began that opened this spell
	Closed     time.Time `json:"closed,omitzero"`     // since when it is fine; zero while it is open
	Checked    time.Time `json:"checked,omitzero"`    // when a diagnosis was made last
	NextCheck  time.Time `json:"nextCheck,omitzero"`  // when to look whether it is over
	NextUpdate time.Time `json:"nextUpdate,omitzero"` // before which a repeat says nothing
	Updates    int       `json:"updates,omitempty"`   // how many were sent in this spell

	Parent   string   `json:"parent,omitempty"`   // ID of the incident of the provider that speaks for it
	Children []string `json:"children,omitempty"` // of kind Provider: IDs, at most MostRoles
	Rule     string   `json:"rule,omitempty"`     // the rule that keeps it quiet

	// Sightings are, of kind Provider, the calls that failed for its reason
	// lately, until there are many roles among them.
	Sightings []Sighting `json:"sightings,omitempty"`
	Waits     time.Time  `json:"waits,omitzero"`      // since when it is to be told in a digest
	Announced bool       `json:"announced,omitempty"` // it has messages of its own in this spell
	Tallied   int        `json:"tallied,omitempty"`   // of strangers: the denials that were told

	Edits      []report.Change `json:"edits,omitempty"`    // not answered yet
	Answered   []string        `json:"answered,omitempty"` // event IDs of the latest edits that were
	AnsweredAt time.Time       `json:"answeredAt,omitzero"`
	Edited     time.Time       `json:"edited,omitzero"`     // when the role or provider was last edited, as far as known
	Concerned  []string        `json:"concerned,omitempty"` // of kind Provider: the children that Edits are about
	Recent     []Recent        `json:"recent,omitempty"`    // of kind Edits

	// Outbox are messages that are to be sent: put there before they are sent,
	// taken away when every channel has them.
	Outbox  []Message         `json:"outbox,omitempty"`
	Sent    int               `json:"sent,omitempty"`    // numbers the messages
	Lost    int               `json:"lost,omitempty"`    // messages that were given up
	Threads map[string]string `json:"threads,omitempty"` // by channel, what it calls the first message
	Told    Told              `json:"told,omitzero"`
	// Owed is the news that this spell has begun or ended, where the incident
	// had told enough for the day; nil where people know.
	Owed *Message `json:"owed,omitempty"`

	Story []Chapter `json:"story,omitempty"` // oldest first, at most MostStory; the first chapter is always kept
}

// Cause is a cause with the time from which a diagnosis named it.
type Cause struct {
	Code report.Code `json:"code"`
	From time.Time   `json:"from"`
}

// Message is an intent to tell something.
type Message struct {
	ID       string          `json:"id"` // of the notice
	Kind     notify.Kind     `json:"kind"`
	At       time.Time       `json:"at"`               // when it was decided
	Claimed  time.Time       `json:"claimed,omitzero"` // when somebody began to send it; zero while nobody does
	By       string          `json:"by,omitempty"`     // who that is: another word every time
	Again    time.Time       `json:"again,omitzero"`   // before which nobody tries again
	Tries    int             `json:"tries,omitempty"`
	Channels []string        `json:"channels"` // that do not have it yet
	Edits    []report.Change `json:"edits,omitempty"`
	Since    time.Time       `json:"since,omitzero"`
	Because  string          `json:"because,omitempty"`
	Digest   *notify.Summary `json:"digest,omitempty"`
	Covers   []string        `json:"covers,omitempty"` // IDs of the incidents that a digest, or the answer of a provider, tells of
}

// Sighting is a call that failed for a reason of its provider.
type Sighting struct {
	Incident string    `json:"incident"`
	Role     string    `json:"role"`
	At       time.Time `json:"at"` // when it was diagnosed
}

// Recent is an edit with the time at which the desk heard of it.
type Recent struct {
	Edit  report.Change `json:"edit"`
	Heard time.Time     `json:"heard"`
}

// Told counts messages that nobody asked for, by the UTC day.
type Told struct {
	Day      string `json:"day,omitempty"` // 2006-01-02
	Count    int    `json:"count,omitempty"`
	Withheld int    `json:"withheld,omitempty"`
	Before   int    `json:"before,omitempty"` // how many were withheld the day before
}

// Chapter is one line of the story of an incident.
type Chapter struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // opened, update, edit, answer, over, quiet, back, cause, parent...
	Text string    `json:"text"` // a sentence, not escaped
}
