package cloudtrail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// reading is all that a Reader tells of an input.
type reading struct {
	events, errs []string
	seen         Seen
}

// readAll reads an input through a small window, so that records lie across
// its border. Of what does not matter it leaves out the event and what is
// wrong with its fields: what a sifting reader tells.
func readAll(src io.Reader, window int, sieve *Sieve) (got reading) {
	r := NewReader(src, "input", MaxRecord(3000), Sift(sieve))
	r.window = window
	var flaws []*Error
	for ev, err := range r.Events() {
		if err != nil {
			flaws = append(flaws, err.(*Error)) //nolint:errorlint // the contract is that it is one
			continue
		}
		if !ev.Matters() {
			flaws = slices.DeleteFunc(flaws, func(e *Error) bool { return e.Record == r.Seen().Records && !brokenJSON(e) })
			continue
		}
		got.events = append(got.events, fmt.Sprintf("%+v %s", *ev, parametersOf(ev)))
	}
	for _, flaw := range flaws {
		got.errs = append(got.errs, flaw.Error())
	}
	got.seen = r.Seen()
	return got
}

// brokenJSON is whether an error is about JSON, not about a field.
func brokenJSON(e *Error) bool {
	var syntax *syntaxError
	return errors.As(e, &syntax)
}

// checkSieve holds a reader that sifts to one that does not.
func checkSieve(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, input []byte, window int, sieve *Sieve,
) {
	t.Helper()
	want := readAll(bytes.NewReader(input), window, nil)
	for range 2 { // the second time it has learned the shapes
		got := readAll(bytes.NewReader(input), window, sieve)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("sifting reads\n\t%+v, want\n\t%+v from\n%s", got, want, input)
		}
	}
}

// shapes are records that a sieve passes over once it knows their like.
func shapes(t testing.TB) (all [][]byte) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no records: %v", err)
	}
	for _, file := range files {
		all = append(all, compact(t, readFile(t, filepath.Base(file))))
	}
	for _, text := range []string{
		`{"eventVersion":"1.11","userIdentity":{"type":"AWSService","invokedBy":"ec2.amazonaws.com"},"eventTime":"2026-01-02T03:04:05Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":{"durationSeconds":3600,"list":["a","b"],"nested":[{"eventName":"x"},{"errorCode":"y"}],"none":[],"nothing":{}},"responseElements":null,"readOnly":true}`,
		`{"eventName":"GetRole","eventTime":"2026-01-02T03:04:05Z","errorCode":"AccessDenied","requestParameters":{"roleName":"r"}}`,
		`{"eventName":"CreateRole","eventTime":"2026-01-02T03:04:05Z","requestParameters":{"roleName":"r","assumeRolePolicyDocument":"{\"a\":\"b\"}"}}`,
		`{"eventName":"DeleteRole","eventTime":"2026-01-02T03:04:05Z","requestParameters":{"roleName":"r"}}`,
		`{"requestParameters":{"text":"one \"two\" \\"},"eventName":"PutRolePolicy","eventTime":"2026-01-02T03:04:05Z"}`,
		`{"eventName":"ListKeys"}`, `{"eventTime":"2026-01-02T03:04:05+01:00","eventName":"ListKeys"}`,
	} {
		all = append(all, []byte(text))
	}
	return all
}

// TestSieveKeepsWhatMatters makes inputs of known shapes and changes them.
func TestSieveKeepsWhatMatters(t *testing.T) {
	known := shapes(t)
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []byte { return changed(t, rapid.SampledFrom(known).Draw(t, "shape")) }), 1, 12).Draw(t, "records")
		input := rapid.SampledFrom(wrappings).Draw(t, "wrapping").wrap(records)
		if rapid.IntRange(0, 2).Draw(t, "damage") == 0 {
			input = damage(t, input)
		}
		checkSieve(t, input, rapid.SampledFrom([]int{64, 700, 4096, window}).Draw(t, "window"), taught(known))
	})
}

