package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// tellBlock is what to send to the people who own the role.
func (p *presence) tellBlock(s sheet) {
	if p.allowed() || !p.Token.Known() {
		return
	}
	s.code("To send to the people who own the role:", p.block())
	if command := p.command(); command != "" {
		s.code("With access to the account, this explains it in full:", command)
	}
}

// block tells the call in a few lines: no token, and each value in one line of
// bounded length that nothing can be hidden in.
func (p *presence) block() string {
	var b strings.Builder
	b.WriteString("AssumeRoleWithWebIdentity fails\n")
	for _, f := range []report.Pair{
		{Name: "role", Value: p.Role},
		{Name: "provider", Value: p.event.Provider},
		{Name: "issuer", Value: p.Token.Text("iss")},
		{Name: "sub", Value: p.event.Subject},
		{Name: "aud", Value: p.event.Audience},
		{Name: "from", Value: p.Place.Name},
		{Name: "time", Value: p.now.UTC().Format(time.RFC3339)},
		{Name: "region", Value: p.event.Region},
		{Name: "error", Value: p.errorText()},
		{Name: "request id", Value: p.answer.RequestID},
		{Name: "cause", Value: p.cause()},
	} {
		if f.Value != "" {
			fmt.Fprintf(&b, "  %-10s  %s\n", f.Name, report.Shorten(f.Value, mostFact))
		}
	}
	return b.String()
}

func (p *presence) errorText() string {
	if p.asked {
		return strings.TrimSuffix(p.answer.Code+": "+p.answer.Message, ": ")
	}
	return "STS was not asked"
}

// cause is the best explanation in one line.
func (p *presence) cause() string {
	if p.report != nil && len(p.report.Findings) > 0 && p.report.Findings[0].Certainty != report.Possible {
		f := p.report.Findings[0]
		return fmt.Sprintf("%s: %s (%s)", f.Certainty, f.Message, f.Code)
	}
	if faults := caller.Faults(p.remarks); len(faults) > 0 {
		return faults[0].Text
	}
	if p.asked && p.answer.Code == assumed {
		return "not visible from the caller's side: STS accepted the token, so that the trust policy does not admit this sub and aud, the role does not exist, or a policy of the organization refuses"
	}
	return "not visible from the caller's side; see the trust policy of the role, and the IAM OIDC provider"
}

// command explains the call to somebody who has access to the account: the
// claims stand in for the token. It is "" where it would be too long to paste.
func (p *presence) command() string {
	claims := map[string]any{}
	for _, name := range []string{"iss", "sub", "aud", "azp"} {
		if v, ok := p.Token.Claims[name]; ok {
			claims[name] = v
		}
	}
	raw, err := json.Marshal(claims)
	if err != nil || p.Role == "" {
		return ""
	}
	text := assumed
	if p.asked {
		text = p.errorText()
	}
	command := "printf '%s\\n' " + report.ShellQuote(string(report.EscapeJSON(raw))) + " |\n  rolewhy explain --live --token - --role " + report.ShellQuote(p.Role) + " --error " + report.ShellQuote(text)
	if len(command) > mostCommand {
		return ""
	}
	return command
}

// mostCommand bounds what is offered to be pasted into a shell.
const mostCommand = 4000
