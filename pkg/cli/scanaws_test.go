package cli

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// trails answers for S3, CloudTrail and Athena with the logs of a folder.
type trails struct {
	t       *testing.T
	objects map[string]string // by key

	mu      sync.Mutex
	asked   []string
	refused string // a part of what is refused: a target, or of what is asked
}

// trailsOf leads the environment to the logs of a folder.
func trailsOf(t *testing.T, logs string) *trails {
	t.Helper()
	ambient(t, withKeys...)
	a := &trails{t: t, objects: map[string]string{}}
	for _, path := range filesBelow(t, logs) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		key, err := filepath.Rel(filepath.Dir(logs), path)
		if err != nil {
			t.Fatal(err)
		}
		a.objects[filepath.ToSlash(key)] = string(text)
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	return a
}

func (a *trails) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	target := req.Header.Get("X-Amz-Target")
	target = target[strings.LastIndexByte(target, '.')+1:]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, target+string(body))
	switch {
	case target != "" && a.refused != "" && strings.Contains(target+string(body), a.refused):
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type":"AccessDeniedException","message":"no"}`)
	case target == "LookupEvents":
		io.WriteString(w, a.events(string(body)))
	case target != "":
		io.WriteString(w, a.athena(target))
	case strings.Contains(string(body), "GetCallerIdentity"):
		io.WriteString(w, xmlOf("GetCallerIdentity", "<Account>"+liveAccount+"</Account>"))
	case strings.HasSuffix(req.URL.Path, "/listRegions"):
		io.WriteString(w, `{"Regions":[{"RegionName":"eu-west-1"},{"RegionName":"us-east-1"}]}`)
	case req.URL.Query().Get("list-type") == "2":
		io.WriteString(w, a.list(req.URL.Query().Get("prefix"), req.URL.Query().Get("delimiter")))
	default:
		_, key, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
		io.WriteString(w, a.objects[key])
	}
}

// list is a page of ListObjectsV2.
func (a *trails) list(prefix, delimiter string) string {
	var page struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []struct {
			Key  string
			Size int
		}
		CommonPrefixes []struct{ Prefix string }
	}
	seen := map[string]bool{}
	for key, text := range a.objects {
		rest, ok := strings.CutPrefix(key, prefix)
		folder, _, below := strings.Cut(rest, "/")
		switch {
		case !ok:
		case delimiter != "" && below:
			if !seen[folder] {
				page.CommonPrefixes = append(page.CommonPrefixes, struct{ Prefix string }{prefix + folder + "/"})
			}
			seen[folder] = true
		default:
			page.Contents = append(page.Contents, struct {
				Key  string
				Size int
			}{key, len(text)})
		}
	}
	text, err := xml.Marshal(page)
	if err != nil {
		a.t.Error(err)
	}
	return string(text)
}

// events is what LookupEvents answers: all records of a name, in one page.
func (a *trails) events(asked string) string {
	var events []map[string]any
	for _, text := range a.objects {
		var log struct{ Records []map[string]any }
		if err := json.Unmarshal([]byte(text), &log); err != nil {
			a.t.Error(err)
		}
		for _, r := range log.Records {
			if strings.Contains(asked, fmt.Sprintf(`"AttributeValue":"%v"`, r["eventName"])) {
				record, _ := json.Marshal(r)
				at, _ := time.Parse(time.RFC3339, fmt.Sprint(r["eventTime"]))
				events = append(events, map[string]any{"EventId": r["eventID"], "EventTime": at.Unix(), "CloudTrailEvent": string(record)})
			}
		}
	}
	answer, _ := json.Marshal(map[string]any{"Events": events})
	return string(answer)
}

