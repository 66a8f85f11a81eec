package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/config"
)

// slow are the calls of evidence that the message does not wait for.
var slow = []string{
	"cloudtrail:LookupEvents", "iam:ListAccountAliases", "iam:ListRoles",
	"organizations:DescribeOrganization", "organizations:DescribePolicy", "organizations:ListParents", "organizations:ListPoliciesForTarget",
}

// Where role and provider exist, two calls of evidence and once the one for
// the account come before the message.
func TestEvidenceIsCheap(t *testing.T) {
	s := newStage(t, trusted(t))
	s.put(t, trusted(t).Raw)
	s.Forget()
	s.poll(t)
	calls := slices.DeleteFunc(s.calls(), func(call string) bool {
		return slices.Contains(slow, call) || strings.HasPrefix(call, "dynamodb:")
	})
	want := []string{"iam:GetOpenIDConnectProvider", "iam:GetRole", "sns:Publish", "ssm:GetParameter", "sts:GetCallerIdentity"}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// A repetition is counted, once however often it is delivered, and that is all.
func TestRepeatCostsOneWrite(t *testing.T) {
	s := newStage(t, trusted(t))
	noHistory(s)
	first := trusted(t).Raw
	s.put(t, first)
	s.pollAll(t)
	if kinds, posts := s.told(t); !slices.Equal(kinds, []string{"alert"}) || posts != 1 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
	for _, repeat := range [][]byte{again(t, first, 1), again(t, first, 2), again(t, first, 2), first} {
		s.put(t, repeat)
		s.Forget()
		s.poll(t)
		if diff := cmp.Diff([]string{"dynamodb:GetItem", "dynamodb:UpdateItem"}, s.calls()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	}
	if kinds, posts := s.told(t); kinds != nil || posts != 0 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
	i := s.incident(t)
	if tally := must(s.Store().Tally(t.Context(), i.ID))(t); tally.Count != 3 {
		t.Errorf("counted %d of 3 events", tally.Count)
	}
}

// However many failures there are, the slow evidence of the account is read
// once.
func TestSlowEvidenceIsShared(t *testing.T) {
	s := newStage(t, trusted(t), unlimited...)
	counts := func() map[string]int {
		found := map[string]int{}
		for _, call := range places.Cloud.Calls() {
			if slices.Contains(slow, call) {
				found[call]++
			}
		}
		return found
	}
	s.put(t, numbered(t, trusted(t), 0))
	s.pollAll(t)
	waitFor(t, func() bool { return counts()["cloudtrail:LookupEvents"] > 8 }) // the reading goes on
	for i := range 31 {
		s.put(t, numbered(t, trusted(t), i))
	}
	s.pollAll(t)
	for call, n := range counts() {
		if most := map[string]int{"cloudtrail:LookupEvents": 12}[call]; n > max(most, 1) {
			t.Errorf("%d times %s", n, call)
		}
	}
	if got := s.received(t); len(got) != 31 {
		t.Errorf("%d messages", len(got))
	}
}

// What is too slow for the message follows in its thread: here who changed the
// policy, for which CloudTrail is asked more often than it answers in time.
func TestSlowEvidenceFollowsInTheThread(t *testing.T) {
	sample := recent(t, trusted(t))
	s := newStage(t, sample, world.Bot(places.Slack)...)
	s.function.Timeout = 7 * time.Second // too short to wait for all of CloudTrail's answers
	check(t, places.Cloud.Trail.Add(changeOf(sample)))
	s.put(t, sample.Raw)
	s.pollAll(t)
	messages, _ := places.Slack.Take()
	if len(messages) < 2 {
		t.Fatalf("%d messages, want the alert and what follows\n%s", len(messages), s.function.Logs())
	}
	alert, last := messages[0], messages[len(messages)-1]
	if alert.ThreadTS != "" || strings.Contains(alert.Read(), "mallory") || !strings.Contains(alert.Read(), "it follows") {
		t.Errorf("alert:\n%s", alert.Read())
	}
	if last.ThreadTS != alert.TS || !strings.Contains(last.Read(), "mallory") {
		t.Errorf("what follows:\n%s", last.Read())
	}
	s.checkSecrets(t)
}

// trusted is the real record in an account where its role trusts another
// service account.
func trusted(t *testing.T) *world.Sample {
	t.Helper()
	s := realRecord(t)
	s.Case.Account.Roles = []world.Role{{
		ARN: s.Detail.RequestParameters.RoleARN,
		Policy: json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
			"Principal":{"Federated":"` + s.Detail.UserIdentity.IdentityProvider + `"},
			"Condition":{"StringEquals":{"oidc.eks.us-west-2.amazonaws.com/id/A8242F25BFBB8F98F5321B2AE63C8B5C:sub":"system:serviceaccount:argo:awf"}}}}`),
	}}
	s.Case.Account.Providers = []world.Provider{{ARN: s.Detail.UserIdentity.IdentityProvider, ClientIDs: []string{"sts.amazonaws.com"}}}
	return s
}

// recent moves a sample's call to some minutes ago.
func recent(t *testing.T, s *world.Sample) *world.Sample {
	t.Helper()
	then := must(readEvent(s.Raw))(t).Time.UTC().Format(time.RFC3339)
	s.Raw = []byte(strings.ReplaceAll(string(s.Raw), then, time.Now().Add(-10*time.Minute).UTC().Format(time.RFC3339)))
	return s
}

// changeOf is the record of a change of the sample's role half an hour ago.
func changeOf(s *world.Sample) string {
	role := s.Case.Account.Roles[0]
	return fmt.Sprintf(`{"eventVersion":"1.11","eventTime":%q,"eventSource":"iam.amazonaws.com","eventName":"UpdateAssumeRolePolicy",
		"awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::%[2]s:user/mallory","accountId":%[2]q,"userName":"mallory"},
		"requestParameters":{"roleName":%[3]q,"policyDocument":%[4]q},"eventID":"b4e705f9-2130-513e-9bd3-32a031b4855b","recipientAccountId":%[2]q}`,
		time.Now().Add(-30*time.Minute).UTC().Format(time.RFC3339), s.Detail.RecipientAccountID, role.ARN[strings.LastIndexByte(role.ARN, '/')+1:], string(role.Policy))
}

// waitFor gives what goes on in the background some seconds.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}

// The evidence of another account is read through the role there.
func TestOtherAccountsAreReadThroughTheMemberRole(t *testing.T) {
	sample := trusted(t)
	s := newStage(t, sample, config.MemberRole+"=rolewhy-evidence", config.ExternalID+"=shibboleth")
	noHistory(s)
	s.put(t, sample.Raw)
	places.Cloud.Use("999999999999") // the function's own
	noHistory(s)
	s.pollAll(t)
	if calls := places.Cloud.Calls(); !slices.Contains(calls, "sts:AssumeRole") {
		t.Errorf("calls %s", calls)
	}
	got := s.received(t)
	if len(got) != 1 || !strings.Contains(string(got[0].Report), `"trustPolicy"`) {
		t.Errorf("reports %v\n%s", got, s.function.Logs())
	}
	if strings.Contains(s.function.Logs(), "shibboleth") {
		t.Error("the external id is in the log")
	}
}
