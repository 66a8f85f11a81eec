package cloudtrail

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzReader puts any text between two records, in every wrapping. The reader
// must come to an end, keep its contract, find the text where it is a record
// for json.Unmarshal too, and lose neither of its neighbours.
func FuzzReader(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no records: %v", err)
	}
	for _, file := range files {
		f.Add(readFile(f, filepath.Base(file)))
	}
	for _, w := range wrappings {
		f.Add(w.wrap([][]byte{[]byte(sample("x")), []byte(sample("y"))}))
	}
	for _, text := range []string{
		"", "null", `{"a":`, `[`, `[{"x":`, `{"Records":[{"b":1`, `{"eventName":"x","a":"\`, "\xff", `{"eventName":1}`, "}", "\x1f\x8b",
		`{"eventName":"x","userIdentity":{"userName":[]},"resources":[1,{"ARN":{}}]}`, `{"eventN\u0061me":"x"}`, `{'a':1}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		checkContract(t, text)
		checkContract(t, zip(t, text))
		before, after := []byte(sample("before")), []byte(sample("after"))
		if isRecord(text) {
			for _, w := range wrappings {
				checkFound(t, w.wrap([][]byte{before, text, after}), "before", idOf(text), "after")
			}
		}
		if json.Valid(text) && depthOf(text) < maxDepth/2 {
			checkFound(t, wrapArray([][]byte{before, text, after}), "before", "after")
		}
		if !bytes.ContainsRune(text, '\n') {
			checkFound(t, wrapLines([][]byte{before, text, after}), "before", "after")
		}
	})
}

func checkContract(t *testing.T, input []byte) {
	t.Helper()
	for ev, err := range NewReader(bytes.NewReader(input), "input").Events() {
		var place *Error
		switch {
		case (ev == nil) == (err == nil):
			t.Fatalf("event %v with error %v", ev, err)
		case ev != nil && ev.Name == "":
			t.Fatalf("an event without a name: %+v", ev)
		case err != nil && (!errors.As(err, &place) || place.Record < 1 || place.Offset < 0):
			t.Fatalf("an error without a place: %v", err)
		}
	}
}

// checkFound is about records in their order; there may be others between,
// but the neighbours come once.
func checkFound(t *testing.T, input []byte, want ...string) {
	t.Helper()
	left := slices.Clone(want)
	times := map[string]int{}
	for ev := range NewReader(bytes.NewReader(input), "input").Events() {
		if ev != nil {
			times[ev.ID]++
		}
		if len(left) > 0 && ev != nil && ev.ID == left[0] {
			left = left[1:]
		}
	}
	if times["before"] > 1 || times["after"] > 1 {
		t.Fatalf("read twice in\n%s", input)
	}
	if len(left) > 0 {
		t.Fatalf("lost %q of %q in\n%s", left, want, input)
	}
}

// isRecord is whether json.Unmarshal alone finds a record, one that the name
// of no list makes a wrapping.
func isRecord(text []byte) bool {
	var members map[string]json.RawMessage
	var name string
	return json.Unmarshal(text, &members) == nil &&
		json.Unmarshal(members["eventName"], &name) == nil && name != "" &&
		members["Records"] == nil && members["Events"] == nil &&
		depthOf(text) < maxDepth/2
}

func idOf(text []byte) string {
	var members map[string]json.RawMessage
	var id string
	if json.Unmarshal(text, &members) != nil || json.Unmarshal(members["eventID"], &id) != nil {
		return ""
	}
	return id
}

// depthOf counts opening brackets, which is more than the depth.
func depthOf(text []byte) int { return bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{")) }
