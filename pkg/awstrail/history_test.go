package awstrail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/awstest"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// cloud answers LookupEvents by the stand-in, and says of which account the
// credentials are.
type cloud struct {
	*awstest.Trail
	before func(http.ResponseWriter, *http.Request) bool // true: it has answered
	asked  map[string]int                                // requests that were answered, by region
}

// ServeHTTP implements http.Handler. One request comes at a time.
func (c *cloud) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	from := awstest.Scope(req.Header)
	switch {
	case from.Service == "sts":
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>", account)
	case c.before != nil && c.before(w, req):
	default:
		c.asked[from.Region]++
		c.Handler(account).ServeHTTP(w, req)
	}
}

func newCloud(t *testing.T, events []event) *cloud {
	t.Helper()
	c := &cloud{Trail: awstest.NewTrail(), asked: map[string]int{}}
	for _, e := range events {
		check(t, c.Add(e.text))
	}
	return c
}

// one lets one request through at a time.
type one struct {
	http.Handler
	turn chan struct{}
}

// ServeHTTP implements http.Handler.
func (o one) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	o.turn <- struct{}{}
	defer func() { <-o.turn }()
	o.Handler.ServeHTTP(w, req)
}

func (c *cloud) aws() *AWS {
	return New(config("eu-west-1", without{one{c, make(chan struct{}, 1)}}, ""))
}

// scanned is what a scan finds, without what differs between sources.
func scanned(t *testing.T, ctx context.Context, source scan.Source) *scan.Result {
	t.Helper()
	return must((&scan.Scanner{}).Scan(ctx, source))(t)
}

// ids are those of the events that the inputs have, in order.
func ids(t *testing.T, source scan.Source) (all []string, faults []string) {
	t.Helper()
	for in, err := range source.Inputs(t.Context()) {
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		r := must(in.Open(t.Context()))(t)
		for d := json.NewDecoder(r); ; {
			var one struct{ EventID string }
			if err := d.Decode(&one); err == io.EOF {
				break
			} else {
				check(t, err)
			}
			all = append(all, one.EventID)
		}
	}
	slices.Sort(all)
	return all, faults
}

var both = []string{"eu-west-1", "us-east-1"}

// The regions are searched side by side, and none is asked so often that the
// stand-in would throttle: it takes two requests a second.
func TestHistoryIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both}))(t)
		began := time.Now()
		got, faults := ids(t, h)
		// 120 calls, one CreateRole, one UpdateAssumeRolePolicy and a DeleteRole.
		if len(got) != 123 || len(faults) > 0 {
			t.Errorf("%d events, faults %q", len(got), faults)
		}
		if want := map[string]int{"eu-west-1": 2, "us-east-1": 2 + 9}; !cmp.Equal(c.asked, want) {
			t.Errorf("requests %v, want %v: one may have been throttled", c.asked, want)
		}
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("it took %v, want 5s", took)
		}
	})
}

func TestHistoryOfATime(t *testing.T) {
	now := synctestBegin
	for _, tt := range []struct {
		name     string
		o        HistoryOptions
		from, to time.Time
		events   int
	}{
		{"since", HistoryOptions{Since: 24 * time.Hour}, now.Add(-24 * time.Hour), now, 17 + 3},
		{"from and to", HistoryOptions{From: noon, To: noon.Add(70 * time.Minute)}, noon, noon.Add(70 * time.Minute), 11 + 1},
		{"all", HistoryOptions{}, now.Add(-90 * 24 * time.Hour), now, 123},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCloud(t, happened(account))
				tt.o.Regions = both
				h := must(c.aws().History(t.Context(), tt.o))(t)
				got, faults := ids(t, h)
				if len(got) != tt.events || len(faults) > 0 {
					t.Errorf("%d events, want %d; faults %q", len(got), tt.events, faults)
				}
				if from, to := h.Range(); !from.Equal(tt.from) || !to.Equal(tt.to) {
					t.Errorf("from %v to %v", from, to)
				}
			})
		})
	}
}

