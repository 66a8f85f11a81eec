package dynamostore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// BenchmarkTable measures single calls on DynamoDB Local.
func BenchmarkTable(b *testing.B) {
	cfg := dynamolocal.Config(b)
	s := dynamostore.New(cfg, dynamolocal.Table(b, cfg))
	i := incidenttest.Full("i")
	for _, m := range []struct {
		name string
		call func(n int) error
	}{
		{"Count", func(n int) error {
			return s.Count(b.Context(), "i", fmt.Sprint(n), at.Add(time.Duration(n)*time.Second))
		}},
		{"Save", func(int) error { return s.Save(b.Context(), i) }},
		{"Get", func(int) error { _, err := s.Get(b.Context(), "i"); return err }},
		{"Tally", func(int) error { _, err := s.Tally(b.Context(), "i"); return err }},
		{"Take", func(n int) error { _, err := s.Take(b.Context(), "all", at, n+1); return err }},
	} {
		b.Run(m.name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				if err := m.call(n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
