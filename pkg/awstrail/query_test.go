package awstrail

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// athenaIn answers for Athena without a network: with a table, with states of
// the query one after the other, and with pages of rows.
type athenaIn struct {
	t      *testing.T
	table  string
	states []string
	pages  [][][]*string
	calls  []string
	waits  []time.Duration // between the questions for the state
	last   time.Time
}

// ServeHTTP implements http.Handler.
func (a *athenaIn) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	_, action, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	if action == "" {
		deny(w, http.StatusForbidden, "AccessDenied", "no list of the bucket")
		return
	}
	var in struct{ NextToken string }
	check(a.t, json.NewDecoder(req.Body).Decode(&in))
	a.calls = append(a.calls, action)
	switch action {
	case "GetTableMetadata":
		answer(w, nil, `{"TableMetadata":`+a.table+`}`)
	case "StartQueryExecution":
		a.last = time.Now()
		answer(w, nil, `{"QueryExecutionId":"q-1"}`)
	case "GetQueryExecution":
		a.waits = append(a.waits, time.Since(a.last))
		a.last = time.Now()
		state := a.states[0]
		a.states = a.states[min(1, len(a.states)-1):]
		answer(w, nil, fmt.Sprintf(`{"QueryExecution":{"Status":{"State":%q,"StateChangeReason":"COLUMN_NOT_FOUND:\n line 3"},"Statistics":{"DataScannedInBytes":3000000000000}}}`, state))
	case "GetQueryResults":
		a.results(w, in.NextToken)
	default:
		answer(w, nil, "{}")
	}
}

func (a *athenaIn) results(w http.ResponseWriter, token string) {
	n := 0
	if token != "" {
		must(fmt.Sscanf(token, "page %d", &n))(a.t)
	}
	rows := resultRows(a.pages[n])
	if n > 0 {
		rows = rows[1:] // the names of the columns are on the first page alone
	}
	set := map[string]any{"ResultSet": map[string]any{"Rows": rows}}
	if n+1 < len(a.pages) {
		set["NextToken"] = fmt.Sprintf("page %d", n+1)
	}
	text, err := json.Marshal(set)
	answer(w, err, string(text))
}

func newAthena(t *testing.T, states ...string) *athenaIn {
	return &athenaIn{t: t, table: string(must(os.ReadFile("testdata/table.json"))(t)), states: states}
}

func (a *athenaIn) query(t *testing.T, o QueryOptions) *Query {
	t.Helper()
	o.Table = "db.trail"
	return must(New(config("us-east-1", without{a}, "")).Query(t.Context(), o))(t)
}

func agree(Quote) bool { return true }

// row is that of a change with an id.
func row(id string) []*string {
	cells := make([]*string, len(columns))
	cells[0], cells[1], cells[2] = &id, ptr("DeleteRole"), ptr("2000-01-01T00:00:00Z")
	return cells
}

func TestRowsComeInPages(t *testing.T) {
	a := newAthena(t, "SUCCEEDED")
	a.pages = [][][]*string{{row("a"), row("b")}, {row("c")}, {}, {row("d")}}
	q := a.query(t, QueryOptions{Confirm: agree})
	got, faults := ids(t, q)
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(got, want) || len(faults) > 0 {
		t.Errorf("%q, want %q; faults %q", got, want, faults)
	}
	if b := q.Bill(); b == nil || b.Bytes != 3_000_000_000_000 || b.USD != 15 {
		t.Errorf("bill %+v", b)
	}
}

// No rows at all are no fault.
func TestNoRows(t *testing.T) {
	a := newAthena(t, "SUCCEEDED")
	a.pages = [][][]*string{{}}
	if got, faults := ids(t, a.query(t, QueryOptions{Confirm: agree})); len(got)+len(faults) > 0 {
		t.Errorf("%q, faults %q", got, faults)
	}
}

func TestQueryIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAthena(t, slices.Concat([]string{"QUEUED"}, slices.Repeat([]string{"RUNNING"}, 12), []string{"SUCCEEDED"})...)
		a.pages = [][][]*string{{row("a")}}
		if got, faults := ids(t, a.query(t, QueryOptions{Confirm: agree})); len(got) != 1 || len(faults) > 0 {
			t.Errorf("%q, faults %q", got, faults)
		}
		if !slices.IsSorted(a.waits) || a.waits[1] != shortestWait || a.waits[len(a.waits)-1] != longestWait {
			t.Errorf("waits %v", a.waits)
		}
	})
}

func TestQueryThatFails(t *testing.T) {
	a := newAthena(t, "RUNNING", "FAILED")
	q := a.query(t, QueryOptions{Confirm: agree})
	_, faults := ids(t, q)
	want := []string{"the table db.trail of Athena: the query has FAILED: COLUMN_NOT_FOUND: line 3"}
	if diff := cmp.Diff(want, faults); diff != "" || q.Bill() != nil {
		t.Errorf("bill %+v, faults (-want +got):\n%s", q.Bill(), diff)
	}
}

// A query that nobody waits for would cost nevertheless.
func TestQueryIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAthena(t, "RUNNING")
		q := a.query(t, QueryOptions{Confirm: agree})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		got := scanned(t, ctx, q)
		if !got.Interrupted || len(got.Unreadable) > 0 || a.calls[len(a.calls)-1] != "StopQueryExecution" {
			t.Errorf("%+v after %q", got, a.calls)
		}
	})
}

