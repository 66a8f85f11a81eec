package cloudtrail

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestDecodeReportsEveryField gives each field a value of a wrong type.
func TestDecodeReportsEveryField(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/r"
	record := func(members string) string {
		return `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z",` +
			`"requestParameters":{"roleArn":"` + role + `"},` + members + `"errorCode":"AccessDenied"}`
	}
	request := func(members string) string {
		return record(`"requestParameters":{"roleArn":"` + role + `",` + members + `"roleSessionName":"s"},`)
	}
	tests := []struct {
		name, input string
		want        []string
	}{
		{"nothing wrong", record(""), nil},
		{"null everywhere", record(`"userIdentity":null,"resources":null,"tlsDetails":null,"additionalEventData":null,"awsRegion":null,`), nil},
		{"number for a string", record(`"awsRegion":1,`), []string{"awsRegion is a number where a string"}},
		{"boolean for a string", record(`"userAgent":true,`), []string{"userAgent is a boolean where a string"}},
		{"list for a string", record(`"sourceIPAddress":[],`), []string{"sourceIPAddress is a list where a string"}},
		{"object for a string", record(`"requestID":{},`), []string{"requestID is an object where a string"}},
		{"several", record(`"requestID":{},"eventID":7,`), []string{"requestID", "eventID"}},
		{"wrong escape", record(`"requestID":"\x",`), []string{"not JSON: a wrong escape", "requestID is a string with a wrong escape"}},
		{"identity", record(`"userIdentity":"root",`), []string{"userIdentity is a string where an object"}},
		{"in the identity", record(`"userIdentity":{"userName":1,"principalId":2,"identityProvider":3,"type":4,"arn":5,"invokedBy":6},`), []string{
			"userIdentity.userName is a number", "userIdentity.principalId", "userIdentity.identityProvider",
			"userIdentity.type", "userIdentity.arn", "userIdentity.invokedBy",
		}},
		{"resources", record(`"resources":{},`), []string{"resources is an object where a list"}},
		{"in the resources", record(`"resources":[{"ARN":1},2],`), []string{"resources[0].ARN is a number", "resources[1] is a number where an object"}},
		{"TLS", record(`"tlsDetails":[],`), []string{"tlsDetails is a list"}},
		{"host", record(`"tlsDetails":{"clientProvidedHostHeader":0},`), []string{"tlsDetails.clientProvidedHostHeader is a number"}},
		{"additional data", record(`"additionalEventData":1,`), []string{"additionalEventData is a number"}},
		{"request details", record(`"additionalEventData":{"RequestDetails":{"endpointType":1,"awsServingRegion":[]}},`), []string{
			"additionalEventData.RequestDetails.endpointType", "additionalEventData.RequestDetails.awsServingRegion",
		}},
		{"request", record(`"requestParameters":"x",`), []string{"requestParameters is a string where an object", "no requestParameters.roleArn"}},
		{"duration as a string", request(`"durationSeconds":"3600",`), []string{"requestParameters.durationSeconds is a string where a whole number"}},
		{"duration as a fraction", request(`"durationSeconds":3600.5,`), []string{"durationSeconds is a number where a whole number"}},
		{"duration too large", request(`"durationSeconds":1e99,`), []string{"durationSeconds"}},
		{"duration null", request(`"durationSeconds":null,`), nil},
		{"source identity", request(`"sourceIdentity":1,`), []string{"requestParameters.sourceIdentity"}},
		{"tags as a list", request(`"principalTags":[],`), []string{"requestParameters.principalTags is a list where an object"}},
		{"a tag", request(`"principalTags":{"a":1,"b":"x"},`), []string{"requestParameters.principalTags.a is a number"}},
		{"tag keys", request(`"transitiveTagKeys":["a",1],`), []string{"requestParameters.transitiveTagKeys[1] is a number"}},
		{"time", record(`"eventTime":"yesterday",`), []string{`eventTime "yesterday" where a time such as`}},
		{"time as a number", record(`"eventTime":1720539697,`), []string{"eventTime is a number", `eventTime ""`}},
		{"a long name", record(`"requestParameters":{"principalTags":{"` + fmt.Sprintf("%01000d", 0) + `":1}},`), []string{"principalTags.000", "no requestParameters.roleArn"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev, flaws := only(t, tt.input)
			checkFlaws(t, flaws, tt.want)
			for _, flaw := range flaws {
				if len(flaw.Error()) > 400 {
					t.Errorf("an error of %d bytes", len(flaw.Error()))
				}
			}
			if ev.ErrorCode != "AccessDenied" {
				t.Error("the fields behind are not read")
			}
		})
	}
}

