package cloudtrail

import (
	"bytes"
	"io"
)

// FormatError is about text or data in a format that holds no records as they
// are read. It is what the format is called.
type FormatError string

// Error names the format, and what is read.
func (f FormatError) Error() string {
	return "it is " + string(f) + ": JSON is read, in UTF-8 and plain or packed by gzip"
}

// formats are told apart by how they begin, as no JSON does.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (zip)
// https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1 (zstd)
// https://parquet.apache.org/docs/file-format/
// https://avro.apache.org/docs/1.12.0/specification/#object-container-files
// https://tukaani.org/xz/xz-file-format.txt
var formats = []struct{ head, name string }{
	{"PK\x03\x04", "a zip archive"},
	{"PK\x05\x06", "a zip archive"},
	{"\x28\xb5\x2f\xfd", "packed by zstd"},
	{"BZh", "packed by bzip2"},
	{"\xfd7zXZ\x00", "packed by xz"},
	{"\x04\x22\x4d\x18", "packed by lz4"},
	{"PAR1", "Parquet"},
	{"Obj\x01", "Avro"},
	{"\xff\xfe", utf16},
	{"\xfe\xff", utf16},
	{"{\x00", utf16},
	{"[\x00", utf16},
	{"\x00{", utf16},
	{"\x00[", utf16},
}

const (
	utf16 = "text in UTF-16, as > writes it in Windows PowerShell"
	gzip2 = "packed by gzip twice"
)

// mostHead is how many bytes tell a format.
const mostHead = 6

// FormatOf tells a format in which no records are read by how it begins, of
// which a few bytes do. It is a FormatError, or nil where it may be JSON or
// gzip.
func FormatOf(head []byte) error {
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.head)) {
			return FormatError(f.name)
		}
	}
	return nil
}

// known is what was packed by gzip. Its format is looked at as it comes.
type known struct {
	io.Reader
	looked bool
}

// Read fails at the beginning of what is no text.
func (k *known) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	if k.looked || n == 0 {
		return n, err
	}
	k.looked = true
	wrong := FormatOf(p[:n])
	if bytes.HasPrefix(p[:n], []byte(gzipHead)) {
		wrong = FormatError(gzip2)
	}
	if wrong != nil {
		return 0, wrong
	}
	return n, err
}
