package awstrail

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What the records of the tests are about.
const (
	account = "111122223333"
	member  = "444455556666"
	org     = "o-abcdefghij"
	actions = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	cluster = "arn:aws:iam::444455556666:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
)

// noon is within the history that LookupEvents tells of at the time at which
// synctest begins, 2000-01-01.
var noon = time.Date(1999, 12, 30, 12, 0, 0, 0, time.UTC)

// event is a record and where CloudTrail leaves it.
type event struct {
	account, region string
	at              time.Time
	text            string
}

// identity is who calls with a token.
type identity struct{ provider, audience, subject string }

func (i identity) member() map[string]any {
	return map[string]any{
		"type": "WebIdentityUser", "principalId": i.provider + ":" + i.audience + ":" + i.subject,
		"userName": i.subject, "identityProvider": i.provider,
	}
}

// call is a record of AssumeRoleWithWebIdentity, a denied one unless more says
// something else.
func call(id int, account, region string, at time.Time, who identity, more map[string]any) event {
	role := "arn:aws:iam::" + account + ":role/ci/deploy"
	record := map[string]any{
		"eventVersion": "1.08", "userIdentity": who.member(), "eventTime": at.Format(time.RFC3339),
		"eventSource": "sts.amazonaws.com", "eventName": "AssumeRoleWithWebIdentity", "awsRegion": region,
		"sourceIPAddress": "192.0.2.7", "userAgent": "aws-sdk-go-v2", "errorCode": "AccessDenied", "errorMessage": "An unknown error occurred",
		"requestParameters": map[string]any{
			"roleArn": role, "roleSessionName": "it's \"one\" — é", "principalTags": map[string]string{"team": "pay'ments"}, "transitiveTagKeys": []string{"team"},
		},
		"responseElements": nil, "requestID": fmt.Sprintf("r-%d", id), "eventID": fmt.Sprintf("e-%s-%d", account, id), "readOnly": true,
		"resources": []any{map[string]any{"accountId": account, "type": "AWS::IAM::Role", "ARN": role}},
		"eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": account, "eventCategory": "Management",
		"additionalEventData": map[string]any{"RequestDetails": map[string]any{"awsServingRegion": region, "endpointType": "regional"}},
		"tlsDetails":          map[string]any{"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": "sts." + region + ".amazonaws.com"},
	}
	return encode(record, more, account, region, at)
}

// change is a record of a call of IAM.
func change(id int, account string, at time.Time, name string, parameters, more map[string]any) event {
	record := map[string]any{
		"eventVersion": "1.11", "eventTime": at.Format(time.RFC3339), "eventSource": "iam.amazonaws.com", "eventName": name,
		"userIdentity": map[string]any{"type": "IAMUser", "principalId": "AIDA", "arn": "arn:aws:iam::" + account + ":user/ana", "userName": "ana"},
		"awsRegion":    "us-east-1", "userAgent": "terraform", "sourceIPAddress": "192.0.2.9", "requestParameters": parameters,
		"requestID": fmt.Sprintf("r-%d", id), "eventID": fmt.Sprintf("e-%s-%d", account, id), "recipientAccountId": account,
	}
	return encode(record, more, account, "us-east-1", at)
}

// encode sets members, and removes those that are to be nil.
func encode(record, more map[string]any, account, region string, at time.Time) event {
	for name, v := range more {
		if record[name] = v; v == nil {
			delete(record, name)
		}
	}
	text, err := json.Marshal(record)
	if err != nil {
		panic(err)
	}
	return event{account, region, at, string(text)}
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + actions + `"},"Action":"sts:AssumeRoleWithWebIdentity",` +
	`"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:o/r:ref:refs/heads/main"}}}]}`

// history is what happened in one account: denials of several callers amid
// calls that succeed, and the changes that brought them about.
func happened(account string) []event {
	succeeded := map[string]any{"errorCode": nil, "errorMessage": nil, "responseElements": map[string]any{"credentials": map[string]any{"sessionToken": "SESSIONTOKEN"}}}
	callers := []identity{
		{actions, "sts.amazonaws.com", "repo:o/r:environment:prod"},
		{actions, "https://github.com/o", "repo:o/r:pull_request"},
		{cluster, "sts.amazonaws.com", "system:serviceaccount:pay:api"},
		{"cognito-identity.amazonaws.com", "eu-west-1:11111111-2222-3333-4444-555555555555", "eu-west-1:66666666-7777-8888-9999-000000000000"},
		{"arn:aws:iam::" + account + ":oidc-provider/agent.buildkite.com", "sts.amazonaws.com", "organization:o:pipeline:p:ref:main:commit:c:step:"},
	}
	var all []event
	for i := range 120 {
		region, more := []string{"eu-west-1", "us-east-1"}[i/5%2], map[string]any(nil)
		switch {
		case i%4 == 3:
			more = succeeded
		case i%20 == 10:
			more = map[string]any{"errorCode": "InvalidIdentityToken", "errorMessage": "Incorrect token audience", "requestParameters": nil}
		}
		all = append(all, call(i, account, region, noon.Add(time.Duration(i)*7*time.Minute), callers[i%len(callers)], more))
	}
	role := map[string]any{"roleName": "deploy", "path": "/ci/", "assumeRolePolicyDocument": trust}
	return append(all,
		change(200, account, noon.Add(time.Minute), "CreateRole", role, nil),
		change(201, account, noon.Add(5*time.Hour), "UpdateAssumeRolePolicy", map[string]any{"roleName": "deploy", "policyDocument": strings.ReplaceAll(trust, "main", "it's")}, nil),
		change(202, account, noon.Add(6*time.Hour), "DeleteRole", map[string]any{"roleName": "deploy"}, map[string]any{"errorCode": "DeleteConflict", "errorMessage": "no"}),
		change(203, account, noon.Add(7*time.Hour), "PutRolePolicy", map[string]any{"roleName": "deploy", "policyName": "p", "policyDocument": "{}"}, nil),
	)
}

// key is where CloudTrail leaves the records of a day.
func (e *event) key() string {
	return fmt.Sprintf("AWSLogs/%s/%s/CloudTrail/%s/%s/%[2]s_CloudTrail_%[3]s_%[5]s_x.json.gz", org, e.account, e.region, e.at.Format("2006/01/02"), e.at.Format("20060102T1504Z"))
}

// objects are the logs of events, one of each half hour.
func objects(t *testing.T, events []event) map[string][]byte {
	t.Helper()
	of := map[string][]string{}
	for _, e := range events {
		first := e
		first.at = e.at.Truncate(30 * time.Minute)
		of[first.key()] = append(of[first.key()], e.text)
	}
	all := map[string][]byte{}
	for key, texts := range of {
		all[key] = pack(t, `{"Records":[`+strings.Join(texts, ",")+`]}`)
	}
	return all
}

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	must(w.Write([]byte(text)))(t)
	check(t, w.Close())
	return packed.Bytes()
}

// folderWith has objects as files.
func folderWith(t *testing.T, objects map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for key, packed := range objects {
		path := filepath.Join(dir, filepath.FromSlash(key))
		check(t, os.MkdirAll(filepath.Dir(path), 0o755))
		check(t, os.WriteFile(path, packed, 0o644))
	}
	return dir
}
