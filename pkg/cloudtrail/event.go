// Package cloudtrail reads CloudTrail records, however they are wrapped, as a
// stream.
package cloudtrail

import (
	"encoding/json"
	"time"
)

// Event is one CloudTrail record, of any event name.
type Event struct {
	ID            string
	Name          string // eventName
	Source        string // eventSource
	Time          time.Time
	Region        string
	AccountID     string // recipientAccountId
	RequestID     string
	SourceIP      string
	UserAgent     string
	ErrorCode     string // without a leading "Client." and a trailing "Exception"
	RawErrorCode  string // as written
	ErrorMessage  string
	EndpointHost  string // tlsDetails.clientProvidedHostHeader
	EndpointType  string // regional or global
	ServingRegion string // where a call to the global endpoint was served
	VPCEndpoint   string

	// Of AssumeRoleWithWebIdentity.
	RoleARN           string
	SessionName       string
	Duration          int   // seconds; 0 when the caller sent none
	PrincipalTags     []Tag // ordered by key
	TransitiveTagKeys []string
	SourceIdentity    string
	Provider          string // userIdentity.identityProvider: an ARN, or the host of a built-in provider
	Subject           string // userIdentity.userName
	Audience          string // from principalId
	HasAudience       bool   // false where principalId does not tell

	Actor      Actor           // who made the call, where it was not a web identity
	Parameters json.RawMessage // requestParameters of every other event name
	Case       json.RawMessage // the "case" member beside the record, nil without one
}

// Tag is a session tag.
type Tag struct{ Key, Value string }

// Actor is an authenticated caller.
type Actor struct {
	Type, ARN, Name, InvokedBy string
}
