package awstrail

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// documented is the table of testdata with other partitions.
func documented(t *testing.T, keys []partitionKey, parameters map[string]string) *table {
	t.Helper()
	var m types.TableMetadata
	check(t, json.Unmarshal(must(os.ReadFile("testdata/table.json"))(t), &m))
	if keys != nil {
		m.PartitionKeys = nil
		for _, k := range keys {
			m.PartitionKeys = append(m.PartitionKeys, types.Column{Name: &k.name, Type: &k.kind})
		}
		m.Parameters = map[string]string{"location": "s3://trail-bucket/AWSLogs/111122223333/CloudTrail/"}
	}
	maps.Copy(m.Parameters, parameters)
	return must(tableOf("db", "trail", &m))(t)
}

// save writes a table as GetTableMetadata answers it.
func (a *table) save(t *testing.T) string {
	t.Helper()
	type column struct{ Name, Type string }
	out := struct{ Columns, PartitionKeys []column }{PartitionKeys: []column{}}
	for _, name := range slices.Sorted(maps.Keys(a.columns)) {
		out.Columns = append(out.Columns, column{name, a.columns[name]})
	}
	for _, k := range a.keys {
		out.PartitionKeys = append(out.PartitionKeys, column{k.name, k.kind})
	}
	path := filepath.Join(t.TempDir(), "table.json")
	check(t, os.WriteFile(path, must(json.Marshal(out))(t), 0o644))
	return path
}

var partitioned = []struct {
	name       string
	keys       []partitionKey
	parameters map[string]string
	notes      int // of what is not narrowed
}{
	{"organization", nil, nil, 0},
	{"days", []partitionKey{{"timestamp", "string"}}, map[string]string{"projection.enabled": "true", "projection.timestamp.type": "date", "projection.timestamp.format": "yyyy/MM/dd"}, 2},
	{"numbers", []partitionKey{{"region", "string"}, {"year", "string"}, {"month", "string"}, {"day", "int"}}, nil, 2},
	{"none", []partitionKey{}, nil, 3},
}

// The SQL selects what the reader of the records takes to matter, of what is
// asked for.
func TestQuerySelectsWhatMatters(t *testing.T) {
	caller := identity{actions, "sts.amazonaws.com", "repo:o/r:ref:refs/heads/'main'"}
	events := slices.Concat(happened(account), happened(member), []event{
		call(300, account, "us-east-1", noon.Add(2*time.Hour), caller, map[string]any{"errorCode": nil}),
		call(301, account, "us-east-1", noon.Add(2*time.Hour), caller, map[string]any{"errorMessage": nil}),
		change(302, account, noon.Add(2*time.Hour), "DeleteRole", map[string]any{"roleName": "x"}, map[string]any{"errorMessage": "no"}),
		change(303, account, noon.Add(2*time.Hour), "DeleteRole", map[string]any{"roleName": "x"}, map[string]any{"errorCode": "NoSuchEntity"}),
	})
	folder := folderWith(t, objects(t, events))
	n := Narrow{Accounts: []string{account}, Regions: []string{"us-east-1"}, From: noon.Add(time.Hour), To: noon.Add(11 * time.Hour)}
	for _, tt := range partitioned {
		for what, n := range map[string]Narrow{"all": {}, "some": n} {
			t.Run(tt.name+" "+what, func(t *testing.T) {
				table := documented(t, tt.keys, tt.parameters)
				rows := must(duck(t.Context(), table.save(t), folder, table.query(n)))(t)
				if diff := cmp.Diff(wanted(t, events, n), rebuilt(t, rows)); diff != "" {
					t.Errorf("events (-want +got):\n%s\n%s", diff, table.query(n))
				}
			})
		}
	}
}

// wanted are the events that matter, by id.
func wanted(t *testing.T, events []event, n Narrow) map[string]*cloudtrail.Event {
	t.Helper()
	all := map[string]*cloudtrail.Event{}
	for _, e := range events {
		ev := parsed(t, e.text)
		inTime := (n.From.IsZero() || !ev.Time.Before(n.From)) && (n.To.IsZero() || !ev.Time.After(n.To))
		if ev.Matters() && n.wants(folder{account: e.account, region: e.region}) && (inTime || !ev.IsWebIdentity()) {
			all[ev.ID] = ev
		}
	}
	return all
}

// rebuilt are the events of rows, by id.
func rebuilt(t *testing.T, rows [][]*string) map[string]*cloudtrail.Event {
	t.Helper()
	all := map[string]*cloudtrail.Event{}
	for _, cells := range rows {
		ev := parsed(t, string(must(record(rowOf(cells)))(t)))
		all[ev.ID] = ev
	}
	return all
}

func rowOf(cells []*string) (r types.Row) {
	for _, c := range cells {
		r.Data = append(r.Data, types.Datum{VarCharValue: c})
	}
	return r
}

// parsed reads a record, without what depends on the text alone.
func parsed(t *testing.T, text string) *cloudtrail.Event {
	t.Helper()
	for ev, err := range cloudtrail.NewReader(strings.NewReader(text), "test").Events() {
		check(t, err)
		if ev.Parameters != nil {
			var v any
			check(t, json.Unmarshal(ev.Parameters, &v))
			ev.Parameters = must(json.Marshal(v))(t)
		}
		return ev
	}
	t.Fatalf("no event in %s", text)
	return nil
}

