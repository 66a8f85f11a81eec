package awstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const trailAccount = "111122223333"

// ask posts a request as the SDK does.
func ask(t *testing.T, trail *Trail, body string) (status int, answer map[string]any) {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/cloudtrail/aws4_request, SignedHeaders=host")
	w := httptest.NewRecorder()
	trail.Handler(trailAccount).ServeHTTP(w, req)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return w.Code, answer
}

func trailRecord(n int, name string, ago time.Duration) string {
	return fmt.Sprintf(`{"eventID":"e%d","eventName":%q,"eventSource":"iam.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":%q,"eventTime":%q}`,
		n, name, trailAccount, time.Now().Add(-ago).UTC().Format(time.RFC3339))
}

func trailOf(t *testing.T, records ...string) *Trail {
	t.Helper()
	trail := NewTrail()
	if err := trail.Add(records...); err != nil {
		t.Fatal(err)
	}
	return trail
}

// A stand-in that answers everything would prove nothing.
func TestLookupRefusesWhatCloudTrailRefuses(t *testing.T) {
	for _, tt := range []struct{ name, body, code string }{
		{"two attributes", `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"a"},{"AttributeKey":"EventId","AttributeValue":"b"}]}`, "InvalidLookupAttributesException"},
		{"an attribute that is none", `{"LookupAttributes":[{"AttributeKey":"RoleName","AttributeValue":"a"}]}`, "InvalidLookupAttributesException"},
		{"no value", `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":""}]}`, "InvalidLookupAttributesException"},
		{"a page too large", `{"MaxResults":51}`, "InvalidMaxResultsException"},
		{"the end before the start", `{"StartTime":2,"EndTime":1}`, "InvalidTimeRangeException"},
		{"a token of nothing", `{"NextToken":"x"}`, "InvalidNextTokenException"},
		{"no JSON", `x`, "SerializationException"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, answer := ask(t, NewTrail(), tt.body)
			if status != http.StatusBadRequest || answer["__type"] != tt.code {
				t.Errorf("%d %v, want %s", status, answer, tt.code)
			}
		})
	}
}

func TestLookupTakesTwoRequestsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		trail := NewTrail()
		throttled := 0
		for range 100 { // ten a second
			if status, answer := ask(t, trail, `{}`); status != http.StatusOK {
				throttled++
				if answer["__type"] != "ThrottlingException" {
					t.Errorf("answer %v", answer)
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
		if throttled < 78 || throttled > 80 {
			t.Errorf("%d of 100 requests in 10 s were throttled, want about 79", throttled)
		}
		if trail.Asked() != 100 {
			t.Errorf("asked %d times", trail.Asked())
		}
	})
}

func TestLookupPages(t *testing.T) {
	trail := NewTrail()
	for i := range 60 {
		if err := trail.Add(trailRecord(i, "DeleteRole", time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	_, first := ask(t, trail, `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"DeleteRole"}]}`)
	events := first["Events"].([]any)
	if len(events) != 50 || events[0].(map[string]any)["EventId"] != "e0" || events[49].(map[string]any)["EventId"] != "e49" {
		t.Fatalf("the first page has %d events", len(events))
	}
	same := fmt.Sprintf(`{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"DeleteRole"}],"NextToken":%q}`, first["NextToken"])
	if _, second := ask(t, trail, same); len(second["Events"].([]any)) != 10 || second["NextToken"] != nil {
		t.Errorf("the second page: %v", second)
	}
	synctest.Test(t, func(t *testing.T) {
		trail.buckets = map[string]*bucket{}
		changed := strings.Replace(same, "DeleteRole", "CreateRole", 1)
		if _, answer := ask(t, trail, changed); answer["__type"] != "InvalidNextTokenException" {
			t.Errorf("a token was taken with other parameters: %v", answer)
		}
	})
}

func TestLookupFilters(t *testing.T) {
	for _, tt := range []struct {
		name, record string
		found        bool
	}{
		{"the one", trailRecord(1, "DeleteRole", time.Hour), true},
		{"another name", trailRecord(1, "deleteRole", time.Hour), false},
		{"too old", trailRecord(1, "DeleteRole", 91*24*time.Hour), false},
		{"another region", strings.Replace(trailRecord(1, "DeleteRole", time.Hour), "us-east-1", "eu-west-1", 1), false},
		{"another account", strings.Replace(trailRecord(1, "DeleteRole", time.Hour), trailAccount, "444455556666", 1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, answer := ask(t, trailOf(t, tt.record), `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"DeleteRole"}]}`)
			if got := len(answer["Events"].([]any)) == 1; got != tt.found {
				t.Errorf("found %t", got)
			}
		})
	}
}