func TestQueryIsAskedFor(t *testing.T) {
	f := newFront(t)
	logs := map[string][]byte{}
	for _, day := range []string{"1999/12/29", "1999/12/30", "1999/12/31", "2000/01/01"} {
		for _, where := range []string{account + "/CloudTrail/eu-west-1", member + "/CloudTrail/eu-west-1", account + "/CloudTrail-Digest/eu-west-1"} {
			logs["AWSLogs/"+org+"/"+where+"/"+day+"/a.json.gz"] = make([]byte, 1000)
		}
	}
	fill(t, f, logs)
	newEngine(t, f, "table.json", t.TempDir())
	for _, tt := range []struct {
		name    string
		o       QueryOptions
		objects int
		refused string // "": it is started
	}{
		{"cheap", QueryOptions{}, 8, ""},
		{"cheap as it is narrowed", QueryOptions{Narrow: Narrow{Accounts: []string{member}, From: noon, To: noon}}, 2, ""},
		{"dear, and nobody agrees", QueryOptions{Price: 3e5, Confirm: func(Quote) bool { return false }}, 8, "the query was not started: it reads up to 0.0 GB in 8 objects, for up to 3.00 USD, and it may cost 1.00 USD unasked. Narrow it"},
		{"dear, and nobody is there", QueryOptions{Price: 3e5}, 8, "for up to 3.00 USD"},
		{"dear, and somebody agrees", QueryOptions{Price: 3e5, Confirm: agree}, 8, ""},
		{"dear, and within the limit", QueryOptions{Price: 3e5, Limit: 4}, 8, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Table, tt.o.WorkGroup = "db.trail", "analysts"
			q := must(New(f.config()).Query(t.Context(), tt.o))(t)
			quote := must(q.DryRun(t.Context()))(t)
			if quote.Objects != tt.objects || quote.Bytes != int64(tt.objects)*1000 || quote.SQL != q.SQL() {
				t.Errorf("quote %+v", quote)
			}
			_, faults := ids(t, q)
			switch {
			case tt.refused == "" && len(faults) > 0, tt.refused != "" && (len(faults) != 1 || !strings.Contains(faults[0], tt.refused)):
				t.Errorf("faults %q, want %q", faults, tt.refused)
			}
			if bill := q.Bill(); tt.refused == "" && (bill == nil || bill.Bytes != 3_000_000_000 || math.Abs(bill.USD-3e9/1e12*q.options.Price) > 1e-9) {
				t.Errorf("bill %+v", bill)
			}
		})
	}
}

// Where S3 does not tell how much there is, somebody is asked.
func TestCostThatIsNotKnown(t *testing.T) {
	a := newAthena(t)
	quote := must(a.query(t, QueryOptions{}).DryRun(t.Context()))(t)
	want := "How much the query reads is not known: s3://trail-bucket/AWSLogs/o-abcdefghij/: AWS refused it: grant s3:ListBucket on arn:aws:s3:::trail-bucket (and 0 more places)."
	if quote.Bytes != -1 || quote.USD != 0 || !slices.Contains(quote.Notes, want) {
		t.Errorf("%+v", quote)
	}
	if err := a.query(t, QueryOptions{Limit: 1e9}).Approve(t.Context()); err == nil || !strings.Contains(err.Error(), "what it costs is not known") {
		t.Errorf("%v", err)
	}
	if slices.Contains(a.calls, "StartQueryExecution") {
		t.Error("the query was started")
	}
}

func TestQueryOptions(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		o          QueryOptions
	}{
		{"no database", "one is written DATABASE.TABLE", QueryOptions{Table: "trail"}},
		{"SQL in the name", "is no table of Athena", QueryOptions{Table: `db.trail"; DROP TABLE x; --`}},
		{"a line in the name", `"db.trail\n" is no table`, QueryOptions{Table: "db.trail\n"}},
		{"a long database", "is no table of Athena", QueryOptions{Table: strings.Repeat("a", 256) + ".trail"}},
		{"a long table", "is no table of Athena", QueryOptions{Table: "db." + strings.Repeat("a", 256)}},
		{"a workgroup", "is no workgroup", QueryOptions{Table: "db.trail", WorkGroup: "a b"}},
		{"a long workgroup", "is no workgroup", QueryOptions{Table: "db.trail", WorkGroup: strings.Repeat("a", 129)}},
		{"an output", "is no place in S3", QueryOptions{Table: "db.trail", Output: "https://x"}},
		{"a price", "below zero", QueryOptions{Table: "db.trail", Price: -1}},
		{"an account", "is no account id", QueryOptions{Table: "db.trail", Narrow: Narrow{Accounts: []string{"' OR '1'='1"}}}},
		{"a region", "is no region", QueryOptions{Table: "db.trail", Narrow: Narrow{Regions: []string{"eu-west-1'"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := newAthena(t)
			_, err := New(config("us-east-1", without{a}, "")).Query(t.Context(), tt.o)
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(a.calls) > 0 {
				t.Errorf("%v, want %q; calls %q", err, tt.want, a.calls)
			}
		})
	}
}

func TestTableThatIsNone(t *testing.T) {
	a := newAthena(t)
	a.table = `{"Name":"trail","Columns":[{"Name":"eventTime","Type":"string"},{"Name":"useridentity","Type":"string"}]}`
	_, err := New(config("us-east-1", without{a}, "")).Query(t.Context(), QueryOptions{Table: "db.trail"})
	want := "the table db.trail is none of CloudTrail's logs as AWS documents it: it has no column eventname, errorcode, requestparameters, useridentity.principalid, useridentity.username"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
}
