package awstest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Trail answers CloudTrail's LookupEvents, which moto lacks, and refuses what
// CloudTrail refuses:
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
type Trail struct {
	mu      sync.Mutex
	events  []trailEvent
	buckets map[string]*bucket
	asked   int
}

// trailEvent is what LookupEvents looks at of a record.
type trailEvent struct {
	ID      string    `json:"eventID"`
	Name    string    `json:"eventName"`
	Source  string    `json:"eventSource"`
	Time    time.Time `json:"eventTime"`
	Region  string    `json:"awsRegion"`
	Account string    `json:"recipientAccountId"`
	User    struct {
		Name string `json:"userName"`
	} `json:"userIdentity"`
	Resources []struct {
		ARN string `json:"ARN"`
	} `json:"resources"`
	record string
}

// The limits of LookupEvents.
const (
	lookupRate   = 2 // a second, for each account and region
	lookupPage   = 50
	lookupWindow = 90 * 24 * time.Hour
)

// NewTrail has no events.
func NewTrail() *Trail { return &Trail{buckets: map[string]*bucket{}} }

// Add puts records, each a JSON object, into the event history.
func (t *Trail) Add(records ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range records {
		e := trailEvent{record: r}
		if err := json.Unmarshal([]byte(r), &e); err != nil {
			return fmt.Errorf("add record: %w", err)
		}
		t.events = append(t.events, e)
	}
	slices.SortStableFunc(t.events, func(a, b trailEvent) int { return b.Time.Compare(a.Time) })
	return nil
}

// Clear forgets the events.
func (t *Trail) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = nil
}

// Asked is the number of requests so far, those that were throttled among
// them.
func (t *Trail) Asked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked
}

// lookupRequest is the request, with times as seconds since 1970.
type lookupRequest struct {
	LookupAttributes []struct{ AttributeKey, AttributeValue string }
	StartTime        *float64
	EndTime          *float64
	EventCategory    string
	MaxResults       *int
	NextToken        string
}

// Handler answers LookupEvents for one account, in the region of the request's
// signature.
func (t *Trail) Handler(account string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		t.serve(w, req, account, Scope(req.Header).Region)
	})
}

func (t *Trail) serve(w http.ResponseWriter, req *http.Request, account, region string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked++
	var in lookupRequest
	if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
		refuseLookup(w, "SerializationException", err.Error())
		return
	}
	if !t.bucket(account + region).take(time.Now()) {
		refuseLookup(w, "ThrottlingException", "Rate exceeded")
		return
	}
	if code, message := in.fault(); code != "" {
		refuseLookup(w, code, message)
		return
	}
	offset, ok := in.offset()
	if !ok {
		refuseLookup(w, "InvalidNextTokenException", "the token is of a request with other parameters")
		return
	}
	in.answer(w, t.matches(&in, account, region), offset)
}

// fault is why CloudTrail would refuse the request.
func (in *lookupRequest) fault() (code, message string) {
	switch {
	case len(in.LookupAttributes) > 1:
		return "InvalidLookupAttributesException", "You can only specify one lookup attribute"
	case len(in.LookupAttributes) == 1 && !slices.Contains(lookupKeys, in.LookupAttributes[0].AttributeKey):
		return "InvalidLookupAttributesException", "no such attribute"
	case len(in.LookupAttributes) == 1 && (in.LookupAttributes[0].AttributeValue == "" || len(in.LookupAttributes[0].AttributeValue) > 2000):
		return "InvalidLookupAttributesException", "the value has no or too many characters"
	case in.MaxResults != nil && (*in.MaxResults < 1 || *in.MaxResults > lookupPage):
		return "InvalidMaxResultsException", "1 to 50"
	case in.StartTime != nil && in.EndTime != nil && *in.StartTime > *in.EndTime:
		return "InvalidTimeRangeException", "the start is after the end"
	}
	return "", ""
}

var lookupKeys = []string{"EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"}

// token is that of the page which begins at an offset. All that the request
// asks for is in it, since no later page may ask for anything else.
func (in *lookupRequest) token(offset int) string {
	same := *in
	same.NextToken = ""
	asked, _ := json.Marshal(same)
	return fmt.Sprintf("%d:%x", offset, asked)
}

func (in *lookupRequest) offset() (offset int, ok bool) {
	if in.NextToken == "" {
		return 0, true
	}
	_, err := fmt.Sscanf(in.NextToken, "%d:", &offset)
	return offset, err == nil && in.NextToken == in.token(offset)
}

func (t *Trail) matches(in *lookupRequest, account, region string) (found []trailEvent) {
	for _, e := range t.events {
		if e.Account == account && e.Region == region && in.covers(e.Time) && in.wants(&e) {
			found = append(found, e)
		}
	}
	return found
}

func (in *lookupRequest) covers(at time.Time) bool {
	seconds := float64(at.UnixMilli()) / 1000
	return time.Since(at) < lookupWindow &&
		(in.StartTime == nil || seconds >= *in.StartTime) && (in.EndTime == nil || seconds <= *in.EndTime)
}

// wants compares the attribute, whose value is case-sensitive.
func (in *lookupRequest) wants(e *trailEvent) bool {
	if len(in.LookupAttributes) == 0 {
		return true
	}
	key, wanted := in.LookupAttributes[0].AttributeKey, in.LookupAttributes[0].AttributeValue
	values := map[string][]string{"EventId": {e.ID}, "EventName": {e.Name}, "EventSource": {e.Source}, "Username": {e.User.Name}}
	for _, r := range e.Resources {
		values["ResourceName"] = append(values["ResourceName"], r.ARN)
	}
	return slices.Contains(values[key], wanted)
}

func (in *lookupRequest) answer(w http.ResponseWriter, all []trailEvent, offset int) {
	size := lookupPage
	if in.MaxResults != nil {
		size = *in.MaxResults
	}
	end := min(offset+size, len(all))
	answer := struct {
		Events    []map[string]any
		NextToken string `json:",omitempty"`
	}{Events: []map[string]any{}}
	for _, e := range all[min(offset, end):end] {
		answer.Events = append(answer.Events, map[string]any{
			"EventId": e.ID, "EventName": e.Name, "EventSource": e.Source, "ReadOnly": "false",
			"Username": cmp.Or(e.User.Name, "unknown"), "EventTime": e.Time.Unix(), "Resources": []any{}, "CloudTrailEvent": e.record,
		})
	}
	if end < len(all) {
		answer.NextToken = in.token(end)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(answer)
}

func refuseLookup(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}

// bucket holds the requests that may be made at once.
type bucket struct {
	tokens float64
	at     time.Time
}

func (t *Trail) bucket(key string) *bucket {
	if t.buckets[key] == nil {
		t.buckets[key] = &bucket{tokens: lookupRate, at: time.Now()}
	}
	return t.buckets[key]
}

func (b *bucket) take(now time.Time) bool {
	b.tokens = min(lookupRate, b.tokens+now.Sub(b.at).Seconds()*lookupRate)
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
