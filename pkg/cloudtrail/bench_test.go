package cloudtrail

import (
	"bytes"
	"testing"
)

// BenchmarkEvents reads the sample records as the different inputs wrap them.
func BenchmarkEvents(b *testing.B) {
	record := readFile(b, "failed-accessdenied-eks-2023.json")
	const count = 1000
	var records [][]byte
	for range count {
		records = append(records, compact(b, record))
	}
	for _, w := range wrappings {
		b.Run(w.name, func(b *testing.B) { benchmark(b, w.wrap(records), count) })
	}
	b.Run("file of successes", func(b *testing.B) {
		success := compact(b, readFile(b, "success-github-2025.json"))
		benchmark(b, wrapFile(slicesOf(success, count)), count)
	})
	b.Run("file, gzip", func(b *testing.B) {
		benchmark(b, zip(b, wrapFile(records)), count)
	})
}

func benchmark(b *testing.B, input []byte, count int) {
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range NewReader(bytes.NewReader(input), "bench").Events() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != count {
			b.Fatalf("read %d of %d records", n, count)
		}
	}
}
