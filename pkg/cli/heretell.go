package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// tellPresence writes what is known of the call in the form that was asked for.
func (x *explanation) tellPresence(p *presence) error {
	var text string
	var err error
	switch x.output {
	case "json":
		text, err = p.json()
	case "markdown":
		text, err = p.markdown()
	case "github":
		return x.toGitHub(p)
	default:
		text, err = p.text(x.width, x.color(), x.columns())
	}
	if err != nil {
		return err
	}
	return x.put(text)
}

// put writes to standard output.
func (in *invocation) put(text string) error {
	if _, err := io.WriteString(in.Stdout, text); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// Columns of text, as those of reports.
const (
	usualColumns = 80
	leastColumns = 40
	mostColumns  = 120
)

// text is for terminals and logs.
func (p *presence) text(width int, color bool, columns int) (string, error) {
	width = min(max(cmp.Or(width, columns, usualColumns), leastColumns), mostColumns)
	s := &textSheet{width: width}
	p.tell(s)
	if p.report != nil {
		s.out.WriteString("\n")
		if err := report.Text(&s.out, p.report, report.TextOptions{Width: width, Color: color}); err != nil {
			return "", err
		}
		s.out.WriteString("\n")
	}
	p.tellBlock(s)
	return s.String(), nil
}

// markdown is for job summaries and tickets.
func (p *presence) markdown() (string, error) {
	s := &markdownSheet{}
	p.tell(s)
	if p.report != nil {
		if err := report.Markdown(&s.out, p.report); err != nil {
			return "", err
		}
	}
	p.tellBlock(s)
	return s.String(), nil
}

// tell is what is known without a diagnosis.
func (p *presence) tell(s sheet) {
	s.title("The call of this place: " + p.Place.Name)
	if p.Detail != "" {
		s.prose("", p.Detail)
	}
	if p.Token.Known() {
		s.prose("token", "from "+p.TokenFrom+"; it is shown nowhere")
	}
	if p.Token.Known() {
		s.facts("STS sees", p.sees())
	}
	tested, others := p.claims()
	s.facts("claims that a trust policy can test too", tested)
	s.facts("other claims, for which AWS documents no condition key", others)
	for _, r := range p.remarks {
		tellRemark(s, r)
	}
	if len(p.Others) > 0 {
		s.prose("note", "this looks like "+p.Others[0].Name+" too; --place "+p.Others[0].ID+" looks at that")
	}
	if p.Token.Known() || p.silence != "" {
		s.prose("STS", p.said())
	}
	if unseen := p.hiddenParts(); unseen != "" {
		s.prose("not visible from here", unseen)
	}
}

func tellRemark(s sheet, r caller.Remark) {
	s.prose(string(r.Grade), r.Text)
	if r.Fix != "" {
		s.prose("fix", r.Fix)
	}
	if r.Snippet != "" {
		s.code("", r.Snippet)
	}
}

// sees are the parts of the call that decide, as STS takes them.
func (p *presence) sees() []report.Pair {
	var all []report.Pair
	add := func(name, value string) {
		if value != "" {
			all = append(all, report.Pair{Name: name, Value: value})
		}
	}
	add("sub", p.event.Subject)
	add(p.audienceLabel(), p.event.Audience)
	if p.Token.Text("azp") != "" {
		add("oaud (aud of the token)", strings.Join(caller.Audiences(p.Token.Claims), ", "))
	}
	add("issuer", p.Token.Text("iss"))
	if p.event.AccountID != "" {
		add("provider", p.event.Provider)
	}
	add("role", p.Role)
	add("session", p.Session)
	return all
}

// audienceLabel tells which claim STS takes for the audience.
func (p *presence) audienceLabel() string {
	if p.Token.Text("azp") != "" {
		return "aud (azp of the token)"
	}
	return "aud"
}

func (p *presence) claims() (tested, others []report.Pair) {
	for _, c := range p.Token.List(p.now) {
		pair := report.Pair{Name: c.Name, Value: c.Value}
		if c.Tested {
			tested = append(tested, pair)
		} else {
			others = append(others, pair)
		}
	}
	return tested, others
}

// said is what STS said, or that it was not asked.
func (p *presence) said() string {
	request := ""
	if p.answer.RequestID != "" {
		request = " (request " + p.answer.RequestID + ")"
	}
	switch {
	case p.silence != "":
		return "it was not asked, or gave no answer: " + p.silence
	case !p.asked:
		return "it was not asked; --try makes the call, without credentials, and tells what STS answers"
	case p.answer.Allowed:
		return "it let the call through now, in " + p.answer.Region + ": role, trust policy, provider and token fit; the credentials were dropped at once. What fails is not this call, or it failed for a reason that is gone"
	}
	return "it answered in " + p.answer.Region + ": " + strings.TrimSuffix(p.answer.Code+": "+p.answer.Message, ": ") + request
}

func (p *presence) allowed() bool { return p.asked && p.answer.Allowed }

// hiddenParts says in plain words what only the account can tell, "" where
// that does not matter.
func (p *presence) hiddenParts() string {
	const accepted = "STS accepted the token: its issuer, signature, expiry and audience are in order. It does not say "
	var what string
	switch {
	case !p.Token.Known() || p.unseen == "" || p.allowed():
		return ""
	case !p.asked:
		what = "whether the role exists, what its trust policy asks for, whether the account has an IAM OIDC provider for the issuer with this audience, and what policies of the organization refuse"
	case p.answer.Code == assumed:
		what = accepted + "whether the role exists, what its trust policy asks for, or whether a policy of the organization refuses the call: it answers AccessDenied to all of these alike"
	default:
		what = "what the trust policy of the role asks for: STS has not come to it yet"
	}
	return what + ". " + capitalized(p.unseen) + ". The people who own the role can look; permissions policies play no part in it"
}

func capitalized(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
