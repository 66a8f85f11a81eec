package notify

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Headline is the report's headline as one Clean line, in which a stranger's
// call differs at a glance from a broken pipeline's. It is not escaped for any
// service.
func Headline(r *report.Report) string {
	headline := Clean(report.Headline(r))
	if r.Caller == report.Stranger {
		return "Stranger refused: " + headline
	}
	return headline
}

// Sign sets, before a title, strangers and what is over apart from broken
// pipelines.
func Sign(n *Notice) string {
	switch n.Kind {
	case Over:
		return "✅"
	case Digest:
		return "📋"
	case Security:
		return "🛡️"
	case Answer:
		return answerSigns[n.Standing()]
	}
	if n.Report == nil {
		return "🔴"
	}
	return signOf(n.Report)
}

var answerSigns = map[Standing]string{Allowed: "🟢", Unclear: "❔", Denied: "🔴", Mixed: "🔴"}

func signOf(r *report.Report) string {
	switch {
	case r.Caller == report.Stranger:
		return "🛡️"
	case r.Verdict == report.AllowedNow, r.Verdict == report.NotADenial:
		return "🟢"
	case r.Verdict == report.Unexplained:
		return "❔"
	default:
		return "🔴"
	}
}

// Title says in one Clean line what a notice is about. It is not escaped for
// any service.
func Title(n *Notice) string {
	switch n.Kind {
	case Digest:
		if n.Digest.Incidents == 0 {
			return "Digest of what was kept quiet"
		}
		return "Digest: " + count(n.Digest.Denials, "denial") + " in " + count(n.Digest.Incidents, "incident")
	case Security:
		return "Strangers refused: " + count(n.Digest.Denials, "denial") + " under " + count(n.Digest.Incidents, "name")
	case Provider:
		return n.roleCount() + " fail for " + n.providerInWords()
	}
	about := n.about()
	switch n.Kind {
	case Back:
		return "Denied again: " + about
	case Update:
		return "Still denied: " + ability(about, "cannot")
	case Over:
		return "Works again: " + ability(about, "can")
	case Answer:
		return n.answerTitle(about)
	default:
		return about
	}
}

func (n *Notice) answerTitle(about string) string {
	switch n.Standing() {
	case Allowed:
		return "Allowed now: " + ability(about, "can")
	case Mixed:
		return "Allowed now in part: " + about
	case Unclear:
		return "Changed: " + about
	default:
		return "Still denied after a change: " + ability(about, "cannot")
	}
}

// about says who could not get which role, or for which provider roles fail.
func (n *Notice) about() string {
	switch {
	case n.ofProvider():
		return n.roleCount() + " for " + n.providerInWords()
	case n.Report != nil:
		return Headline(n.Report)
	default:
		return Clean(n.Incident.Headline)
	}
}

// ofProvider reports whether the incident is one of many roles.
func (n *Notice) ofProvider() bool {
	return n.Kind == Provider || len(n.Roles) > 0 || n.Report == nil && n.Incident.Headline == ""
}

func (n *Notice) roleCount() string {
	if len(n.Roles) == 0 {
		return "all roles"
	}
	return count(len(n.Roles), "role")
}

func (n *Notice) providerInWords() string {
	i := &n.Incident
	name := Clean(i.ProviderName)
	if name == "" {
		name = Clean(i.Provider)
	}
	switch {
	case i.Account == "":
		return name
	case i.AccountAlias != "":
		return fmt.Sprintf("%s in %s (%s)", name, Clean(i.AccountAlias), Clean(i.Account))
	}
	return name + " in " + Clean(i.Account)
}

// ability puts another verb into a headline.
func ability(headline, verb string) string {
	return strings.Replace(headline, " could not assume ", " "+verb+" assume ", 1)
}