func TestDecodeOfRequests(t *testing.T) {
	ev, flaws := only(t, `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37.5Z","vpcEndpointId":"vpce-1",
		"additionalEventData":{"other":[1],"RequestDetails":{"awsServingRegion":"eu-north-1","endpointType":"global"}},
		"requestParameters":{"other":{"roleArn":"x"},"roleArn":"arn:aws:iam::123456789012:role/a/b/r","roleSessionName":"s\u00e9\"",
			"sourceIdentity":"me","durationSeconds":900,"transitiveTagKeys":["b","a"],
			"principalTags":{"b":"2","a\u0062":"","c":null,"a":"1"}}}`)
	checkFlaws(t, flaws, nil)
	want := &Event{
		Name: "AssumeRoleWithWebIdentity", Time: time.Date(2024, 7, 9, 15, 41, 37, 5e8, time.UTC), VPCEndpoint: "vpce-1",
		ServingRegion: "eu-north-1", EndpointType: "global", RoleARN: "arn:aws:iam::123456789012:role/a/b/r",
		SessionName: `sé"`, SourceIdentity: "me", Duration: 900, TransitiveTagKeys: []string{"b", "a"},
		PrincipalTags: []Tag{{"a", "1"}, {"ab", ""}, {"b", "2"}},
	}
	if got, want := fmt.Sprintf("%+v", ev), fmt.Sprintf("%+v", want); got != want {
		t.Errorf("read\n\t%s, want\n\t%s", got, want)
	}
}

func TestDecodeFindsTheRole(t *testing.T) {
	const resource = `{"accountId":"123456789012","type":"AWS::IAM::Role","ARN":"arn:aws:iam::123456789012:role/of-resource"}`
	tests := []struct {
		name, members, want string
		flaws               []string
	}{
		{"in the request", `"requestParameters":{"roleArn":"arn:aws:iam::1:role/r"},"resources":[` + resource + `]`, "arn:aws:iam::1:role/r", nil},
		{"among the resources", `"requestParameters":null,"resources":[{"type":"AWS::S3::Bucket","ARN":"b"},` + resource + `]`, "arn:aws:iam::123456789012:role/of-resource", nil},
		{"nowhere", `"requestParameters":{}`, "", []string{"no requestParameters.roleArn"}},
		{"not an ARN", `"requestParameters":{"roleArn":"my-role"}`, "my-role", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev, flaws := only(t, `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z","errorCode":"AccessDenied",`+tt.members+`}`)
			checkFlaws(t, flaws, tt.flaws)
			if ev.RoleARN != tt.want {
				t.Errorf("role %q, want %q", ev.RoleARN, tt.want)
			}
		})
	}
}

