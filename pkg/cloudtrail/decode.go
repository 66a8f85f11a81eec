package cloudtrail

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// remainder is what of a record serves to make up an Event.
type remainder struct {
	time        string
	principalID string
	user        string
	role        string // the role among the resources
	parameters  []byte
}

// decode reads a record. What cannot be read of it is among the errors, and
// empty in the event; without an eventName the text is no record and the
// event nil. The elements of the answer are never read: those of a success
// hold credentials.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
func decode(raw []byte) (*Event, []error) {
	d := newDecoder(raw)
	ev := new(Event)
	rest := d.record(ev)
	if ev.Name == "" {
		return nil, append(d.flaws, ErrNoRecord)
	}
	ev.ErrorCode = errorCode(ev.RawErrorCode)
	d.time(ev, rest.time)
	if ev.IsWebIdentity() {
		d.webIdentity(ev, &rest)
	} else {
		d.otherCall(ev, &rest)
	}
	return ev, d.flaws
}

func (d *decoder) record(ev *Event) (rest remainder) {
	for name := range d.members() {
		if field := ev.field(name); field != nil {
			*field = d.text()
			continue
		}
		switch string(name) {
		case "errorCode":
			ev.RawErrorCode = d.failure()
		case "errorMessage":
			ev.ErrorMessage = d.failure()
		case "eventTime":
			rest.time = d.text()
		case "userIdentity":
			d.userIdentity(ev, &rest)
		case "requestParameters":
			rest.parameters = d.raw()
		case "resources":
			rest.role = d.roleAmong()
		case "additionalEventData":
			d.additionalEventData(ev)
		case "tlsDetails":
			d.tlsDetails(ev)
		}
	}
	return rest
}

// failure reads what tells of a failure. What cannot be read is kept as it
// stands, as the call failed all the same.
func (d *decoder) failure() string {
	start := d.scan.pos
	text := d.text()
	raw := string(bytes.TrimSpace(d.scan.buf[start:d.scan.pos]))
	if text == "" && raw != `""` && raw != "null" {
		return withoutTokens(strings.ToValidUTF8(raw, "\ufffd"))
	}
	return text
}

// field is where a string of the record goes, nil for what is no such string.
func (e *Event) field(name []byte) *string {
	switch string(name) {
	case "eventID":
		return &e.ID
	case "eventName":
		return &e.Name
	case "eventSource":
		return &e.Source
	case "awsRegion":
		return &e.Region
	case "recipientAccountId":
		return &e.AccountID
	case "requestID":
		return &e.RequestID
	case "sourceIPAddress":
		return &e.SourceIP
	case "userAgent":
		return &e.UserAgent
	case "vpcEndpointId":
		return &e.VPCEndpoint
	}
	return nil
}

// userIdentity reads who calls: for a web identity the provider, for other
// calls an ARN or a service.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func (d *decoder) userIdentity(ev *Event, rest *remainder) {
	for name := range d.members() {
		switch string(name) {
		case "type":
			ev.Actor.Type = d.text()
		case "arn":
			ev.Actor.ARN = d.text()
		case "invokedBy":
			ev.Actor.InvokedBy = d.text()
		case "userName":
			rest.user = d.text()
		case "principalId":
			rest.principalID = d.text()
		case "identityProvider":
			ev.Provider = d.text()
		}
	}
}

// roleAmong finds the role among the resources.
func (d *decoder) roleAmong() (role string) {
	for range d.elements() {
		var kind, arn string
		for name := range d.members() {
			switch string(name) {
			case "type":
				kind = d.text()
			case "ARN":
				arn = d.text()
			}
		}
		if kind == "AWS::IAM::Role" {
			role = arn
		}
	}
	return role
}

func (d *decoder) additionalEventData(ev *Event) {
	for name := range d.members() {
		if string(name) != "RequestDetails" {
			continue
		}
		for name := range d.members() {
			switch string(name) {
			case "awsServingRegion":
				ev.ServingRegion = d.text()
			case "endpointType":
				ev.EndpointType = d.text()
			}
		}
	}
}

func (d *decoder) tlsDetails(ev *Event) {
	for name := range d.members() {
		if string(name) == "clientProvidedHostHeader" {
			ev.EndpointHost = d.text()
		}
	}
}

func (d *decoder) time(ev *Event, text string) {
	var err error
	if ev.Time, err = time.Parse(time.RFC3339, text); err != nil {
		d.flaw("has the eventTime %.40q where a time such as 2006-01-02T15:04:05Z is expected", text)
	}
}

// otherCall keeps what tells of changes.
func (d *decoder) otherCall(ev *Event, rest *remainder) {
	ev.Actor.Name = rest.user
	ev.Provider = ""
	switch {
	case len(rest.parameters) == 0 || string(rest.parameters) == "null":
	case json.Valid(rest.parameters):
		ev.Parameters = bytes.Clone(rest.parameters)
	default:
		d.flaw("has requestParameters that are not JSON")
	}
}

// webIdentity reads what AssumeRoleWithWebIdentity alone has.
func (d *decoder) webIdentity(ev *Event, rest *remainder) {
	ev.Actor = Actor{}
	ev.Subject = rest.user
	ev.Audience, ev.HasAudience = audience(rest.principalID, ev.Provider, ev.Subject)
	if len(rest.parameters) > 0 {
		d.requestParameters(ev, rest.parameters)
	}
	ev.RoleARN = cmp.Or(ev.RoleARN, rest.role)
	if ev.RoleARN == "" && ev.Failed() {
		d.flaws = append(d.flaws, ErrNoRole)
	}
}

// requestParameters reads the request of AssumeRoleWithWebIdentity.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
func (d *decoder) requestParameters(ev *Event, raw []byte) {
	d.scan = textScanner(raw)
	d.path = append(d.path, []byte("requestParameters"))
	for name := range d.members() {
		switch string(name) {
		case "roleArn":
			ev.RoleARN = d.text()
		case "roleSessionName":
			ev.SessionName = d.text()
		case "sourceIdentity":
			ev.SourceIdentity = d.text()
		case "durationSeconds":
			ev.Duration = d.number()
		case "transitiveTagKeys":
			ev.TransitiveTagKeys = d.texts()
		case "principalTags":
			ev.PrincipalTags = d.tags()
		}
	}
	d.path = d.path[:0]
}

// texts reads a list of strings, without those that are none.
func (d *decoder) texts() (texts []string) {
	for range d.elements() {
		if d.expect('"', "a string") {
			texts = append(texts, d.string())
		}
	}
	return texts
}

// tags reads an object of strings, without those that are none.
func (d *decoder) tags() (tags []Tag) {
	for key := range d.members() {
		if d.expect('"', "a string") {
			tags = append(tags, Tag{Key: string(key), Value: d.string()})
		}
	}
	slices.SortStableFunc(tags, func(a, b Tag) int { return cmp.Compare(a.Key, b.Key) })
	return tags
}

// audience is what lies between provider and subject in the principal id.
// Splitting at colons fails for every provider there is: an audience can be a
// URL, a subject may end in a colon.
func audience(principalID, provider, subject string) (string, bool) {
	if provider == "" || subject == "" {
		return "", false
	}
	rest, ok := strings.CutPrefix(principalID, provider+":")
	if !ok {
		return "", false
	}
	aud, ok := strings.CutSuffix(rest, ":"+subject)
	if !ok {
		return "", false
	}
	return aud, true
}

// errorCode strips what some services write around a code: the query protocol
// says ExpiredTokenException where the API reference says ExpiredToken.
func errorCode(raw string) string {
	return strings.TrimSuffix(strings.TrimPrefix(raw, "Client."), "Exception")
}