// The changes of IAM are looked for where they are recorded.
func TestHistoryOfOneRegionHasChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		h := must(c.aws().History(t.Context(), HistoryOptions{Regions: []string{"eu-west-1"}}))(t)
		if got, faults := ids(t, h); len(got) != 63 || len(faults) > 0 || c.asked["us-east-1"] != 9 {
			t.Errorf("%d events, faults %q, requests %v", len(got), faults, c.asked)
		}
	})
}

// Another program of the account takes its share of the two requests a second.
func TestHistoryIsThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		n := 0
		c.before = func(w http.ResponseWriter, _ *http.Request) bool {
			if n++; n%3 == 0 {
				return false
			}
			refuse(w, "ThrottlingException", "Rate exceeded")
			return true
		}
		h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both}))(t)
		if got, faults := ids(t, h); len(got) != 123 || len(faults) > 0 {
			t.Errorf("%d events, faults %q", len(got), faults)
		}
	})
}

func refuse(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}

// A region that cannot be searched is told, and the others are searched.
func TestHistoryOfARegionIsRefused(t *testing.T) {
	for _, tt := range []struct{ code, want string }{
		{"AccessDeniedException", "the event history of eu-west-1, AssumeRoleWithWebIdentity: AWS refused it: grant cloudtrail:LookupEvents on *"},
		{"UnrecognizedClientException", "the event history of eu-west-1, AssumeRoleWithWebIdentity: AWS does not take the credentials there (UnrecognizedClientException): is the region enabled for the account?"},
		{"InvalidTimeRangeException", "the event history of eu-west-1, AssumeRoleWithWebIdentity: AWS answered InvalidTimeRangeException: no"},
	} {
		t.Run(tt.code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCloud(t, happened(account))
				c.before = func(w http.ResponseWriter, req *http.Request) bool {
					if awstest.Scope(req.Header).Region != "eu-west-1" {
						return false
					}
					refuse(w, tt.code, "no")
					return true
				}
				h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both}))(t)
				got, faults := ids(t, h)
				if diff := cmp.Diff([]string{tt.want}, faults); diff != "" || len(got) != 63 {
					t.Errorf("%d events, faults (-want +got):\n%s", len(got), diff)
				}
			})
		})
	}
}

// That the history does not reach as far back as was asked for is told, of a
// scan that goes on by the time at which it began.
func TestHistoryIsShort(t *testing.T) {
	for _, tt := range []struct {
		name string
		o    HistoryOptions
		want bool
	}{
		{"all", HistoryOptions{}, false},
		{"all of its days", HistoryOptions{Since: historyLength}, false},
		{"more days", HistoryOptions{Since: historyLength + 24*time.Hour}, true},
		{"a time before", HistoryOptions{From: synctestBegin.AddDate(-1, 0, 0)}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newCloud(t, nil)
				tt.o.Regions, tt.o.State = both, filepath.Join(t.TempDir(), "state")
				for range 2 {
					h := must(c.aws().History(t.Context(), tt.o))(t)
					notes := strings.Join(h.Notes(), "")
					if (notes != "") != tt.want || tt.want && !strings.Contains(notes, "90 days: of the time before 1999-10-03") {
						t.Errorf("notes %q", notes)
					}
					<-time.After(24 * time.Hour)
				}
			})
		})
	}
}

// Whatever is refused for one reason is told once.
func TestRefusalsOfARegion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		c.before = func(w http.ResponseWriter, req *http.Request) bool {
			body := must(io.ReadAll(req.Body))(t)
			req.Body = io.NopCloser(strings.NewReader(string(body)))
			switch {
			case strings.Contains(string(body), "Provider"):
				refuse(w, "AccessDeniedException", "no")
			case strings.Contains(string(body), `"DeleteRole"`):
				refuse(w, "InvalidTimeRangeException", "no")
			default:
				return false
			}
			return true
		}
		h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both}))(t)
		_, faults := ids(t, h)
		want := []string{
			"the event history of us-east-1, DeleteRole: AWS answered InvalidTimeRangeException: no",
			"the event history of us-east-1, CreateOpenIDConnectProvider and 4 names more: AWS refused it: grant cloudtrail:LookupEvents on *",
		}
		if diff := cmp.Diff(want, faults); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
	})
}