// trailTable has the columns of
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html
const trailTable = `{"TableMetadata":{"Name":"trail","Columns":[
	{"Name":"useridentity","Type":"struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,username:string>"},
	{"Name":"eventid","Type":"string"},{"Name":"eventtime","Type":"string"},{"Name":"eventsource","Type":"string"},{"Name":"eventname","Type":"string"},
	{"Name":"awsregion","Type":"string"},{"Name":"recipientaccountid","Type":"string"},{"Name":"requestid","Type":"string"},
	{"Name":"sourceipaddress","Type":"string"},{"Name":"useragent","Type":"string"},{"Name":"errorcode","Type":"string"},
	{"Name":"errormessage","Type":"string"},{"Name":"vpcendpointid","Type":"string"},{"Name":"requestparameters","Type":"string"},
	{"Name":"additionaleventdata","Type":"string"},{"Name":"resources","Type":"array<struct<arn:string,accountid:string,type:string>>"},
	{"Name":"tlsdetails","Type":"struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"}],
	"PartitionKeys":[{"Name":"region","Type":"string"},{"Name":"date","Type":"date"}],
	"Parameters":{"location":"s3://trail-logs/AWSLogs/"}}}`

// athena answers that a query has found nothing but the names of its columns.
func (a *trails) athena(target string) string {
	switch target {
	case "GetTableMetadata":
		return trailTable
	case "StartQueryExecution":
		return `{"QueryExecutionId":"q-1"}`
	case "GetQueryExecution":
		return `{"QueryExecution":{"Status":{"State":"SUCCEEDED"},"Statistics":{"DataScannedInBytes":2000000000}}}`
	}
	return `{"ResultSet":{"Rows":[{"Data":[]}]}}`
}

// started is whether a query was.
func (a *trails) started() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, asked := range a.asked {
		if strings.HasPrefix(asked, "StartQueryExecution") {
			return true
		}
	}
	return false
}

func TestScanOfABucket(t *testing.T) {
	logs, account := sampleLogs(t)
	_, want, _ := scans(t, &Command{}, logs, "--account", account, "-o", "jsonl")
	trailsOf(t, logs)
	code, got, stderr := scans(t, &Command{}, "s3://trail-logs/AWSLogs/", "--account", account, "-o", "jsonl")
	if code != 0 || stderr != "" || got != want {
		t.Errorf("exit %d, %s, %d bytes, want %d", code, stderr, len(got), len(want))
	}
	_, got, _ = scans(t, &Command{}, "s3://trail-logs/AWSLogs/", "--account-id", "123456789012", "-o", "jsonl")
	if n := strings.Count(got, "\n"); n != 1 {
		t.Errorf("%d incidents of one account", n)
	}
	code, got, stderr = scans(t, &Command{}, "s3://trail-logs/nothing/")
	if code != exitFailure || !strings.Contains(stderr, "s3://trail-logs/nothing/: there are no logs") {
		t.Errorf("exit %d, %s\n%s", code, stderr, got)
	}
	code, got, stderr = scans(t, &Command{}, "s3://trail-logs/AWSLogs/", logs, "-", "--dry-run")
	for _, part := range []string{"standard input: its size is not known\n", "\n8 files, ", "\ns3://trail-logs/AWSLogs/: 8 objects, "} {
		if code != 0 || !strings.Contains("\n"+got, part) {
			t.Errorf("exit %d, %s: no %q in\n%s", code, stderr, part, got)
		}
	}
}

// Within its range of time, the event history has the same incidents.
func TestScanOfTheHistory(t *testing.T) {
	logs, account := sampleLogs(t)
	_, want, _ := scans(t, &Command{}, logs, "--account", account, "-o", "jsonl")
	a := trailsOf(t, logs)
	state := filepath.Join(t.TempDir(), "state")
	args := []string{"--since", "30000d", "--account", account, "-o", "jsonl", "--state", state}
	a.refused = `"AttributeValue":"CreateRole"`
	code, _, stderr := scans(t, &Command{}, args...)
	if _, err := os.Stat(state); code != exitFailure || err != nil || !strings.Contains(stderr, "grant cloudtrail:LookupEvents") || !strings.Contains(stderr, "goes on from here") {
		t.Errorf("exit %d, %v, %s", code, err, stderr)
	}
	a.refused = ""
	code, got, stderr := scans(t, &Command{}, args...)
	const note = "rolewhy: CloudTrail keeps its event history for 90 days: "
	if _, err := os.Stat(state); code != 0 || !strings.HasPrefix(stderr, note) || strings.Count(stderr, "\n") != 1 || got != want || !os.IsNotExist(err) {
		t.Errorf("exit %d, %v, %s, %d bytes, want %d", code, err, stderr, len(got), len(want))
	}
	code, got, stderr = scans(t, &Command{}, "--since", "24h", "--region", "all", "--dry-run")
	if code != 0 || !strings.HasPrefix(got, "the event history of eu-west-1, us-east-1 from ") || strings.Contains(got, "90 days") {
		t.Errorf("exit %d, %s\n%s", code, stderr, got)
	}
	_, got, _ = scans(t, &Command{}, "--since", "200d", "--dry-run")
	if !strings.Contains(got, "CloudTrail keeps its event history for 90 days: ") {
		t.Errorf("nothing tells how far the history goes back:\n%s", got)
	}
}

