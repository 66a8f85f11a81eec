package cloudtrail

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestRecordsBeyondTheLimitAreSkipped(t *testing.T) {
	a, c := sample("a"), sample("c")
	large := strings.Replace(sample("b"), "AccessDenied", strings.Repeat("x", 200_000), 1)
	tooLarge := ErrTooLarge.Error()
	tests := []struct {
		name, input string
		want        []string
	}{
		{"concatenated", a + large + c, []string{"a", tooLarge, "c"}},
		{"JSON lines", a + "\n" + large + "\n" + c, []string{"a", tooLarge, "c"}},
		{"array", "[" + a + "," + large + "," + c + "]", []string{"a", tooLarge, "c"}},
		{"file", `{"Records":[` + a + "," + large + "," + c + "]}", []string{"a", tooLarge, "c"}},
		{"EventBridge", `{"detail":` + large + `}{"detail":` + c + `}`, []string{tooLarge, "c"}},
		{"message", `{"Records":[{"body":` + string(quote([]byte(large))) + `},` + c + `]}`, []string{tooLarge, "c"}},
		{"a file behind a large member", `{"x":"` + strings.Repeat("x", 300_000) + `","Records":[` + c + `]}`, []string{"c"}},
		{"a large name", `{"` + strings.Repeat("x", 300_000) + `":1}` + c, []string{tooLarge, "c"}},
		{"a large name behind a list", `{"Records":[],"` + strings.Repeat("x", 300_000) + `":1}` + c, []string{"c"}},
		{"a large string", `"` + strings.Repeat("x", 300_000) + `"` + c, []string{"not a CloudTrail record", "c"}},
		{"a large number", strings.Repeat("1", 300_000) + c, []string{"not a CloudTrail record", "c"}},
		{"broken beyond the limit", large[:len(large)-40] + "\n" + c, []string{"closing quote", "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRead(t, tt.input, tt.want, MaxRecord(100_000)) })
	}
}

func TestMaxRecordIsExact(t *testing.T) {
	a := sample("a")
	checkRead(t, a, []string{"a"}, MaxRecord(len(a)))
	checkRead(t, a, []string{ErrTooLarge.Error()}, MaxRecord(len(a)-1))
}

// TestNameAcrossTheLimit reads a list whose name lies where a wrapping grows too
// large to be kept, however the input comes.
func TestNameAcrossTheLimit(t *testing.T) {
	const limit = 3000
	for size := limit - 50; size < limit+10; size++ {
		input := `{"x":"` + strings.Repeat("x", size) + `","Records":[` + webIdentityCall("1", denied) + `]}`
		for name, src := range map[string]io.Reader{"at once": strings.NewReader(input), "byte by byte": iotest.OneByteReader(strings.NewReader(input))} {
			n := 0
			for ev, err := range NewReader(src, "input", MaxRecord(limit)).Events() {
				if ev == nil || err != nil {
					t.Fatalf("%s, %d bytes before: %v", name, size, err)
				}
				n++
			}
			if n != 1 {
				t.Fatalf("%s, %d bytes before: %d events", name, size, n)
			}
		}
	}
}

func TestDeepNestingIsBounded(t *testing.T) {
	a, c := sample("a"), sample("c")
	nest := func(n int) string { return strings.Repeat(`[`, n) + strings.Repeat(`]`, n) }
	tests := []struct {
		name, input string
		want        []string
	}{
		{"lists", nest(100_000) + "\n" + c, []string{ErrTooDeep.Error(), "c"}},
		{"a member", `{"x":` + nest(100_000) + "}\n" + c, []string{ErrTooDeep.Error(), "c"}},
		{"an element", `[` + a + `,{"x":` + nest(100_000) + `},` + c + `]`, []string{"a", ErrTooDeep.Error(), "c"}},
		{"an unclosed element", `[` + a + `,` + strings.Repeat("[", 100_000), []string{"a", ErrTooDeep.Error()}},
		{"files in files", strings.Repeat(`{"Records":[`, 100_000), []string{ErrTooDeep.Error()}},
		{"within bounds", `{"x":` + nest(maxDepth-1) + `,` + c[1:], []string{"c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRead(t, tt.input, tt.want) })
	}
}

// TestMemoryIsBounded reads inputs of 32 MB that are made on the fly, with a
// limit of 256 KB, and counts what is allocated over the whole of each.
func TestMemoryIsBounded(t *testing.T) {
	tests := []struct {
		name  string
		input repeater
		want  error // the only one
	}{
		{"one record", repeater{head: `{"eventName":"`, repeated: "x", tail: `"}`}, ErrTooLarge},
		{"one record, nested", repeater{head: `[{"detail":{"x":[0`, repeated: ",1", tail: `]}}]`}, ErrTooLarge},
		{"one message", repeater{head: `{"Records":[{"body":"`, repeated: `\\`, tail: `"}]}`}, ErrTooLarge},
		{"white space", repeater{repeated: " \n"}, nil},
		{"lists", repeater{repeated: "["}, ErrTooDeep},
		{"lists in a list", repeater{head: "[", repeated: `{"a":[`}, ErrTooDeep},
		{"objects", repeater{repeated: `{"a":`}, ErrTooDeep},
		{"text", repeater{head: "x", repeated: "hello \n"}, errAny},
		{"a string", repeater{repeated: "x", head: `"`}, io.ErrUnexpectedEOF},
		{"a broken string", repeater{head: `[{'x`, repeated: `"`}, errAny},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.input.left = 32 << 20
			tt.input.repeated = strings.Repeat(tt.input.repeated, 1000)
			var errs []error
			allocated := totalAlloc()
			for _, err := range NewReader(&tt.input, "input", MaxRecord(256<<10)).Events() {
				errs = append(errs, err)
			}
			if allocated = totalAlloc() - allocated; allocated > 4<<20 {
				t.Errorf("allocated %d bytes", allocated)
			}
			if (len(errs) == 0) != (tt.want == nil) || len(errs) > 1 || tt.want != errAny && !errors.Is(errors.Join(errs...), tt.want) {
				t.Errorf("errors = %v, want %v", errs, tt.want)
			}
		})
	}
}

var errAny = errors.New("any")

// TestFileIsNotKept reads a file of 32 MB and looks at what is in use on the way.
func TestFileIsNotKept(t *testing.T) {
	src := &repeater{head: `{"Records":[`, repeated: sample("a") + ",", tail: sample("a") + "]}", left: 32 << 20}
	before, n := inUse(), 0
	for _, err := range NewReader(src, "input").Events() {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%20_000 != 0 {
			continue
		}
		if now := inUse(); now > before+1<<20 {
			t.Fatalf("%d bytes in use after %d records, %d before", now, n, before)
		}
	}
	if want := (32<<20)/len(sample("a")+",") + 2; n != want {
		t.Errorf("read %d records, want %d", n, want)
	}
}

func TestBombIsReadInBoundedMemory(t *testing.T) {
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	_, err := io.Copy(w, &repeater{head: `[{"x":"`, repeated: strings.Repeat("x", 1<<16), tail: `"},` + sample("a") + `]`, left: 32 << 20})
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	allocated := totalAlloc()
	ids, errs := read(bomb.String(), MaxRecord(256<<10))
	if allocated = totalAlloc() - allocated; allocated > 4<<20 {
		t.Errorf("allocated %d bytes for a bomb of %d", allocated, bomb.Len())
	}
	if !slices.Equal(ids, []string{"a"}) || len(errs) != 1 || !errors.Is(errs[0], ErrTooLarge) {
		t.Errorf("read %v, %v", ids, errs)
	}
}

func totalAlloc() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// repeater is an input of any size that is never in memory.
type repeater struct {
	head, repeated, tail string
	left                 int // bytes of repetition
	pending              string
}

func (r *repeater) Read(p []byte) (int, error) {
	if r.pending == "" {
		switch {
		case r.head != "":
			r.pending, r.head = r.head, ""
		case r.left > 0:
			r.pending = r.repeated
			r.left -= len(r.repeated)
		case r.tail != "":
			r.pending, r.tail = r.tail, ""
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}
