package cloudtrail

import (
	"errors"
	"strings"
	"testing"
)

// What is in a format that is not read is named, packed or not.
func TestFormats(t *testing.T) {
	packed := string(zip(t, []byte(`{}`)))
	for _, tt := range []struct{ name, input, want string }{
		{"zip", "PK\x03\x04\x14\x00\x08", "a zip archive"},
		{"zstd", "\x28\xb5\x2f\xfd\x24\x00", "packed by zstd"},
		{"bzip2", "BZh91AY", "packed by bzip2"},
		{"Parquet", "PAR1\x15\x04", "Parquet"},
		{"Parquet, packed", string(zip(t, []byte("PAR1\x15\x04"))), "Parquet"},
		{"packed twice", string(zip(t, []byte(packed))), gzip2},
		{"UTF-16", "\xff\xfe{\x00}\x00", utf16},
		{"UTF-16, most significant byte first", "\xfe\xff\x00{", utf16},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var all []error
			for _, err := range NewReader(strings.NewReader(tt.input), "x").Events() {
				all = append(all, err)
			}
			var format FormatError
			if len(all) != 1 || !errors.As(all[0], &format) || string(format) != tt.want || all[0].Error() != "x: "+format.Error() {
				t.Errorf("%v, want %s", all, tt.want)
			}
		})
	}
}