func TestQueryText(t *testing.T) {
	n := Narrow{Accounts: []string{account, member}, Regions: both, From: noon, To: noon.Add(time.Hour)}
	for _, tt := range partitioned {
		t.Run(tt.name, func(t *testing.T) {
			golden(t, filepath.Join("testdata", tt.name+".sql"), documented(t, tt.keys, tt.parameters).query(n)+"\n")
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		check(t, os.WriteFile(path, []byte(got), 0o644))
	}
	if diff := cmp.Diff(string(must(os.ReadFile(path))(t)), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestPartitionsNarrow(t *testing.T) {
	n := Narrow{Accounts: []string{account}, Regions: both, From: noon, To: noon}
	for _, tt := range partitioned {
		t.Run(tt.name, func(t *testing.T) {
			_, notes := documented(t, tt.keys, tt.parameters).narrows(n)
			if len(notes) != tt.notes {
				t.Errorf("%q, want %d", notes, tt.notes)
			}
		})
	}
}

// What a query costs is told of the days of all partitions that it selects,
// and of no others.
func TestCostIsOfWholePartitions(t *testing.T) {
	dt := []partitionKey{{"dt", "date"}}
	ymd := []partitionKey{{"year", "int"}, {"month", "string"}, {"day", "int"}}
	rapid.Check(t, func(t *rapid.T) {
		n, of := narrow(t), &table{keys: rapid.SampledFrom([][]partitionKey{dt, ymd[:1], ymd[:2], ymd}).Draw(t, "keys")}
		listed, _ := of.narrows(n)
		by, _ := of.days()
		for offset := -800; offset <= 800; offset += rapid.IntRange(1, 9).Draw(t, "step") {
			day := noon.Truncate(24*time.Hour).AddDate(0, 0, offset)
			first, last := n.days()
			value := day.Format(by.layout)
			selected := (first.IsZero() || value >= first.Format(by.layout)) && (last.IsZero() || value <= last.Format(by.layout))
			first, last = listed.days()
			if quoted := !day.Before(first) && (last.IsZero() || !day.After(last)); quoted != selected {
				t.Fatalf("%s: quoted %t, selected %t from %v to %v", day, quoted, selected, n.From, n.To)
			}
		}
	})
}

// A column that may hold days in a form that is not known narrows nothing.
func TestDaysOfPartitions(t *testing.T) {
	date := func(format string) map[string]string {
		return map[string]string{"projection.enabled": "TRUE", "projection.Dt.type": "date", "projection.Dt.format": format}
	}
	for _, tt := range []struct {
		name       string
		keys       []partitionKey
		parameters map[string]string
		want       string
	}{
		{"a date", []partitionKey{{"dt", "date"}}, nil, `"dt" >= DATE '1999-12-30' AND "dt" <= DATE '1999-12-31'`},
		{"dashes", []partitionKey{{"dt", "string"}}, date("yyyy-MM-dd"), `"dt" >= '1999-12-30' AND "dt" <= '1999-12-31'`},
		{"nothing between", []partitionKey{{"dt", "string"}}, date("yyyyMMdd"), `"dt" >= '19991230' AND "dt" <= '19991231'`},
		{"hours", []partitionKey{{"dt", "string"}}, date("yyyy/MM/dd/HH"), ""},
		{"the day first", []partitionKey{{"dt", "string"}}, date("dd-MM-yyyy"), ""},
		{"not projected", []partitionKey{{"dt", "string"}}, nil, ""},
		{"years", []partitionKey{{"year", "int"}}, nil, `CAST("year" AS integer) >= 1999 AND CAST("year" AS integer) <= 1999`},
		{"days without months", []partitionKey{{"year", "int"}, {"day", "int"}}, nil, `CAST("year" AS integer) >= 1999 AND CAST("year" AS integer) <= 1999`},
		{"a quote", []partitionKey{{`d"t`, "date"}}, nil, `"d""t" >= DATE '1999-12-30' AND "d""t" <= DATE '1999-12-31'`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(documented(t, tt.keys, tt.parameters).ofDays(Narrow{From: noon, To: noon}), " AND ")
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// Athena refuses a query without values of such a column.
func TestInjectedPartitions(t *testing.T) {
	table := documented(t, nil, map[string]string{"projection.account.type": "injected"})
	if err := table.injected(Narrow{Regions: both}); err == nil || !strings.Contains(err.Error(), "its column account alone") {
		t.Errorf("%v", err)
	}
	check(t, table.injected(Narrow{Accounts: []string{account}}))
}

func TestFieldsOfAType(t *testing.T) {
	for _, tt := range []struct {
		kind string
		want []string
	}{
		{"struct<type:string,a_b:struct<x:int,y:map<string,string>>,last:array<int>>", []string{"type", "a_b", "last"}},
		{"STRUCT<Type: string, Last: string>", []string{"type", "last"}},
		{"row(type varchar, inner row(a int, b int), last varchar)", []string{"type", "inner", "last"}},
		{"string", nil},
		{"struct<", nil},
	} {
		if got := fields(tt.kind); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.kind, got, tt.want)
		}
	}
}

func FuzzFieldsOfAType(f *testing.F) {
	f.Add("struct<type:string,a:struct<x:int>>")
	f.Add("row(a varchar, b int)")
	f.Fuzz(func(t *testing.T, kind string) {
		for _, name := range fields(kind) {
			if !strings.Contains(strings.ToLower(kind), name) {
				t.Errorf("%q has no %q", kind, name)
			}
		}
	})
}