// edits are changes of a record that a careless sieve gets wrong.
var edits = []struct{ from, to string }{
	{`"eventName":"`, `"eventName":"AssumeRoleWithWebIdentity","x":"`},
	{`"eventName":"`, `"eventName":"x","eventName":"`},
	{`"eventName":"`, `"event\u004eame":"DeleteRole","x":"`},
	{`"eventName":"`, `"eventName":"Dele\u0074eRole","x":"`},
	{`"eventName":"`, `"eventName" : "DeleteRole" , "x":"`},
	{`"eventName":"`, `"eventName":null,"x":"`},
	{`"eventName":"`, `"eventName":"","x":"`},
	{`"eventName":"`, `"x":"`},
	{`"eventTime":"`, `"errorCode":"AccessDenied","eventTime":"`},
	{`"eventTime":"`, `"error\u0043ode":"AccessDenied","eventTime":"`},
	{`"eventTime":"`, `"errorCode":"","eventTime":"`},
	{`"eventTime":"`, `"errorCode":null,"eventTime":"`},
	{`"eventTime":"`, `"errorMessage":"x","eventTime":"`},
	{`"eventTime":"`, `"eventTime":"9`},
	{`"eventTime":"20`, `"eventTime":"19`},
	{`"eventTime":"`, `"eventTime":1,"x":"`},
	{`"requestParameters":{`, `"requestParameters":{"eventName":"DeleteRole","errorCode":"x",`},
	{`"requestParameters":{`, `"Records":[{"eventName":"DeleteRole"}],"requestParameters":{`},
	{`"requestParameters":{`, `"x":"\",\"eventName\":\"DeleteRole","requestParameters":{`},
	{`"requestParameters":{`, `"x":"\\","requestParameters":{`},
	{`"requestParameters":{`, `"x":{"y":[[],{},[1,-2.5e3,true,null]]},"requestParameters":{`},
	{`"requestParameters":{`, `"case":{"a":1},"requestParameters":{`},
	{`AccessDenied`, "Access\nDenied"},
	{`AccessDenied`, "Access\xffDenied"},
	{`AccessDenied`, strings.Repeat("x", 3000)},
	{`":"`, `": "`},
	{`":"`, `""`},
	{`","`, `" "`},
	{`},`, `]`},
	{`{`, "{\n "},
	{`3600`, `nul`},
	{`3600`, ``},
	{`null`, `nul l`},
}

// changed is a record with none, one or some of the edits.
func changed(t *rapid.T, record []byte) []byte {
	for range rapid.IntRange(0, 2).Draw(t, "edits") {
		edit := rapid.SampledFrom(edits).Draw(t, "edit")
		record = bytes.Replace(record, []byte(edit.from), []byte(edit.to), 1)
	}
	return record
}

// damage changes, drops or adds a byte, or cuts the text off.
func damage(t *rapid.T, text []byte) []byte {
	at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
	b := rapid.SampledFrom([]byte("\"\\{}[],:\n 1nx\x00\xff")).Draw(t, "byte")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return slices.Concat(text[:at], []byte{b}, text[at+1:])
	case 1:
		return slices.Concat(text[:at], text[at+1:])
	case 2:
		return slices.Concat(text[:at], []byte{b}, text[at:])
	}
	return text[:at]
}

// FuzzSieve puts any text among known shapes, and as a record into every
// wrapping.
func FuzzSieve(f *testing.F) {
	known := shapes(f)
	for _, shape := range known {
		f.Add(shape)
		for _, edit := range edits {
			f.Add(bytes.Replace(shape, []byte(edit.from), []byte(edit.to), 1))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sieve := taught(known)
		checkSieve(t, text, 4096, sieve)
		checkSieve(t, wrapFile([][]byte{known[0], text, known[1], text, known[0]}), 512, sieve)
		checkSieve(t, wrapLines([][]byte{known[0], text, known[1], text, known[0]}), 512, sieve)
	})
}

