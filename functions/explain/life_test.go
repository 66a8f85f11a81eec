package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/config"
)

// An edit is answered at once by what the policy says now, though it was read
// only just before, and in the end people hear that it works.
func TestLifeOfAnIncident(t *testing.T) {
	sample := recent(t, trusted(t))
	s := newStage(t, sample, world.Bot(places.Slack)...)
	noHistory(s)
	s.put(t, sample.Raw)
	s.pollAll(t)
	s.wantTold(t, "alert")

	s.edit(t, sample, strings.ReplaceAll(policyOf(sample), "argo:awf", "argo:nobody"))
	if got := s.wantTold(t, "answer"); got.Standing != "denied" || !strings.Contains(string(got.Report), "argo:nobody") {
		t.Errorf("answer %q with %s", got.Standing, got.Report)
	}
	check(t, s.Later(t.Context(), 2*time.Minute))
	s.edit(t, sample, strings.ReplaceAll(policyOf(sample), "system:serviceaccount:argo:awf", must(readEvent(sample.Raw))(t).Subject))
	if got := s.wantTold(t, "answer"); got.Standing != "allowed" {
		t.Errorf("answer %q", got.Standing)
	}
	s.followUp(t)
	if kinds, posts := s.told(t); kinds != nil || posts != 0 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}

	noChanges()
	check(t, places.Cloud.Trail.Add(successOf(t, sample)))
	s.later(t, 11*time.Minute)
	if got := s.wantTold(t, "over"); !strings.HasPrefix(got.Because, "a call succeeded at ") {
		t.Errorf("over because %q", got.Because)
	}
	if i := s.incident(t); i.State != "over" {
		t.Errorf("it is %s", i.State)
	}
	s.checkSecrets(t)
}

// An edit of the provider is answered for those whom it had kept out.
func TestEditOfAProvider(t *testing.T) {
	sample := must(world.ReadSample(root + "/events/provider-audience-not-registered.json"))(t)
	s := newStage(t, sample)
	noHistory(s)
	s.put(t, sample.Raw)
	s.pollAll(t)
	if got := s.wantTold(t, "alert"); got.Incident.Cause != "provider-audience-not-registered" {
		t.Errorf("cause %s", got.Incident.Cause)
	}
	provider, audience := sample.Detail.UserIdentity.IdentityProvider, must(readEvent(sample.Raw))(t).Audience
	// moto fails to add a client id, so the provider is made anew.
	client, url := iam.NewFromConfig(s.Config), "https://"+cloudtrail.KeyHost(provider)
	must(client.DeleteOpenIDConnectProvider(t.Context(), &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: &provider}))(t)
	must(client.CreateOpenIDConnectProvider(t.Context(), &iam.CreateOpenIDConnectProviderInput{Url: &url, ClientIDList: []string{audience}}))(t)
	s.put(t, fmt.Appendf(nil, `{"source":"aws.iam","detail":{"eventVersion":"1.11","eventTime":%q,"eventSource":"iam.amazonaws.com",
		"eventName":"AddClientIDToOpenIDConnectProvider","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","userName":"mallory"},
		"requestParameters":{"openIDConnectProviderArn":%q,"clientID":%q},"eventID":"e2","recipientAccountId":%q}}`,
		time.Now().UTC().Format(time.RFC3339), provider, audience, sample.Detail.RecipientAccountID))
	s.pollAll(t)
	if got := s.wantTold(t, "answer"); got.Standing != "allowed" {
		t.Errorf("answer %q, cause %s", got.Standing, got.Incident.Cause)
	}
}

// noChanges is noHistory for all but the calls of one role.
func noChanges() {
	places.Cloud.Fail("LookupEvents", func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if !bytes.Contains(body, []byte(`"ResourceName"`)) {
			refused(w, req)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		places.Cloud.Pass(w, req)
	})
}

// wantTold wants one notice of a kind by SNS, and as many messages in Slack.
func (s *stage) wantTold(t *testing.T, kind string) *world.Notice {
	t.Helper()
	got := s.received(t)
	messages, _ := places.Slack.Take()
	if len(got) != 1 || got[0].Kind != kind || len(messages) < 1 {
		t.Fatalf("want one %s: %d notices %+v and %d Slack messages\n%s", kind, len(got), got, len(messages), s.logs())
	}
	return got[0]
}

func policyOf(s *world.Sample) string { return string(s.Case.Account.Roles[0].Policy) }

// edit replaces the trust policy of the sample's role, and has CloudTrail tell
// of it.
func (s *stage) edit(t *testing.T, sample *world.Sample, policy string) {
	t.Helper()
	change := strings.Replace(changeOf(sample), "b4e705f9", fmt.Sprintf("%08x", time.Now().UnixNano()&0xffffffff), 1)
	name := must(readEvent([]byte(change)))(t)
	c, _, _ := name.Change()
	must(iam.NewFromConfig(s.Config).UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: &c.Role, PolicyDocument: &policy}))(t)
	s.put(t, must(json.Marshal(map[string]any{"source": "aws.iam", "detail-type": "AWS API Call via CloudTrail", "detail": json.RawMessage(change)}))(t))
	s.pollAll(t)
}

