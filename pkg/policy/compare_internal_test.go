package policy

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	tests := []struct {
		s, want string // want in RFC 3339, "" where s is no date
	}{
		{"2026", "2026-01-01T00:00:00Z"},
		{"2026-02", "2026-02-01T00:00:00Z"},
		{"2024-02-29", "2024-02-29T00:00:00Z"},
		{"2026-02-29", ""},
		{"2000-02-29T23:59Z", "2000-02-29T23:59:00Z"},
		{"1900-02-29", ""},
		{"2026-03-01T12:00:00.5-00:30", "2026-03-01T12:30:00.5Z"},
		{"2026-03-01T12:00:00.123456789123Z", "2026-03-01T12:00:00.123456789Z"},
		{"0", "1970-01-01T00:00:00Z"},
		{"-1", "1969-12-31T23:59:59Z"},
		{"1772366400", "2026-03-01T12:00:00Z"},
		{"", ""},
		{"-", ""},
		{"123456789012345678", ""},
		{"2026-3-1", ""},
		{"2026-00-01", ""},
		{"2026-13-01", ""},
		{"2026-01-00", ""},
		{"2026-04-31", ""},
		{"2026-03-01T", ""},
		{"2026-03-01T12Z", ""},
		{"2026-03-01T12:00", ""},
		{"2026-03-01T24:00Z", ""},
		{"2026-03-01T12:60Z", ""},
		{"2026-03-01T12:00:60Z", ""},
		{"2026-03-01T12:00:00.Z", ""},
		{"2026-03-01T12:00:00+0100", ""},
		{"2026-03-01T12:00:00+24:00", ""},
		{"2026-03-01T12:00:00Zx", ""},
		{"2026-03-01 12:00:00Z", ""},
		{"2026-03T12:00Z", "2026-03-01T12:00:00Z"},
		{"tomorrow", ""},
	}
	for _, test := range tests {
		got, ok := parseDate(test.s)
		if ok != (test.want != "") {
			t.Errorf("%q: ok %v", test.s, ok)
			continue
		}
		if text := time.Unix(got.seconds, got.nanos).UTC().Format(time.RFC3339Nano); ok && text != test.want {
			t.Errorf("%q is %s, want %s", test.s, text, test.want)
		}
	}
}

func TestParseDateIsTimeParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Years of four digits, as both write them.
		at := time.Unix(rapid.Int64Range(-62135596800+86400, 253402300799-86400).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanos"))
		at = at.In(time.FixedZone("", 60*rapid.IntRange(-23*60, 23*60).Draw(t, "zone")))
		got, ok := parseDate(at.Format(time.RFC3339Nano))
		if !ok || got.seconds != at.Unix() || got.nanos != int64(at.Nanosecond()) {
			t.Errorf("%s is %+v, %v", at.Format(time.RFC3339Nano), got, ok)
		}
	})
}

func TestDecimalsAreRationals(t *testing.T) {
	decimals := rapid.StringMatching(`[-+]?[0-9]{1,20}(\.[0-9]{1,12})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals.Draw(t, "a"), decimals.Draw(t, "b")
		da, ok := parseDecimal(a)
		db, ok2 := parseDecimal(b)
		ra, _ := new(big.Rat).SetString(a)
		rb, _ := new(big.Rat).SetString(b)
		if !ok || !ok2 || compareDecimals(da, db) != ra.Cmp(rb) || compareDecimals(da, da) != 0 {
			t.Errorf("%s against %s: %d, want %d", a, b, compareDecimals(da, db), ra.Cmp(rb))
		}
	})
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, s := range []string{"", "-", "+", ".", "1.", ".5", "1e3", "0x1", "1 ", "--1", "1.2.3", "٣", "NaN"} {
		if d, ok := parseDecimal(s); ok {
			t.Errorf("%q is taken for %+v", s, d)
		}
	}
}

func TestZeroHasNoSign(t *testing.T) {
	a, _ := parseDecimal("-0.00")
	b, _ := parseDecimal("0")
	if compareDecimals(a, b) != 0 {
		t.Error("-0 differs from 0")
	}
}

func TestQuoteIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		var back string
		if err := json.Unmarshal([]byte(quote(s)), &back); err != nil || back != s {
			t.Errorf("%q is written %s: %v", s, quote(s), err)
		}
		escaped, _ := json.Marshal(s)
		if got := unquote(string(escaped[1 : len(escaped)-1])); got != s {
			t.Errorf("%s is read as %q, want %q", escaped, got, s)
		}
	})
}

func TestUnquoteSurrogates(t *testing.T) {
	tests := []struct{ literal, want string }{
		{`\ud83d\ude00`, "😀"}, {`\ud83d`, "\uFFFD"}, {`\ud83dx`, "\uFFFDx"}, {`\ude00\ud83d`, "\uFFFD\uFFFD"}, {`\ud83d\u0041`, "\uFFFDA"}, {`\ud83d\n`, "\uFFFD\n"},
	}
	for _, test := range tests {
		if got := unquote(test.literal); got != test.want {
			t.Errorf("%s is %q, want %q", test.literal, got, test.want)
		}
	}
}

// FuzzScan compares the scanner with the standard library's, depth and
// UTF-8 apart.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e+3,true,null,"\u00e9\n"]}`, `[`, `{"a"`, `01`, `"\ud83d"`, " \t[ ] "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tape, offset, msg := scan(text, nil)
		if offset < 0 || offset > len(text) {
			t.Errorf("offset %d of %d bytes", offset, len(text))
		}
		if valid := json.Valid([]byte(text)); valid != (msg == "") && utf8.ValidString(text) && msg != "nested too deep" {
			t.Errorf("%q: %s, but valid is %v", text, msg, valid)
		}
		if msg == "" && int(tape[0].next) != len(tape) {
			t.Errorf("the first of %d nodes ends at %d", len(tape), tape[0].next)
		}
		_ = pathAt(text, offset)
	})
}