// interrupted scans until a number of requests was made.
func interrupted(t *testing.T, c *cloud, state string, requests int) *scan.Result {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	c.before = func(http.ResponseWriter, *http.Request) bool {
		if n++; n > requests {
			cancel()
		}
		return false
	}
	defer func() { c.before = nil }()
	h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both, Since: 60 * time.Hour, State: state}))(t)
	return scanned(t, ctx, h)
}

// Wherever a scan is interrupted, one that goes on finds what a scan without
// interruption finds, in its range of time, and asks for no page twice but
// that in which it was.
func TestHistoryGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := scanned(t, t.Context(), must(newCloud(t, shifted(0)).aws().History(t.Context(), HistoryOptions{Regions: both, Since: 60 * time.Hour}))(t))
		if len(whole.Incidents) == 0 {
			t.Fatal("no incidents")
		}
		for requests := range 14 {
			began := time.Now().Truncate(time.Second)
			c := newCloud(t, shifted(began.Sub(synctestBegin)))
			state := filepath.Join(t.TempDir(), "state")
			part := interrupted(t, c, state, requests)
			if !part.Interrupted {
				t.Fatalf("%d requests: not interrupted", requests)
			}
			before := c.Asked()
			<-time.After(time.Hour)
			h := must(c.aws().History(t.Context(), HistoryOptions{Regions: both, Since: 60 * time.Hour, State: state}))(t)
			if from, to := h.Range(); !to.Equal(began) || !from.Equal(began.Add(-60*time.Hour)) {
				t.Errorf("%d requests: goes on from %v to %v", requests, from, to)
			}
			got := scanned(t, t.Context(), h)
			if diff := cmp.Diff(counts(whole), counts(got)); diff != "" || len(got.Unreadable) > 0 {
				t.Errorf("%d requests: incidents (-want +got):\n%s\n%+v", requests, diff, got.Unreadable)
			}
			if n := before + c.Asked(); n > 2*14+2 {
				t.Errorf("%d requests: %d in all", requests, n)
			}
			check(t, h.Forget())
			if _, err := os.Stat(state); !os.IsNotExist(err) {
				t.Errorf("the state file is still there: %v", err)
			}
		}
	})
}

// synctestBegin is the time at which synctest begins.
var synctestBegin = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// shifted are the events, later by some time, with so many in one second that
// a page ends within it.
func shifted(by time.Duration) []event {
	all := happened(account)
	for i := range 60 {
		all = append(all, call(300+i, account, "us-east-1", noon.Add(8*time.Hour), identity{actions, "sts.amazonaws.com", "repo:o/burst:pull_request"}, nil))
	}
	for i := range all {
		all[i].text = strings.Replace(all[i].text, all[i].at.Format(time.RFC3339), all[i].at.Add(by).Format(time.RFC3339), 1)
	}
	return all
}

// counts are the incidents with how often each was.
func counts(r *scan.Result) map[string]int {
	all := map[string]int{}
	for _, i := range r.Incidents {
		all[i.Fingerprint] = i.Count
	}
	return all
}

// A scan that was complete brings the same again, without a request.
func TestHistoryThatIsCompleteIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		o := HistoryOptions{Regions: both, State: filepath.Join(t.TempDir(), "state")}
		first := scanned(t, t.Context(), must(c.aws().History(t.Context(), o))(t))
		asked := c.Asked()
		again := scanned(t, t.Context(), must(c.aws().History(t.Context(), o))(t))
		if diff := cmp.Diff(first.Incidents, again.Incidents); diff != "" || c.Asked() != asked {
			t.Errorf("%d requests more; incidents (-want +got):\n%s", c.Asked()-asked, diff)
		}
		text := string(must(os.ReadFile(o.State))(t))
		if strings.Contains(text, "SESSIONTOKEN") {
			t.Error("the state file has what calls that succeeded have brought")
		}
		if info := must(os.Stat(o.State))(t); info.Mode().Perm() != 0o600 {
			t.Errorf("the state file has the mode %v", info.Mode())
		}
	})
}