// taught is a sieve that knows shapes.
func taught(shapes [][]byte) *Sieve {
	sieve := new(Sieve)
	for _, shape := range shapes {
		sieve.learn(shape)
	}
	return sieve
}

// TestSievePassesOver makes sure that the sieve does what it is for.
func TestSievePassesOver(t *testing.T) {
	tests := []struct{ name, record string }{
		{"another call", `{"eventName":"GetRole","eventTime":"2026-01-02T03:04:05Z","requestParameters":{"roleName":"r","max":10}}`},
		{"a success", `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2026-01-02T03:04:05Z","responseElements":{"errorCode":"x"}}`},
		{"escapes", `{"eventName":"PutRolePolicy","eventTime":"2026-01-02T03:04:05Z","requestParameters":{"policyDocument":"{\"a\":\"\\\"\"}"}}`},
		{"another time zone", `{"eventName":"GetRole","eventTime":"2026-01-02T03:04:05+01:00"}`},
		{"white space", `{ "eventName" : "GetRole" , "eventTime":"2026-01-02T03:04:05Z"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sieve := new(Sieve)
			input := wrapFile(slices.Repeat([][]byte{[]byte(tt.record)}, 200))
			readAll(bytes.NewReader(input), window, sieve)
			w := &walker{seen: new(Seen), sieve: newSifting(sieve), scan: newScanner(strings.NewReader(tt.record), window, window, nil)}
			if passed, err := w.passOver(); !passed || err != nil || w.scan.pos != len(tt.record) || w.seen.Records != 1 {
				t.Errorf("looked at byte by byte, passed %d of %d bytes", w.scan.pos, len(tt.record))
			}
		})
	}
}

// TestSieveIsBounded teaches a sieve shapes without end.
func TestSieveIsBounded(t *testing.T) {
	sieve := new(Sieve)
	for i := range 50_000 {
		name := fmt.Sprintf("%0200d", i)
		sieve.learn([]byte(`{"eventName":"x","` + name + `":{"` + name + `":"x","x":"y"}}`))
		if len(sieve.nodes) > 2*mostNodes || sieve.size > 2*mostLearned || len(sieve.root.edges) > mostEdges {
			t.Fatalf("%d nodes, %d bytes after %d shapes", len(sieve.nodes), sieve.size, i+1)
		}
		for _, n := range sieve.nodes {
			if len(n.edges) > mostEdges {
				t.Fatalf("%d edges", len(n.edges))
			}
			break
		}
	}
}

// TestSieveBoundsItsText teaches a sieve long edges that end at nodes which it has.
func TestSieveBoundsItsText(t *testing.T) {
	sieve, pad := new(Sieve), strings.Repeat(`,"`+strings.Repeat("p", 1000)+`":null`, 15)
	for i := range 10_000 {
		sieve.learn(fmt.Appendf(nil, `{"eventName":"x","a%d":"y","z%d":null%s}`, i/mostEdges, i, pad))
		held := 0
		for _, n := range append(slices.Collect(maps.Values(sieve.nodes)), &sieve.root) {
			for _, e := range n.edges {
				held += len(e.text)
			}
		}
		if held > mostLearned+mostToLearn {
			t.Fatalf("%d bytes after %d shapes", held, i+1)
		}
	}
}

// TestSieveReadsAsItComes feeds a sieve by the byte.
func TestSieveReadsAsItComes(t *testing.T) {
	input := wrapFile(slices.Repeat(shapes(t), 20))
	sieve := new(Sieve)
	want := readAll(bytes.NewReader(input), window, nil)
	for name, src := range map[string]io.Reader{
		"byte by byte": iotest.OneByteReader(bytes.NewReader(input)), "half": iotest.HalfReader(bytes.NewReader(input)),
		"end with data": iotest.DataErrReader(bytes.NewReader(input)), "packed": bytes.NewReader(zip(t, input)),
	} {
		if got := readAll(src, window, sieve); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: sifting reads\n\t%+v, want\n\t%+v", name, got, want)
		}
	}
}
