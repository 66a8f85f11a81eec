package casefile

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzScan holds the cutting of values against encoding/json.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		`{}`, `[]`, ` { "a" : [ 1 , "]" ] , "b\"}" : { "c" : null } } `, `["\\", "\\\"", {"a":{}}, [[],[{}]], -1e9,true]`,
		`{"a":1,"a":2}`, `{"\u0061":"\ud83d\ude00","` + "\xff" + `":"` + "\xfe" + `"}`, "[\n\t1\r\n]", `"text"`, `null`, `12`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var want any
		if json.Unmarshal(text, &want) != nil {
			return
		}
		if got := scanned(trimmed(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %v, want %v", text, got, want)
		}
	})
}

// scanned is a value made of what the functions under test cut.
func scanned(raw []byte) any {
	switch raw[0] {
	case '{':
		object := map[string]any{}
		members(raw, func(name, value []byte) {
			key, _ := unquoted(name)
			object[key] = scanned(value)
		})
		return object
	case '[':
		list := []any{}
		elements(raw, func(value []byte) { list = append(list, scanned(value)) })
		return list
	case '"':
		s, _ := unquoted(raw)
		return s
	}
	var other any
	if err := json.Unmarshal(raw, &other); err != nil {
		return err
	}
	return other
}

// trimmed takes away the white space around a value.
func trimmed(raw []byte) []byte {
	start := blank(raw, 0)
	return raw[start:valueEnd(raw, start)]
}