// successOf is the record of a call like that of the sample which succeeded,
// with what no log may hold.
func successOf(t *testing.T, s *world.Sample) string {
	t.Helper()
	var event struct{ Detail map[string]any }
	check(t, json.Unmarshal(s.Raw, &event))
	record := event.Detail
	delete(record, "errorCode")
	delete(record, "errorMessage")
	record["eventID"], record["eventTime"] = "5ccc5ccc-0000-4000-8000-000000000000", time.Now().UTC().Format(time.RFC3339)
	record["responseElements"] = map[string]any{"credentials": map[string]any{"sessionToken": "SESSIONTOKEN"}}
	return string(must(json.Marshal(record))(t))
}

// However the function ends before what came of a message is saved, the message
// arrives, and once more than it has to at most.
func TestKilled(t *testing.T) {
	for _, tt := range []struct {
		name   string
		action string
		nth    int // call of it that ends the function
		most   int // alerts that a channel may get
	}{
		{"before it counts", "UpdateItem", 1, 1},
		{"before it saves what it is going to send", "PutItem", 1, 1},
		{"before it sends", "Publish", 1, 1},
		{"before it saves what it has sent", "PutItem", 2, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, trusted(t))
			noHistory(s)
			n := 0
			places.Cloud.Fail(tt.action, func(w http.ResponseWriter, req *http.Request) {
				if n++; n == tt.nth {
					s.function.Kill()
					return
				}
				places.Cloud.Pass(w, req)
			})
			s.put(t, trusted(t).Raw)
			if _, err := s.Poll(limited(t), s.function); !errors.Is(err, standin.ErrEnded) {
				t.Fatalf("it lives: %v", err)
			}
			s.Forget()
			noHistory(s)
			s.function = s.start(t, bootstrap)
			s.pollAll(t)
			s.followUp(t)
			s.later(t, 2*time.Minute)
			kinds, posts := s.told(t)
			if len(kinds) < 1 || len(kinds) > tt.most || posts < 1 || posts > max(tt.most, 2) {
				t.Errorf("%d notices by SNS and %d in Slack", len(kinds), posts)
			}
			if i := s.incident(t); len(i.Outbox) != 0 {
				t.Errorf("left: %+v", i.Outbox)
			}
		})
	}
}

// However many names strangers make up, they are told of once in a while.
func TestStrangersAreFolded(t *testing.T) {
	sample := must(world.ReadSample(root + "/events/stranger-miner.json"))(t)
	s := newStage(t, sample)
	noHistory(s)
	for i := range 12 {
		s.put(t, renamed(t, sample, i))
	}
	s.pollAll(t)
	s.wantTold(t, "security")
	s.followUp(t)
	if kinds, posts := s.told(t); kinds != nil || posts != 0 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
	s.put(t, renamed(t, sample, 99))
	s.pollAll(t)
	s.later(t, 31*time.Minute)
	if got := s.wantTold(t, "security"); got.Summary.Incidents < 12 {
		t.Errorf("summary %+v of 13 names", got.Summary)
	}
}

// renamed is a call of the stranger's under another name of an organization.
func renamed(t *testing.T, s *world.Sample, i int) []byte {
	t.Helper()
	return []byte(strings.ReplaceAll(string(numbered(t, s, i)), "free-coins-4412", fmt.Sprintf("free-coins-%d", 5000+i)))
}

// What is too much for single messages is told in a digest.
func TestLimitsOfAlerts(t *testing.T) {
	s := newStage(t, trusted(t), config.AlertsPerRole+"=2")
	noHistory(s)
	for i := range 7 {
		s.put(t, numbered(t, trusted(t), i))
	}
	s.pollAll(t)
	s.later(t, 2*time.Minute)
	kinds, posts := s.told(t)
	if alerts := count(kinds, "alert"); alerts != 2 || count(kinds, "digest") < 1 || posts != len(kinds) {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// A rule keeps an incident quiet; rules that cannot be read keep nothing quiet.
func TestRulesParameter(t *testing.T) {
	role := trusted(t).Detail.RequestParameters.RoleARN
	for _, tt := range []struct {
		name, value string
		quiet       bool
	}{
		{"one that fits", fmt.Sprintf(`[{"role":%q,"until":"2999-01-01","why":"known"}]`, role), true},
		{"one that is over", fmt.Sprintf(`[{"role":%q,"until":"2020-01-01","why":"known"}]`, role), false},
		{"none", "\n", false},
		{"faulty", `{"role":"*"}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, trusted(t), config.RulesParameter+"=/rolewhy/rules")
			noHistory(s)
			check(t, s.Parameter(t.Context(), "/rolewhy/rules", tt.value))
			s.put(t, trusted(t).Raw)
			s.pollAll(t)
			if kinds, posts := s.told(t); (len(kinds)+posts == 0) != tt.quiet {
				t.Errorf("told %s, and %d posts", kinds, posts)
			}
			if tt.name == "faulty" && !strings.Contains(s.function.Logs(), "/rolewhy/rules") {
				t.Errorf("the log does not name the parameter:\n%s", s.function.Logs())
			}
		})
	}
}

// A run that finds nothing to do costs little.
func TestIdleFollowUpIsCheap(t *testing.T) {
	s := newStage(t, trusted(t))
	s.followUp(t) // the first one of a day does more
	s.Forget()
	s.followUp(t)
	if diff := cmp.Diff([]string{"dynamodb:GetItem", "dynamodb:Query"}, s.calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
