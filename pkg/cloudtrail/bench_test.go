package cloudtrail

import (
	"bytes"
	"slices"
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
		b.Run(w.name, func(b *testing.B) {
			plain := w.wrap(slices.Clone(records))
			benchmark(b, plain, len(plain), count)
		})
	}
	b.Run("file of successes", func(b *testing.B) {
		success := compact(b, readFile(b, "success-github-2025.json"))
		plain := wrapFile(slices.Repeat([][]byte{success}, count))
		benchmark(b, plain, len(plain), count)
	})
	b.Run("file, gzip", func(b *testing.B) {
		plain := wrapFile(records)
		benchmark(b, zip(b, plain), len(plain), count)
	})
}

// benchmark counts megabytes before compression.
func benchmark(b *testing.B, input []byte, size, count int) {
	b.SetBytes(int64(size))
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
