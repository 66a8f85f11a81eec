package corpus

import (
	"bytes"
	"testing"
)

func TestCorpusHangsOnItsSeedAlone(t *testing.T) {
	for i := range 3 {
		one, made := newFile(i, Small).contents()
		again, _ := newFile(i, Small).contents()
		other, _ := newFile(i, Options{Records: Small.Records, Files: Small.Files, Seed: Small.Seed + 1}).contents()
		if !bytes.Equal(one, again) || bytes.Equal(one, other) {
			t.Errorf("file %d: equal with the same seed %t, with another %t", i, bytes.Equal(one, again), bytes.Equal(one, other))
		}
		if got := bytes.Count(one, []byte(`"eventName":`)); got != made.Records {
			t.Errorf("file %d has %d records, %d are counted", i, got, made.Records)
		}
	}
}

// TestBenchIsAsItIsTold holds the size that pages tell of the corpus.
func TestBenchIsAsItIsTold(t *testing.T) {
	const every = 20 // files, of which one is made
	var all Summary
	for i := 0; i < Bench.Files; i += every {
		_, made := newFile(i, Bench).contents()
		all.add(made)
	}
	mean, denials := all.Bytes/int64(all.Records), all.Records/denialEvery
	if mean < 1450 || mean > 1550 || all.Denials < denials-Bench.Files/every || all.Denials > denials+Bench.Files/every {
		t.Errorf("%d bytes a record, %d denials in %d records", mean, all.Denials, all.Records)
	}
}
