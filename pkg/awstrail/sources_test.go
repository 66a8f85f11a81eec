package awstrail

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// The same events, wherever they are read from, are the same incidents.
func TestSourcesAgree(t *testing.T) {
	events := happened(account)
	logs := objects(t, events)
	folder := folderWith(t, logs)
	want := scanned(t, t.Context(), scan.Files(folder))
	if len(want.Incidents) < 5 || want.Denials != 90 {
		t.Fatalf("%d incidents, %d denials", len(want.Incidents), want.Denials)
	}
	agree := func(t *testing.T, got *scan.Result) {
		t.Helper()
		if diff := cmp.Diff(want.Incidents, got.Incidents); diff != "" {
			t.Errorf("incidents (-files +got):\n%s", diff)
		}
		if diff := cmp.Diff(want.Unreadable, got.Unreadable); diff != "" || got.Denials != want.Denials {
			t.Errorf("%d denials, want %d; unreadable (-files +got):\n%s", got.Denials, want.Denials, diff)
		}
	}
	t.Run("S3", func(t *testing.T) {
		f := newFront(t)
		fill(t, f, logs)
		agree(t, scanned(t, t.Context(), must(New(f.config()).Bucket("s3://"+bucketName, Narrow{}))(t)))
	})
	t.Run("LookupEvents", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			agree(t, scanned(t, t.Context(), must(newCloud(t, events).aws().History(t.Context(), HistoryOptions{Regions: both}))(t)))
		})
	})
	t.Run("Athena", func(t *testing.T) {
		f := newFront(t)
		fill(t, f, logs)
		newEngine(t, f, "table.json", folder)
		q := must(New(f.config()).Query(t.Context(), QueryOptions{Table: "db.trail", WorkGroup: "analysts", Output: "s3://" + bucketName + "/results/"}))(t)
		agree(t, scanned(t, t.Context(), q))
	})
	t.Run("all at once", func(t *testing.T) {
		f := newFront(t)
		fill(t, f, logs)
		got := must((&scan.Scanner{}).Scan(t.Context(), scan.Files(folder), must(New(f.config()).Bucket("s3://"+bucketName, Narrow{}))(t)))(t)
		agree(t, &scan.Result{Incidents: got.Incidents, Unreadable: want.Unreadable, Denials: got.Denials})
	})
}

// So they are where a part of them is asked for.
func TestSourcesAgreeOnAPart(t *testing.T) {
	events := slices.Concat(happened(account), happened(member))
	logs := objects(t, events)
	f, folder := newFront(t), folderWith(t, logs)
	fill(t, f, logs)
	newEngine(t, f, "table.json", folder)
	for _, tt := range []struct {
		name string
		n    Narrow
	}{
		{"an account", Narrow{Accounts: []string{member}}},
		{"a region", Narrow{Regions: []string{"us-east-1"}}},
		{"a day", Narrow{From: noon.Add(12 * time.Hour), To: noon.Add(13 * time.Hour)}},
		{"an hour", Narrow{From: noon.Add(time.Hour + time.Second), To: noon.Add(2*time.Hour - time.Millisecond)}},
		{"all of them", Narrow{Accounts: []string{account}, Regions: both, From: noon, To: noon.Add(3 * time.Hour)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scanner := scan.Scanner{From: tt.n.From, To: tt.n.To}
			a := New(f.config())
			want := must(scanner.Scan(t.Context(), must(a.Bucket("s3://"+bucketName, tt.n))(t)))(t)
			got := must(scanner.Scan(t.Context(), must(a.Query(t.Context(), QueryOptions{Table: "db.trail", WorkGroup: "analysts", Narrow: tt.n}))(t)))(t)
			if diff := cmp.Diff(want.Incidents, got.Incidents); diff != "" || len(want.Incidents) == 0 || len(want.Unreadable)+len(got.Unreadable) > 0 {
				t.Errorf("%d incidents (-S3 +Athena):\n%s\n%+v\n%+v", len(want.Incidents), diff, want.Unreadable, got.Unreadable)
			}
		})
	}
}
