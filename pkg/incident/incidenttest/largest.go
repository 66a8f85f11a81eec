package incidenttest

import (
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Bounds of what the package incident keeps that it has no names for.
const (
	mostText   = 300 // bytes
	mostCauses = 20
	mostShares = 5
)

// noise makes texts that cannot be compressed much, the same in each run.
type noise struct{ *rand.Rand }

// letters are those of subjects, and some that JSON for HTML would write as
// six.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234:/-_<>&"

func (r noise) text(length int) string {
	b := make([]byte, length)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

// id is like a fingerprint or an event ID.
func (r noise) id(length int) string {
	b := make([]byte, length)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return "1-" + hex.EncodeToString(b)
}

func newNoise() noise { return noise{rand.New(rand.NewPCG(1, 2))} }

// times makes a slice of so many values.
func times[T any](n int, value func() T) []T {
	all := make([]T, n)
	for i := range all {
		all[i] = value()
	}
	return all
}

// Largest is an incident of a call at all bounds of the package incident, in
// texts that hardly repeat. Its edits are those of one caller.
func Largest(id string) *incident.Incident {
	r := newNoise()
	by, via := r.text(mostText), r.text(mostText)
	edits := func() []report.Change {
		return times(incident.MostEdits, func() report.Change {
			return report.Change{Time: start, Name: "UpdateAssumeRolePolicy", By: by, Via: via, EventID: r.id(16)}
		})
	}
	return &incident.Incident{
		ID: id, Kind: incident.Call, State: incident.Open, MoreSubjects: true, Headline: r.text(mostText),
		Subjects: times(incident.MostSubjects, func() string { return r.text(mostText) }),
		Event:    json.RawMessage(`"` + r.text(incident.MostEvent-2) + `"`),
		Causes:   times(mostCauses, func() incident.Cause { return incident.Cause{Code: "subject-mismatch", From: start} }),
		Edits:    edits(),
		Answered: times(4*incident.MostEdits, func() string { return r.id(16) }),
		Outbox: times(incident.MostOutbox, func() incident.Message {
			return incident.Message{ID: r.id(12), Kind: notify.Answer, At: start, Channels: []string{"slack", "sns"}, Edits: edits()}
		}),
		Story: times(incident.MostStory, func() incident.Chapter {
			return incident.Chapter{At: start, What: "opened", Text: r.text(mostText)}
		}),
	}
}

// LargestDigest is the incident of digests with as many that wait to be sent as
// there may be.
func LargestDigest(id string) *incident.Incident {
	r := newNoise()
	shares := func() []notify.Share {
		return times(mostShares, func() notify.Share { return notify.Share{Name: r.text(mostText), Count: 1} })
	}
	return &incident.Incident{
		ID: id, Kind: incident.Digest, State: incident.Quiet,
		Outbox: times(incident.MostOutbox, func() incident.Message {
			return incident.Message{
				ID: r.id(12), Kind: notify.Digest, At: start, Channels: []string{"slack", "sns"},
				Digest: &notify.Summary{From: start, To: start, Causes: shares(), Roles: shares(), Callers: shares()},
				Covers: times(incident.MostCovered, func() string { return r.id(12) }),
			}
		}),
	}
}
