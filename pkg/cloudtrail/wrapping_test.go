package cloudtrail

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wrapping is one of the forms in which records come. It keeps every byte of
// a record but in strings, where it is encoded.
type wrapping struct {
	name string
	wrap func(records [][]byte) []byte
}

var wrappings = []wrapping{
	{"concatenated", func(r [][]byte) []byte { return bytes.Join(r, nil) }},
	{"JSON lines", wrapLines},
	{"JSON lines, CRLF", func(r [][]byte) []byte { return bytes.Join(r, []byte("\r\n")) }},
	{"array", wrapArray},
	{"array of arrays", func(r [][]byte) []byte {
		return wrapArray(each(r, func(one []byte) []byte { return wrapArray([][]byte{one}) }))
	}},
	{"file", wrapFile},
	{"file with members around", func(r [][]byte) []byte {
		return fmt.Appendf(nil, `{"before": [{"Records": 1}], "Records" : %s , "after": {"eventName": "none"}}`, wrapArray(r))
	}},
	{"a file a line", func(r [][]byte) []byte {
		return wrapLines(each(r, func(one []byte) []byte { return wrapFile([][]byte{one}) }))
	}},
	{"array of files", func(r [][]byte) []byte {
		return wrapArray(each(r, func(one []byte) []byte { return wrapFile([][]byte{one}) }))
	}},
	{"EventBridge", func(r [][]byte) []byte { return wrapLines(each(r, wrapEventBridge)) }},
	{"SQS batch", func(r [][]byte) []byte {
		return wrapFile(each(r, func(one []byte) []byte { return wrapMessage(wrapEventBridge(one)) }))
	}},
	{"SQS batch of files", func(r [][]byte) []byte { return wrapFile([][]byte{wrapMessage(wrapFile(r))}) }},
	{"LookupEvents", func(r [][]byte) []byte {
		return fmt.Appendf(nil, `{"NextToken": "x", "Events": %s}`, wrapArray(each(r, wrapLookupItem)))
	}},
	{"LookupEvents items", func(r [][]byte) []byte { return wrapLines(each(r, wrapLookupItem)) }},
	{"mixed", func(r [][]byte) []byte {
		forms := []func([]byte) []byte{
			wrapEventBridge, wrapLookupItem, func(one []byte) []byte { return wrapFile([][]byte{one}) },
			func(one []byte) []byte { return one },
		}
		i := -1
		return wrapArray(each(r, func(one []byte) []byte {
			i++
			return forms[i%len(forms)](one)
		}))
	}},
}

func wrapLines(r [][]byte) []byte { return bytes.Join(r, []byte("\n")) }

func wrapArray(r [][]byte) []byte {
	return slices.Concat([]byte("["), bytes.Join(r, []byte(", ")), []byte("]"))
}

func wrapFile(r [][]byte) []byte { return fmt.Appendf(nil, `{"Records":%s}`, wrapArray(r)) }

func wrapEventBridge(one []byte) []byte {
	return fmt.Appendf(nil, `{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.sts",`+
		`"time":"2024-01-01T00:00:00Z","resources":[],"detail":%s}`, one)
}

func wrapMessage(body []byte) []byte {
	return fmt.Appendf(nil, `{"messageId":"m","body":%s,"eventSource":"aws:sqs"}`, quote(body))
}

func wrapLookupItem(one []byte) []byte {
	return fmt.Appendf(nil, `{"EventId":"e","EventName":"AssumeRoleWithWebIdentity","ReadOnly":"true",`+
		`"EventTime":1700000000.0,"CloudTrailEvent":%s}`, quote(one))
}

func quote(text []byte) []byte {
	quoted, err := json.Marshal(string(text))
	if err != nil {
		panic(err)
	}
	return quoted
}

func each(r [][]byte, wrap func([]byte) []byte) [][]byte {
	out := make([][]byte, len(r))
	for i, one := range r {
		out[i] = wrap(one)
	}
	return out
}

// zip compresses text into several members, as concatenating files makes them.
func zip(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	for part := range slices.Chunk(text, max(1000, len(text)/5)) {
		w := gzip.NewWriter(&b)
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compact(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sample is a record with an id and a name of its own.
func sample(id string) string {
	return fmt.Sprintf(`{"eventID":%q,"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z",`+
		`"errorCode":"AccessDenied","requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/r"}}`, id)
}

// read returns the ids of the events and the errors of an input, in order.
func read(input string, opts ...Option) (ids []string, errs []*Error) {
	for ev, err := range NewReader(strings.NewReader(input), "input", opts...).Events() {
		if err != nil {
			errs = append(errs, err.(*Error)) //nolint:errorlint // the contract is that it is one
			continue
		}
		ids = append(ids, ev.ID)
	}
	return ids, errs
}
