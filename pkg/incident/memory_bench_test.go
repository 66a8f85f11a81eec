package incident_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// BenchmarkMemoryCount measures what a repeat asks of the store in memory.
func BenchmarkMemoryCount(b *testing.B) {
	s := incident.NewMemory()
	start := time.Date(2025, 3, 1, 9, 30, 0, 0, time.UTC)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := s.Count(b.Context(), "i", fmt.Sprint(n), start.Add(time.Duration(n)*time.Second)); err != nil {
			b.Fatal(err)
		}
	}
}
