package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// presenceSchema names the form of the JSON that tells of a call of this
// place, described by docs/caller.schema.json.
const presenceSchema = "rolewhy.caller/1"

type presenceJSON struct {
	Schema   string          `json:"schema"`
	Place    string          `json:"place"`
	Detail   string          `json:"detail,omitempty"`
	Token    *tokenJSON      `json:"token"` // null where there is none
	Subject  string          `json:"subject,omitempty"`
	Audience string          `json:"audience,omitempty"`
	Provider string          `json:"provider,omitempty"`
	Role     string          `json:"role,omitempty"`
	Session  string          `json:"session,omitempty"`
	Region   string          `json:"region,omitempty"`
	Remarks  []caller.Remark `json:"remarks"`
	STS      *answerJSON     `json:"sts"` // null where it was not asked
	Silence  string          `json:"silence,omitempty"`
	Unseen   string          `json:"unseen,omitempty"`
	Report   *report.Report  `json:"report"` // null where there is nothing to diagnose
	Block    string          `json:"block,omitempty"`
}

type tokenJSON struct {
	From      string         `json:"from"`
	Algorithm string         `json:"algorithm,omitempty"`
	Claims    map[string]any `json:"claims"`
}

type answerJSON struct {
	Allowed   bool   `json:"allowed"`
	Code      string `json:"errorCode,omitempty"`
	Message   string `json:"errorMessage,omitempty"`
	RequestID string `json:"requestId,omitempty"`
	Region    string `json:"region"`
}

// json tells the call for programs, in one line.
func (p *presence) json() (string, error) {
	out := presenceJSON{
		Schema: presenceSchema, Place: p.Place.ID, Detail: p.Detail, Subject: p.event.Subject, Audience: p.event.Audience,
		Provider: p.event.Provider, Role: p.Role, Session: p.Session, Region: p.event.Region, Remarks: p.remarks,
		Silence: p.silence, Unseen: p.unseen, Report: p.report,
	}
	if out.Remarks == nil {
		out.Remarks = []caller.Remark{}
	}
	if p.Token.Known() {
		algorithm, _ := p.Token.Header["alg"].(string)
		out.Token = &tokenJSON{p.TokenFrom, algorithm, p.Token.Claims}
		out.Block = p.block()
	}
	if p.asked {
		out.STS = &answerJSON{p.answer.Allowed, p.answer.Code, p.answer.Message, p.answer.RequestID, p.answer.Region}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	return string(report.EscapeJSON(b.Bytes())), nil
}