// TestFailuresThatCannotBeRead are failures all the same.
func TestFailuresThatCannotBeRead(t *testing.T) {
	tests := []struct {
		name, members string
		want          string // code and message
		flaws         []string
	}{
		{"neither", `"errorCode":null,"errorMessage":""`, "|", nil},
		{"a number", `"errorCode":403`, "403|", []string{"errorCode is a number"}},
		{"a wrong escape", `"errorCode":"Access\qDenied"`, `"Access\qDenied"|`, []string{"not JSON: a wrong escape", "errorCode is a string with a wrong escape"}},
		{"an object as message", `"errorMessage": {"a":1}`, `|{"a":1}`, []string{"errorMessage is an object"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ev, flaws := only(t, `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z","requestParameters":{"roleArn":"r"},`+tt.members+`}`)
			checkFlaws(t, flaws, tt.flaws)
			if got := ev.RawErrorCode + "|" + ev.ErrorMessage; got != tt.want || ev.Failed() != (tt.want != "|") {
				t.Errorf("read %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDecodeOfOtherCalls(t *testing.T) {
	ev, flaws := only(t, `{"eventName":"CreateRole","eventTime":"2024-07-09T15:41:37Z",
		"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b","invokedBy":"cloudformation.amazonaws.com","identityProvider":"x"},
		"requestParameters":{"roleName":"r"}}`)
	checkFlaws(t, flaws, nil)
	want := Actor{Type: "AssumedRole", ARN: "arn:aws:sts::1:assumed-role/a/b", InvokedBy: "cloudformation.amazonaws.com"}
	if ev.Actor != want || string(ev.Parameters) != `{"roleName":"r"}` || ev.Provider != "" {
		t.Errorf("read %+v", ev)
	}
	ev, flaws = only(t, `{"eventName":"CreateRole","eventTime":"2024-07-09T15:41:37Z","requestParameters":{"roleName":wrong}}`)
	checkFlaws(t, flaws, []string{`not JSON: "wrong" where a value`, "requestParameters that are not JSON"})
	if ev.Parameters != nil {
		t.Errorf("parameters = %s, want none", ev.Parameters)
	}
}

func TestAudience(t *testing.T) {
	tests := []struct {
		name, principal, provider, subject string
		want                               string
		ok                                 bool
	}{
		{"plain", "p:a:s", "p", "s", "a", true},
		{"colons everywhere", "arn:x:p:https://a:b:s:t:", "arn:x:p", "s:t:", "https://a:b", true},
		{"empty", "p::s", "p", "s", "", true},
		{"subject like the audience", "p:s:s", "p", "s", "s", true},
		{"none", "p:s", "p", "s", "", false},
		{"another provider", "q:a:s", "p", "s", "", false},
		{"another subject", "p:a:t", "p", "s", "", false},
		{"no provider", "p:a:s", "", "s", "", false},
		{"no subject", "p:a:s", "p", "", "", false},
		{"nothing", "", "", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := audience(tt.principal, tt.provider, tt.subject); got != tt.want || ok != tt.ok {
				t.Errorf("audience = %q, %t; want %q, %t", got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestErrorCode(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                  "",
		"AccessDenied":                      "AccessDenied",
		"ExpiredTokenException":             "ExpiredToken",
		"Client.InvalidIdentityToken":       "InvalidIdentityToken",
		"Client.RegionDisabledException":    "RegionDisabled",
		"InvalidIdentityTokenExceptionText": "InvalidIdentityTokenExceptionText",
	} {
		input := fmt.Sprintf(`{"eventName":"GetUser","eventTime":"2024-07-09T15:41:37Z","errorCode":%q}`, raw)
		if ev, _ := only(t, input); ev.ErrorCode != want || ev.RawErrorCode != raw || ev.Failed() != (raw != "") {
			t.Errorf("%q is %q, failed %t; want %q", raw, ev.ErrorCode, ev.Failed(), want)
		}
	}
}

// TestNothingOfARecordIsShared changes the input after reading.
func TestNothingOfARecordIsShared(t *testing.T) {
	raw := []byte(`{"eventName":"CreateRole","eventTime":"2024-07-09T15:41:37Z","requestParameters":{"roleName":"r"}}`)
	ev, _ := decode(raw)
	for i := range raw {
		raw[i] = 'x'
	}
	if ev.Name != "CreateRole" || !slices.Equal(ev.Parameters, []byte(`{"roleName":"r"}`)) {
		t.Errorf("read %s with %s", ev.Name, ev.Parameters)
	}
}
