package cloudtrail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReaderFindsTheRecordsOfEveryWrapping(t *testing.T) {
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprintf("id-%d", i))
	}
	for _, w := range wrappings {
		t.Run(w.name, func(t *testing.T) {
			var records [][]byte
			for _, id := range want {
				records = append(records, []byte(sample(id)))
			}
			input := w.wrap(records)
			sources := map[string]io.Reader{
				"plain":          bytes.NewReader(input),
				"byte by byte":   iotest.OneByteReader(bytes.NewReader(input)),
				"end with data":  iotest.DataErrReader(bytes.NewReader(input)),
				"with BOM":       strings.NewReader("\ufeff" + string(input)),
				"gzip":           bytes.NewReader(zip(t, input)),
				"space after it": strings.NewReader(string(input) + "\n\t \r\n"),
			}
			for name, src := range sources {
				var got []string
				for ev, err := range NewReader(src, "input").Events() {
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					got = append(got, ev.ID)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: read %v, want %v", name, got, want)
				}
			}
		})
	}
}

func TestReaderWithoutRecords(t *testing.T) {
	for _, input := range []string{`[]`, `{"Records":[]}`, `{"Events":[],"NextToken":"x"}`, "{\"Records\":[]}\n[]"} {
		if ids, errs := read(input); len(ids)+len(errs) > 0 {
			t.Errorf("%s: read %v, %v; want nothing", input, ids, errs)
		}
	}
}

func TestReaderKeepsTheCase(t *testing.T) {
	const label = `{"account": {"roles": []}}`
	record := sample("a")
	tests := []struct{ name, input, want string }{
		{"beside detail", `{"case": ` + label + `, "detail": ` + record + `}`, label},
		{"in a bare record", strings.TrimSuffix(record, "}") + `, "case": ` + label + `}`, label},
		{"in an SQS body", string(wrapMessage([]byte(`{"detail":` + record + `,"case":` + label + `}`))), label},
		{"in an array", `[{"detail":` + record + `,"case":` + label + `}]`, label},
		{"null", `{"case": null, "detail": ` + record + `}`, ""},
		{"absent", record, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for ev, err := range NewReader(strings.NewReader(tt.input), "input").Events() {
				if err != nil || string(ev.Case) != tt.want {
					t.Errorf("case = %s, %v; want %s", ev.Case, err, tt.want)
				}
			}
		})
	}
}

func TestReaderStopsWithItsConsumer(t *testing.T) {
	for _, w := range wrappings {
		t.Run(w.name, func(t *testing.T) {
			input := w.wrap([][]byte{[]byte(sample("a")), []byte(sample("b")), []byte(sample("c"))})
			n := 0
			for range NewReader(bytes.NewReader(input), "input").Events() {
				n++
				break
			}
			if n != 1 {
				t.Errorf("read %d records after the consumer stopped", n)
			}
		})
	}
	t.Run("at an error", func(t *testing.T) {
		for _, input := range []string{"", "x", "[1, 2]", `{"Records":[{"a":]`, `{"detail": 1}`, "{}\n{}", `{"body":"x"}{"body":"y"}`} {
			for range NewReader(strings.NewReader(input), "input").Events() {
				break // the runtime panics if the iterator goes on
			}
		}
	})
}

func TestReaderStopsWhereTheSourceFails(t *testing.T) {
	broken := errors.New("the line went dead")
	src := io.MultiReader(strings.NewReader(sample("a")+"\n"+sample("b")[:40]), iotest.ErrReader(broken))
	var ids []string
	var last error
	for ev, err := range NewReader(src, "input").Events() {
		if err != nil {
			if last != nil {
				t.Errorf("a second error: %v", err)
			}
			last = err
			continue
		}
		ids = append(ids, ev.ID)
	}
	if !slices.Equal(ids, []string{"a"}) || !errors.Is(last, broken) {
		t.Errorf("read %v and then %v; want a and then %v", ids, last, broken)
	}
}

func TestReaderGivesUpOnASourceWithoutProgress(t *testing.T) {
	stuck := readerFunc(func([]byte) (int, error) { return 0, nil })
	for _, err := range NewReader(stuck, "input").Events() {
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("err = %v, want %v", err, io.ErrNoProgress)
		}
	}
}

func TestReaderOfBrokenGzip(t *testing.T) {
	input := []byte(strings.Repeat(sample("a")+"\n", 200))
	packed := zip(t, input)
	tests := []struct {
		name   string
		packed []byte
		least  int // events read before the damage
	}{
		{"cut off", packed[:len(packed)-30], 120},
		{"cut off within the header", packed[:5], 0},
		{"garbage after it", slices.Concat(packed, []byte("garbage")), 200},
		{"wrong checksum", append(slices.Clone(packed[:len(packed)-8]), 0, 0, 0, 0, 0, 0, 0, 0), 200},
		{"gzip in gzip", zip(t, packed), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ids, errs := read(string(tt.packed))
			if len(ids) < tt.least || len(ids) > 200 {
				t.Errorf("read %d records, want %d at least", len(ids), tt.least)
			}
			if len(errs) == 0 {
				t.Error("no error")
			}
		})
	}
}

func TestErrorNamesThePlace(t *testing.T) {
	_, errs := read(sample("a") + "\n[1]")
	want := fmt.Sprintf("input: record 2 at byte %d: %v", len(sample("a"))+2, ErrNoRecord)
	if len(errs) != 1 || errs[0].Error() != want {
		t.Errorf("errors = %v, want %s", errs, want)
	}
	if !errors.Is(errs[0], ErrNoRecord) {
		t.Error("the reason cannot be told")
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
