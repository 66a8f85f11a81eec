package cloudtrail

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// record is what is read of a CloudTrail record. The elements of the answer
// are not: those of a success hold credentials.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
type record struct {
	EventID             string          `json:"eventID"`
	EventName           string          `json:"eventName"`
	EventSource         string          `json:"eventSource"`
	EventTime           string          `json:"eventTime"`
	AWSRegion           string          `json:"awsRegion"`
	RecipientAccountID  string          `json:"recipientAccountId"`
	RequestID           string          `json:"requestID"`
	SourceIPAddress     string          `json:"sourceIPAddress"`
	UserAgent           string          `json:"userAgent"`
	ErrorCode           string          `json:"errorCode"`
	ErrorMessage        string          `json:"errorMessage"`
	VPCEndpointID       string          `json:"vpcEndpointId"`
	UserIdentity        identity        `json:"userIdentity"`
	RequestParameters   json.RawMessage `json:"requestParameters"`
	Resources           []resource      `json:"resources"`
	AdditionalEventData struct {
		RequestDetails struct {
			ServingRegion string `json:"awsServingRegion"`
			EndpointType  string `json:"endpointType"`
		} `json:"RequestDetails"`
	} `json:"additionalEventData"`
	TLSDetails struct {
		Host string `json:"clientProvidedHostHeader"`
	} `json:"tlsDetails"`
}

type identity struct {
	Type             string `json:"type"`
	PrincipalID      string `json:"principalId"`
	ARN              string `json:"arn"`
	UserName         string `json:"userName"`
	IdentityProvider string `json:"identityProvider"`
	InvokedBy        string `json:"invokedBy"`
}

type resource struct {
	Type string `json:"type"`
	ARN  string `json:"ARN"`
}

// parameters is the request of AssumeRoleWithWebIdentity.
type parameters struct {
	RoleARN           string         `json:"roleArn"`
	SessionName       string         `json:"roleSessionName"`
	Duration          int            `json:"durationSeconds"`
	PrincipalTags     map[string]any `json:"principalTags"`
	TransitiveTagKeys []string       `json:"transitiveTagKeys"`
	SourceIdentity    string         `json:"sourceIdentity"`
}

// decode reads a record. A field that cannot be read is a flaw, and its value
// stays empty; without an eventName the text is no record and the event nil.
func decode(raw []byte) (*Event, []error) {
	var rec record
	var flaws []error
	if err := json.Unmarshal(raw, &rec); err != nil {
		flaws = append(flaws, plain(err))
	}
	if rec.EventName == "" {
		return nil, append(flaws, ErrNoRecord)
	}
	ev := rec.event()
	if t, err := time.Parse(time.RFC3339, rec.EventTime); err == nil {
		ev.Time = t
	} else {
		flaws = append(flaws, fmt.Errorf("eventTime %.40q is no time such as 2006-01-02T15:04:05Z", rec.EventTime))
	}
	if !ev.IsWebIdentity() {
		who := &rec.UserIdentity
		ev.Actor = Actor{Type: who.Type, ARN: who.ARN, Name: who.UserName, InvokedBy: who.InvokedBy}
		ev.Parameters = rec.RequestParameters
		return ev, flaws
	}
	return ev, append(flaws, ev.webIdentity(&rec)...)
}

// event copies what every record has.
func (rec *record) event() *Event {
	return &Event{
		ID:            rec.EventID,
		Name:          rec.EventName,
		Source:        rec.EventSource,
		Region:        rec.AWSRegion,
		AccountID:     rec.RecipientAccountID,
		RequestID:     rec.RequestID,
		SourceIP:      rec.SourceIPAddress,
		UserAgent:     rec.UserAgent,
		ErrorCode:     errorCode(rec.ErrorCode),
		RawErrorCode:  rec.ErrorCode,
		ErrorMessage:  rec.ErrorMessage,
		EndpointHost:  rec.TLSDetails.Host,
		EndpointType:  rec.AdditionalEventData.RequestDetails.EndpointType,
		ServingRegion: rec.AdditionalEventData.RequestDetails.ServingRegion,
		VPCEndpoint:   rec.VPCEndpointID,
	}
}

// webIdentity reads what AssumeRoleWithWebIdentity alone has.
func (e *Event) webIdentity(rec *record) (flaws []error) {
	var p parameters
	if len(rec.RequestParameters) > 0 {
		if err := json.Unmarshal(rec.RequestParameters, &p); err != nil {
			flaws = append(flaws, fmt.Errorf("requestParameters: %w", plain(err)))
		}
	}
	e.Provider = rec.UserIdentity.IdentityProvider
	e.Subject = rec.UserIdentity.UserName
	e.Audience, e.HasAudience = audience(&rec.UserIdentity)
	e.RoleARN = cmp.Or(p.RoleARN, rec.role())
	e.SessionName = p.SessionName
	e.Duration = p.Duration
	e.TransitiveTagKeys = p.TransitiveTagKeys
	e.SourceIdentity = p.SourceIdentity
	var flaw error
	if e.PrincipalTags, flaw = tags(p.PrincipalTags); flaw != nil {
		flaws = append(flaws, flaw)
	}
	if e.RoleARN == "" && e.Failed() {
		flaws = append(flaws, errors.New("requestParameters.roleArn is missing: the record does not tell which role was asked for"))
	}
	return flaws
}

// role is the role a record names as its resource.
func (rec *record) role() string {
	for _, r := range rec.Resources {
		if r.Type == "AWS::IAM::Role" {
			return r.ARN
		}
	}
	return ""
}

// audience is what lies between provider and subject in the principal id.
// Splitting at colons fails for every provider there is: an audience can be a
// URL, a subject may end in a colon.
func audience(who *identity) (string, bool) {
	if who.IdentityProvider == "" || who.UserName == "" {
		return "", false
	}
	rest, ok := strings.CutPrefix(who.PrincipalID, who.IdentityProvider+":")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, ":"+who.UserName)
}

func tags(values map[string]any) ([]Tag, error) {
	var list []Tag
	var flaw error
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value, ok := values[key].(string)
		if !ok {
			flaw = fmt.Errorf("requestParameters.principalTags: the value of %.128q is no string", key)
			continue
		}
		list = append(list, Tag{Key: key, Value: value})
	}
	return list, flaw
}

// errorCode strips what some services write around a code: the query protocol
// says ExpiredTokenException where the API reference says ExpiredToken.
func errorCode(raw string) string {
	return strings.TrimSuffix(strings.TrimPrefix(raw, "Client."), "Exception")
}

// plain words a decoding error in terms of the record.
func plain(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Errorf("%s is a JSON %s where a %s is expected", wrong.Field, wrong.Value, wrong.Type.Kind())
	}
	if errors.As(err, &wrong) {
		return fmt.Errorf("the record is a JSON %s where an object is expected", wrong.Value)
	}
	return err
}
