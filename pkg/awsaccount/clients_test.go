package awsaccount

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// network answers the requests of the SDK's own clients, without a network.
type network struct {
	answer func(action string, form url.Values) (status int, body string)

	mu    sync.Mutex
	calls []string
	times []time.Time
	hosts []string
}

func (n *network) Do(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
	}
	form, _ := url.ParseQuery(string(body))
	action := form.Get("Action")
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		action = target[strings.LastIndexByte(target, '.')+1:]
	}
	n.mu.Lock()
	n.calls, n.times, n.hosts = append(n.calls, action), append(n.times, time.Now()), append(n.hosts, req.URL.Host)
	n.mu.Unlock()
	status, text := n.answer(action, form)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(text))), Request: req}, nil
}

// config has the standard mode of retries: the adaptive one computes pauses of
// less than a nanosecond, in which the clock of synctest never moves.
func (n *network) config(region string) aws.Config {
	return aws.Config{Region: region, HTTPClient: n, RetryMode: aws.RetryModeStandard, Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", "")}
}

// tally is a Calls.
type tally struct {
	mu    sync.Mutex
	calls []string
}

func (c *tally) Called(action string, refused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, fmt.Sprintf("%s %t", action, refused))
}

func xmlError(code string) string {
	return "<ErrorResponse><Error><Code>" + code + "</Code></Error></ErrorResponse>"
}

func TestCallsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		n := &network{answer: func(action string, _ url.Values) (int, string) {
			switch action {
			case "GetRole":
				return 403, xmlError("AccessDenied")
			case "ListOpenIDConnectProviders":
				if tries++; tries == 1 {
					return 400, xmlError("Throttling")
				}
				return 200, "<ListOpenIDConnectProvidersResponse><ListOpenIDConnectProvidersResult><OpenIDConnectProviderList/></ListOpenIDConnectProvidersResult></ListOpenIDConnectProvidersResponse>"
			case "LookupEvents":
				return 400, `{"__type":"AccessDeniedException"}`
			}
			return 404, xmlError("NoSuchEntity")
		}}
		counted := &tally{}
		a := New(n.config("eu-west-1"), Options{Account: account, Counter: counted})
		a.Role(t.Context(), deploy)
		a.Role(t.Context(), deploy)
		a.Provider(t.Context(), actions)
		if got := a.Providers(t.Context(), account); got.Exists != policy.Yes {
			t.Errorf("a throttled call was not tried again: %+v", got)
		}
		a.Changes(t.Context(), deploy, actions, time.Time{}, time.Now())
		want := []string{
			"cloudtrail:LookupEvents true", "iam:GetOpenIDConnectProvider false", "iam:GetRole true", "iam:ListOpenIDConnectProviders false",
		}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(counted.calls))); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// No more than two requests a second reach CloudTrail, those that are tried
// again among them.
func TestLookupsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		n.answer = func(string, url.Values) (int, string) {
			if len(n.times)%4 == 0 {
				return 400, `{"__type":"ThrottlingException"}`
			}
			return 200, `{"Events":[]}`
		}
		a := New(n.config("ap-south-1"), Options{Account: account})
		if got := a.Changes(t.Context(), deploy, actions, time.Time{}, time.Now()); got.Exists != policy.Yes {
			t.Errorf("changes %+v", got)
		}
		if len(n.times) != 11 { // 9 names, two of them asked for twice
			t.Errorf("%d requests", len(n.times))
		}
		for i := 2; i < len(n.times); i++ {
			if d := n.times[i].Sub(n.times[i-2]); d < time.Second {
				t.Errorf("three requests within %v", d)
			}
		}
		if n.hosts[0] != "cloudtrail.us-east-1.amazonaws.com" {
			t.Errorf("asked %s, where IAM's calls are not recorded", n.hosts[0])
		}
	})
}

func TestPaceEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pace{interval: time.Hour}
		if err := p.wait(t.Context()); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.wait(ctx); err == nil {
			t.Error("did not wait")
		}
	})
}

const assumed = `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>S</SecretAccessKey>
<SessionToken>T</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`

// The member role is assumed once with the external id, and again before its
// credentials expire.
func TestMemberCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var forms []url.Values
		n := &network{answer: func(action string, form url.Values) (int, string) {
			if action != "AssumeRole" {
				return 404, xmlError("NoSuchEntity")
			}
			forms = append(forms, form)
			return 200, fmt.Sprintf(assumed, len(forms), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
		}}
		a := New(n.config("us-gov-west-1"), Options{Account: account, MemberRole: "rolewhy", ExternalID: "shared-secret"})
		gov := strings.Replace(foreign, "arn:aws:", "arn:aws-us-gov:", 1)
		for range 12 { // up to five minutes before they expire
			if got := a.Role(t.Context(), gov); got.Exists != policy.No {
				t.Errorf("role %+v", got)
			}
			time.Sleep(5 * time.Minute)
		}
		if len(forms) != 2 {
			t.Fatalf("assumed %d times, want 2", len(forms))
		}
		for name, want := range map[string]string{
			"RoleArn": "arn:aws-us-gov:iam::" + other + ":role/rolewhy", "ExternalId": "shared-secret",
			"RoleSessionName": "rolewhy", "DurationSeconds": "3600",
		} {
			if got := forms[0].Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
	})
}

func TestAdaptiveRetriesUnlessSetOtherwise(t *testing.T) {
	if got := clientsOf(aws.Config{}, Options{}).cfg.RetryMode; got != aws.RetryModeAdaptive {
		t.Errorf("retry mode %q", got)
	}
	if got := clientsOf(aws.Config{RetryMode: aws.RetryModeStandard}, Options{}).cfg.RetryMode; got != aws.RetryModeStandard {
		t.Errorf("retry mode %q", got)
	}
}
