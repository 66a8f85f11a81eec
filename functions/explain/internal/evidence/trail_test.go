package evidence_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/awstest"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// without is a way to a server without a network, on which the clock of
// synctest would stand still.
type without struct{ http.Handler }

func (w without) Do(req *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	if req.Body == nil {
		req.Body = http.NoBody
	}
	w.ServeHTTP(answer, req)
	return answer.Result(), nil
}

func trailConfig(trail *awstest.Trail) aws.Config {
	return aws.Config{
		Region: "eu-west-1", HTTPClient: without{trail.Handler(home)},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

func record(id, name, region string, at time.Time, parameters string) string {
	return fmt.Sprintf(`{"eventID":%q,"eventName":%q,"eventSource":"iam.amazonaws.com","awsRegion":%q,"recipientAccountId":%q,"eventTime":%q,
		"userIdentity":{"type":"IAMUser","userName":"me","arn":"arn:aws:iam::%[4]s:user/me"},"userAgent":"terraform","requestParameters":%[6]s}`,
		id, name, region, home, at.UTC().Format(time.RFC3339), parameters)
}

// A stand-in that takes two requests a second never has to throttle.
func TestChangesOfRoleAndProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		trail := awstest.NewTrail()
		must(t, trail.Add(
			record("1", "UpdateAssumeRolePolicy", "us-east-1", now.Add(-2*time.Hour), `{"roleName":"deploy","policyDocument":"{\"a\":1}"}`),
			record("2", "CreateRole", "us-east-1", now.Add(-48*time.Hour), `{"roleName":"deploy","path":"/ci/","assumeRolePolicyDocument":"{}"}`),
			record("3", "AddClientIDToOpenIDConnectProvider", "us-east-1", now.Add(-time.Hour), `{"openIDConnectProviderArn":"`+actions+`","clientID":"a"}`),
			record("4", "UpdateAssumeRolePolicy", "us-east-1", now.Add(-time.Hour), `{"roleName":"other","policyDocument":"{}"}`),
			record("5", "UpdateAssumeRolePolicy", "eu-west-1", now.Add(-time.Hour), `{"roleName":"deploy","policyDocument":"{}"}`),
		))
		a := awsaccount.New(trailConfig(trail), awsaccount.Options{Account: home})
		began := time.Now()
		got := a.Changes(t.Context(), deploy, actions, now.Add(-90*24*time.Hour), now)
		if got.Exists != policy.Yes || len(got.Value) != 3 {
			t.Fatalf("changes %+v", got)
		}
		for i, id := range []string{"2", "1", "3"} {
			if got.Value[i].EventID != id {
				t.Errorf("change %d is %s, want %s", i, got.Value[i].EventID, id)
			}
		}
		if c := got.Value[1]; string(c.Policy) != `{"a":1}` || c.By != "arn:aws:iam::"+home+":user/me" || c.Via != "terraform" {
			t.Errorf("change %+v", c)
		}
		if trail.Asked() != 9 || time.Since(began) != 4*time.Second {
			t.Errorf("%d requests in %v, want 9 in 4s", trail.Asked(), time.Since(began))
		}
	})
}

// A busy account: pages, up to the bound, without a request that is throttled.
func TestManyChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		trail := awstest.NewTrail()
		for i := range 2000 {
			must(t, trail.Add(record(fmt.Sprint(i), "CreateRole", "us-east-1", now.Add(-time.Duration(i)*time.Minute), fmt.Sprintf(`{"roleName":"r%d"}`, i))))
		}
		a := awsaccount.New(trailConfig(trail), awsaccount.Options{Account: home})
		old := "arn:aws:iam::" + home + ":role/r799"
		got := a.Changes(t.Context(), old, "", now.Add(-90*24*time.Hour), now)
		if len(got.Value) != 1 || got.Exists != policy.Unknown {
			t.Errorf("changes %+v", got)
		}
		contains(t, got.Why, "there are so many changes in the account that those before "+now.Add(-799*time.Minute).UTC().Format(time.RFC3339))
		if trail.Asked() != 24 {
			t.Errorf("%d requests, want 24", trail.Asked())
		}
	})
}

// What is not in when the budget is spent follows, and is swept once.
func TestChangesFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trail := awstest.NewTrail()
		must(t, trail.Add(record("1", "DeleteRole", "us-east-1", time.Now(), `{"roleName":"deploy"}`)))
		a := awsaccount.New(trailConfig(trail), awsaccount.Options{Account: home, SlowBudget: 2 * time.Second})
		ask := func() int {
			got := a.Changes(t.Context(), deploy, actions, time.Now().Add(-time.Hour), time.Now())
			if got.Exists == policy.Unknown && got.Why != "not read within 2 s; it follows" {
				t.Errorf("why %q", got.Why)
			}
			return len(got.Value)
		}
		if n := ask(); n != 0 {
			t.Errorf("%d changes before they are read", n)
		}
		if !a.Settled(t.Context()) {
			t.Error("no news")
		}
		if n := ask(); n != 1 || trail.Asked() != 9 {
			t.Errorf("%d changes after %d requests", n, trail.Asked())
		}
	})
}

// Somebody else uses up the account's requests.
func TestChangesWhileThrottled(t *testing.T) {
	cfg := fresh(t, home)
	cfg.RetryMaxAttempts = 1
	cloud.Fail("LookupEvents", standin.Refuse(http.StatusBadRequest, `{"__type":"ThrottlingException","message":"Rate exceeded"}`))
	got := awsaccount.New(cfg, awsaccount.Options{Account: home}).Changes(t.Context(), deploy, actions, time.Time{}, time.Now())
	if got.Exists != policy.Unknown {
		t.Errorf("changes %+v", got)
	}
	contains(t, got.Why, "AWS throttled it (ThrottlingException): needs cloudtrail:LookupEvents")
}
