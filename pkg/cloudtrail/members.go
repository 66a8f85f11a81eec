package cloudtrail

import (
	"bytes"
	"encoding/json"
)

// member is a member of an object that tells what the object is.
type member int

const (
	otherMember member = iota
	recordList         // Records of a CloudTrail file or an SQS batch, Events of LookupEvents
	eventName          // of a record
	detail             // the record in an EventBridge event
	messageBody        // the event in an SQS message
	lookupItem         // the record in an item of LookupEvents
	caseLabel          // the case beside a record
	memberKinds
)

// memberOf tells a member by its name, a JSON string.
func memberOf(name []byte) member {
	if bytes.IndexByte(name, '\\') >= 0 {
		name = unescaped(name)
	}
	switch string(name) {
	case `"Records"`, `"Events"`:
		return recordList
	case `"eventName"`:
		return eventName
	case `"detail"`:
		return detail
	case `"body"`:
		return messageBody
	case `"CloudTrailEvent"`:
		return lookupItem
	case `"case"`:
		return caseLabel
	}
	return otherMember
}

// unescaped undoes escapes nobody needs in these names but anybody may write.
func unescaped(name []byte) []byte {
	var s string
	if json.Unmarshal(name, &s) != nil {
		return nil
	}
	return []byte(`"` + s + `"`)
}

// span is a part of an object's text.
type span struct{ start, end int }

// members is where in an object's text its members are.
type members [memberKinds]span

func (m *members) has(name member) bool { return m[name].end > 0 }

// of returns the text of a member, nil where the object lacks it.
func (m *members) of(raw []byte, name member) json.RawMessage {
	if !m.has(name) {
		return nil
	}
	return raw[m[name].start:m[name].end]
}
