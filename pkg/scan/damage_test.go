package scan

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
)

// damagedLog is a log of 40 records with two denials, and soundLog another.
func damagedLog() string {
	records := slices.Repeat([]string{usual("2026-03-01T00:00:00Z")}, 40)
	records[3], records[30] = denied("1", "2026-03-01T00:00:00Z", "a", "x"), denied("2", "2026-03-01T00:00:00Z", "a", "x")
	return logOf(records...)
}

var soundLog = logOf(denied("3", "2026-03-01T00:00:00Z", "b", "x"))

func TestDamageIsReported(t *testing.T) {
	log := damagedLog()
	packed := pack(t, log)
	tests := []struct {
		name, input string
		least       int // denials before the damage
		why         string
	}{
		{"empty", "", 0, "the input is empty"},
		{"empty, packed", pack(t, ""), 0, "the input is empty"},
		{"cut within the header", packed[:6], 0, "cut off"},
		{"cut", packed[:len(packed)/2], 0, "cut off"},
		{"cut within the trailer", packed[:len(packed)-3], 2, "cut off"},
		{"wrong checksum", packed[:len(packed)-8] + "\x00\x00\x00\x00" + packed[len(packed)-4:], 2, "its checksum is wrong"},
		{"wrong length", packed[:len(packed)-4] + "\x00\x00\x00\x00", 2, "its checksum is wrong"},
		{"a little behind", packed + "\n", 2, "or a few bytes that are no gzip follow it"},
		{"something behind", packed + "something else that is long enough", 2, "something else follows"},
		{"no JSON", "<html>", 0, "not JSON"},
		{"no JSON, packed", pack(t, "<html>"), 0, "not JSON"},
		{"no log", `{"a":1}`, 0, "not a CloudTrail record"},
		{"cut JSON", log[:len(log)-1], 2, "the JSON is cut off there"},
		{"cut JSON, packed", pack(t, log[:len(log)-1]), 2, "the JSON is cut off there"},
		{"a broken record", strings.Replace(log, `"eventTime"`, `"eventTime`, 1), 0, "record"},
		{"a wrong word in a record that does not matter", strings.Replace(log, `"eventTime"`, `"x":tru,"eventTime"`, 1), 2, `"tru" where a value`},
		{"a control character", strings.Replace(log, `"eventTime":"`, "\"x\":\"\x00\",\"eventTime\":\"", 1), 2, "in a string"},
		{"packed twice", pack(t, packed), 0, "it is packed by gzip twice: JSON is read, in UTF-8 and plain or packed by gzip"},
		{"zip", "PK\x03\x04\x14\x00", 0, "it is a zip archive: "},
		{"zstd, packed", pack(t, "\x28\xb5\x2f\xfd\x24\x00"), 0, "it is packed by zstd: "},
		{"UTF-16", "\xff\xfe{\x00}\x00", 0, "it is text in UTF-16, as > writes it in Windows PowerShell: "},
		{"UTF-16 without a mark", "{\x00}\x00", 0, "it is text in UTF-16"},
		{"a bomb", bomb(t), 0, ErrBomb.Error()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := scanned(t, new(Scanner), texts{soundLog, tt.input, soundLog})
			if result.Denials < 1+tt.least {
				t.Errorf("%d denials", result.Denials)
			}
			if len(result.Unreadable) != 1 || result.Unreadable[0].Where != "input-1" || !strings.Contains(result.Unreadable[0].Why, tt.why) {
				t.Errorf("unreadable = %q, want %q", result.Unreadable, tt.why)
			}
			if whole := strings.HasPrefix(result.Unreadable[0].Why, "it is ") || strings.HasSuffix(result.Unreadable[0].Why, "is empty"); whole && result.Records != 2 {
				t.Errorf("%d records", result.Records)
			}
		})
	}
}

func TestWhatIsNoDamage(t *testing.T) {
	log := damagedLog()
	tests := []struct{ name, input string }{
		{"members that follow each other", pack(t, log[:100]) + pack(t, log[100:])},
		{"logs that follow each other", pack(t, soundLog) + pack(t, log)},
		{"an empty member", pack(t, "") + pack(t, log)},
		{"a log without records", pack(t, `{"Records":[]}`) + pack(t, log)},
		{"plain", log},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := scanned(t, new(Scanner), texts{soundLog, tt.input})
			if result.Denials != 3 || len(result.Unreadable) > 0 {
				t.Errorf("%d denials, unreadable %q", result.Denials, result.Unreadable)
			}
		})
	}
}

// bomb is a little that unpacks to much.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for range freelyUnpacked>>20 + 2 {
		if _, err := w.Write(blanks); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// FuzzDamage changes a log, packed or plain. What is not the same log any more
// is reported, and no denial of another one is lost.
func FuzzDamage(f *testing.F) {
	log := damagedLog()
	packed := pack(f, log)
	for _, at := range []int{0, 3, 9, 30, len(packed) - 9, len(packed) - 1} {
		f.Add(true, at, 1, []byte("x"))
		f.Add(true, at, len(packed)-at, []byte(nil))
		f.Add(false, at*len(log)/len(packed), 1, []byte("\""))
		f.Add(false, at*len(log)/len(packed), 1, []byte("}"))
	}
	f.Fuzz(func(t *testing.T, gzipped bool, at, drop int, put []byte) {
		sound := log
		if gzipped {
			sound = packed
		}
		at = within(at, len(sound))
		drop = within(drop, len(sound)-at)
		changed := sound[:at] + string(put) + sound[at+drop:]
		result := scanned(t, &Scanner{Workers: 1}, texts{soundLog, changed, soundLog})
		if !keeps(result, "repo:acme/b:ref:refs/heads/x") {
			t.Fatalf("the denial of another log is lost: %+v", result)
		}
		if broken(changed) && len(result.Unreadable) == 0 {
			t.Fatalf("not reported: %q", changed)
		}
		if changed == sound && (len(result.Unreadable) > 0 || result.Denials != 3) {
			t.Fatalf("reported, though nothing is wrong: %q", result.Unreadable)
		}
	})
}

// within folds any number into 0 to most, so that every input says something.
func within(n, most int) int {
	if n < 0 || n > most {
		n = (n%(most+1) + most + 1) % (most + 1)
	}
	return n
}

func keeps(result *Result, subject string) bool {
	return slices.ContainsFunc(result.Incidents, func(one Incident) bool { return slices.Contains(one.Subjects, subject) })
}

// broken is whether the standard library finds fault with an input.
func broken(input string) bool {
	text := []byte(input)
	if strings.HasPrefix(input, "\x1f\x8b") {
		r, err := gzip.NewReader(strings.NewReader(input))
		if err != nil {
			return true
		}
		if text, err = io.ReadAll(r); err != nil {
			return true
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return len(text) == 0
	}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err != io.EOF
		}
	}
}
