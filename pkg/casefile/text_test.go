package casefile

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestLoadTakesWhatEditorsAndGzipWrite(t *testing.T) {
	const plain = `{"roles":[]}`
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte("\xef\xbb\xbf" + plain)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed := b.String()
	wide := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(plain)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for _, tt := range []struct{ name, text, err string }{
		{"a mark", "\xef\xbb\xbf" + plain, ""},
		{"gzip", packed, ""},
		{"gzip that is cut off", packed[:len(packed)-9], "x: the gzip data is cut off"},
		{"gzip that is damaged", packed[:len(packed)-8] + "01234567", "x: the gzip data is damaged: "},
		{"UTF-16", string(wide), "x: it is text in UTF-16, as > writes it in Windows PowerShell: "},
		{"zip", "PK\x03\x04", "x: it is a zip archive: "},
	} {
		_, err := Load(strings.NewReader(tt.text), "x")
		if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.err)
		}
	}
}