// Where all is refused, that is told once for each region, and nothing is said
// to go on.
func TestScanOfARefusedHistory(t *testing.T) {
	logs, _ := sampleLogs(t)
	trailsOf(t, logs).refused = "LookupEvents"
	state := filepath.Join(t.TempDir(), "state")
	code, _, stderr := scans(t, &Command{}, "--since", "24h", "--region", "eu-west-1,us-east-1", "--state", state)
	if _, err := os.Stat(state); code != exitFailure || !os.IsNotExist(err) || strings.Contains(stderr, "goes on from here") {
		t.Errorf("exit %d, %v, %s", code, err, stderr)
	}
	for _, line := range []string{
		"rolewhy: the event history of eu-west-1, AssumeRoleWithWebIdentity: AWS refused it: grant cloudtrail:LookupEvents on *\n",
		"rolewhy: the event history of us-east-1, AssumeRoleWithWebIdentity and 9 names more: AWS refused it: grant cloudtrail:LookupEvents on *\n",
	} {
		if !strings.Contains(stderr, line) {
			t.Errorf("no %q in\n%s", line, stderr)
		}
	}
	if n := strings.Count(stderr, "cloudtrail:LookupEvents"); n != 2 {
		t.Errorf("told %d times:\n%s", n, stderr)
	}
}

func TestScanByAthena(t *testing.T) {
	logs, _ := sampleLogs(t)
	athena := []string{"--athena", "db.trail", "--price", "1000"}
	for _, tt := range []struct {
		name    string
		command Command
		args    []string
		code    int
		stderr  string
		started bool
	}{
		{"below the limit", Command{}, []string{"--max-cost", "1000"}, 0, "the query of Athena reads at most 2.1 MB in 8 objects, for 0.01 USD at most", true},
		{"the bill", Command{}, nil, 0, "Athena has read 2.0 GB, for 2.00 USD", true},
		{"nobody to ask", Command{}, []string{"--max-cost", "0.001"}, exitFailure, "it may cost more than 0.001 USD, and nobody is at a terminal to be asked. Give --max-cost USD or --yes", false},
		{"unasked", Command{}, []string{"--max-cost", "0.001", "--yes"}, 0, "Athena has read", true},
		{"agreed", Command{Asks: true, Stdin: strings.NewReader("y\n")}, []string{"--max-cost", "0.001"}, 0, "start the query? [y/N]", true},
		{"not agreed", Command{Asks: true, Stdin: strings.NewReader("\n")}, []string{"--max-cost", "0.001"}, exitFailure, "the query was not started, since nobody agreed", false},
		{"gone", Command{Asks: true}, []string{"--max-cost", "0.001"}, exitFailure, "the query was not started", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := trailsOf(t, logs)
			code, stdout, stderr := scans(t, &tt.command, append(athena, tt.args...)...)
			if code != tt.code || !strings.Contains(stderr, tt.stderr) || a.started() != tt.started {
				t.Errorf("exit %d, started: %v, %s\n%s", code, a.started(), stderr, stdout)
			}
		})
	}
	t.Run("dry run", func(t *testing.T) {
		a := trailsOf(t, logs)
		code, stdout, stderr := scans(t, &Command{}, append(athena, "--dry-run", "--from", "2026-01-01", "--region", "eu-west-1,us-east-1")...)
		if code != 0 || stderr != "" || a.started() || !strings.Contains(stdout, "FROM \"db\".\"trail\"\nWHERE") {
			t.Errorf("exit %d, %s\n%s", code, stderr, stdout)
		}
		golden(t, filepath.Join("testdata", "scan", "athena-dry-run.txt"), stdout)
	})
}