// CloudTrail may answer a page without events, which tells of no time.
func TestStateOfAnEmptyPage(t *testing.T) {
	j := journal{reached: map[string]reached{}}
	for n, line := range []string{
		`{"region":"eu-west-1","name":"CreateRole","until":"1999-12-31T00:00:00Z","records":["{}"]}`,
		`{"region":"eu-west-1","name":"CreateRole"}`,
	} {
		check(t, j.line(n+2, []byte(line)))
	}
	if got := j.reached["eu-west-1 CreateRole"]; !got.Until.Equal(noon.Add(12*time.Hour)) || got.Done || j.kept != 2 {
		t.Errorf("%+v, %d bytes", got, j.kept)
	}
}

// A file that was cut amid a line goes on at the line before.
func TestStateFileThatWasCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(t, happened(account))
		o := HistoryOptions{Regions: both, State: filepath.Join(t.TempDir(), "state")}
		whole := scanned(t, t.Context(), must(c.aws().History(t.Context(), o))(t))
		text := must(os.ReadFile(o.State))(t)
		check(t, os.WriteFile(o.State, text[:len(text)*2/3], 0o600))
		again := scanned(t, t.Context(), must(c.aws().History(t.Context(), o))(t))
		if diff := cmp.Diff(whole.Incidents, again.Incidents); diff != "" {
			t.Errorf("incidents (-want +got):\n%s", diff)
		}
		if got := must(os.ReadFile(o.State))(t); strings.Count(string(got), "\n") != strings.Count(string(text), "\n") {
			t.Errorf("the file has become:\n%.2000s", got)
		}
	})
}

func TestStateFileThatIsNone(t *testing.T) {
	const head = `{"schema":"rolewhy.lookup/1","account":"111122223333","regions":["eu-west-1"],"since":"24h0m0s","from":"1999-12-31T00:00:00Z","to":"2000-01-01T00:00:00Z"}` + "\n"
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "it has no line"},
		{"something else", "hello\n", "line 1: it is none of a scan"},
		{"of a later version", `{"schema":"rolewhy.lookup/2"}` + "\n", "line 1: it is none of a scan"},
		{"damaged", head + "{\n", "line 2: unexpected end"},
		{"of another account", strings.Replace(head, "1111", "9999", 1), "is of another scan (of account 999922223333"},
		{"of other regions", strings.Replace(head, "eu-west-1", "eu-west-2", 1), "is of another scan"},
		{"of another time", strings.Replace(head, "24h", "25h", 1), "is of another scan"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := filepath.Join(t.TempDir(), "state")
			check(t, os.WriteFile(state, []byte(tt.text), 0o600))
			c := newCloud(t, nil)
			_, err := c.aws().History(t.Context(), HistoryOptions{Regions: []string{"eu-west-1"}, Since: 24 * time.Hour, State: state})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "remove it to begin anew") {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if got := string(must(os.ReadFile(state))(t)); got != tt.text {
				t.Errorf("the file was changed to %q", got)
			}
		})
	}
}

func TestHistoryOptions(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		o          HistoryOptions
	}{
		{"no region", "no region was given", HistoryOptions{}},
		{"no such region", "is no region", HistoryOptions{Regions: []string{"all"}}},
		{"two beginnings", "two beginnings", HistoryOptions{Regions: both, Since: time.Hour, From: noon}},
		{"an end before the beginning", "before it begins", HistoryOptions{Regions: both, From: noon, To: noon.Add(-time.Hour)}},
		{"a file in no folder", "no such file or directory", HistoryOptions{Regions: both, State: filepath.Join(t.TempDir(), "no", "state")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := newCloud(t, nil).aws().History(t.Context(), tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
