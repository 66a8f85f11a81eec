package incident

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkRepetition measures the whole way of a call that is only counted.
func BenchmarkRepetition(b *testing.B) {
	o := newOffice()
	if _, err := o.Denied(b.Context(), o.denial("deploy", "acme/api", -1)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := o.Denied(b.Context(), o.denial("deploy", "acme/api", n)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkStorm measures many handlers with calls of 300 roles, the first ones
// included.
func BenchmarkStorm(b *testing.B) {
	o := newOffice()
	var next atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(50)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := int(next.Add(1))
			if _, err := o.Denied(b.Context(), o.denial(fmt.Sprint("role-", n%300), "acme/api", n)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkFollowUp measures one run for a thousand open incidents that are all
// to be looked at.
func BenchmarkFollowUp(b *testing.B) {
	o := newOffice()
	o.Options.Quiet = 10 * 365 * 24 * time.Hour
	for n := range 1000 {
		if _, err := o.Denied(b.Context(), o.denial(fmt.Sprint("role-", n), "acme/api", n)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		o.wait(longestCheck)
		if err := o.FollowUp(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
