package dynamostore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest"
)

var at = time.Date(2025, 3, 1, 9, 30, 0, 0, time.UTC)

// A repeat is one update of one item, whether it is new or was delivered
// before.
func TestCountIsOneWrite(t *testing.T) {
	s, p := tapped(t)
	for range 2 {
		if err := s.Count(t.Context(), "i", "event", at); err != nil {
			t.Fatal(err)
		}
		wantRequests(t, p, "UpdateItem")
	}
}

// It costs one unit however many denials there are in its minute.
func TestCountCostsOneUnit(t *testing.T) {
	s, p := tapped(t)
	for n := range 600 {
		if err := s.Count(t.Context(), "i", fmt.Sprint("event ", n), at.Add(time.Duration(n)*time.Second/10)); err != nil {
			t.Fatal(err)
		}
	}
	if most := slices.Max(p.units); len(p.units) != 600 || most != 1 {
		t.Errorf("%d writes cost up to %g units each", len(p.units), most)
	}
}

func TestEveryMethodIsOneRequest(t *testing.T) {
	s, p := tapped(t)
	for _, c := range []struct {
		want string
		call func() error
	}{
		{"PutItem", func() error { return s.Save(t.Context(), incidenttest.Full("i")) }},
		{"GetItem", func() error { _, err := s.Get(t.Context(), "i"); return err }},
		{"Query", func() error { _, err := s.Tally(t.Context(), "i"); return err }},
		{"UpdateItem", func() error { _, err := s.Take(t.Context(), "all", at, 1); return err }},
		{"Query", func() error { return listed(t, s) }},
	} {
		if err := c.call(); err != nil {
			t.Fatal(err)
		}
		wantRequests(t, p, c.want)
	}
	if ok, err := s.Take(t.Context(), "all", at, 0); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	wantRequests(t, p)
}

// DynamoDB does a write and its answer is lost: the SDK writes again. Nothing
// is counted twice, and Save is no conflict with itself.
func TestLostAnswers(t *testing.T) {
	s, p := tapped(t)
	i := incidenttest.Full("i")
	for revision := range int64(2) {
		p.lose = 1
		if err := s.Save(t.Context(), i); err != nil || i.Revision != revision+1 {
			t.Fatalf("revision %d, %v", i.Revision, err)
		}
		wantRequests(t, p, "PutItem", "PutItem")
	}
	p.lose = 1
	if err := s.Count(t.Context(), "i", "event", at); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Tally(t.Context(), "i"); err != nil || got.Count != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	p.lose = 1
	if ok, err := s.Take(t.Context(), "all", at, 2); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if ok, err := s.Take(t.Context(), "all", at, 2); ok || err != nil {
		t.Errorf("a third permit of two: %v, %v", ok, err)
	}
}

func listed(t *testing.T, s *dynamostore.Store) error {
	t.Helper()
	for _, err := range s.List(t.Context(), incident.Active) {
		if err != nil {
			return err
		}
	}
	return nil
}

func wantRequests(t *testing.T, p *tap, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, p.take()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
