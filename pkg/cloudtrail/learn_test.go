package cloudtrail

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSieveTellsShapesApart learns shapes of which one begins as another does.
func TestSieveTellsShapesApart(t *testing.T) {
	const head = `{"eventTime":"2026-01-02T03:04:05Z","eventName":`
	tests := []struct {
		name    string
		learned []string
		read    []string
	}{
		{
			"a number, an object",
			[]string{`"GetRole","x":5,"y":"z"}`, `"GetRole","x":{"n":3,"errorCode":"a"},"y":"z"}`, `"GetRole","x":{"n":3,"errorCode":"a","y":"z"},"y":"z"}`},
			[]string{`"AssumeRoleWithWebIdentity","x":5,"errorCode":"AccessDenied","y":"z"}`, `"AssumeRoleWithWebIdentity","x":5,"errorCode":"AccessDenied"},"y":"z"}`},
		},
		{
			"a number, a string",
			[]string{`"ListUsers","p":{"n":5},"y":"z"}`, `"ListUsers","p":{"n":"5"},"y":"z"}`},
			[]string{`"ListUsers","p":{"n":5"},"y":"z"}`, `"ListUsers","p":{"n":"5},"y":"z"}`},
		},
		{
			"a number, a word",
			[]string{`"ListKeys","p":{"n":5},"z":"a"}`, `"ListKeys","p":{"n":null},"m":3}`},
			[]string{`"ListKeys","p":{"n":5},"y":"a"}`, `"ListKeys","p":{"n":null}}`, `"ListKeys","p":{"n":5},"m":3}`},
		},
		{
			"a constant that has an escape",
			[]string{`"ListUsers","awsRegion":"a\\b","y":"z"}`, `"ListUsers","awsRegion":"a","q":{"b":"c","errorCode":"d"},"y":"z"}`},
			[]string{`"AssumeRoleWithWebIdentity","awsRegion":"b","errorCode":"AccessDenied","y":"z"}`, `"ListUsers","awsRegion":"b","errorCode":"d"},"y":"z"}`},
		},
		{
			"a member within another one",
			[]string{`"ListUsers","sourceIPAddress":"2001:0db8:85a3:0000:0000:8a2e:0370:7334","x":"c","y":"z"}`, `"ListUsers","sourceIPAddress":"2001:0db8:85a3:0000:0000:8a2e:0370:7334","x":{"n":"c","y":"z"},"q":"d"}`},
			[]string{`"ListUsers","sourceIPAddress":"2001:0db8:85a3:0000:0000:8a2e:0370:7334","x":"c","y":"z"}`, `"ListUsers","sourceIPAddress":"2001:0db8:85a3:0000:0000:8a2e:0370:7334","x":{"n":"c","y":"z"},"q":"d"}`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sieve := new(Sieve)
			for _, shape := range tt.learned {
				readAll(bytes.NewReader([]byte(head+shape)), window, sieve)
			}
			for _, record := range tt.read {
				checkSieve(t, []byte(head+record), window, sieve)
			}
		})
	}
}

// TestSievePassesOverNumbersAndStrings reads records in which a member is now a
// number and now something else.
func TestSievePassesOverNumbersAndStrings(t *testing.T) {
	sieve := new(Sieve)
	records := []string{
		`{"eventTime":"2026-01-02T03:04:05Z","eventName":"ListKeys","p":{"n":5},"y":"z"}`,
		`{"eventTime":"2026-01-02T03:04:05Z","eventName":"ListKeys","p":{"n":"5"},"y":"z"}`,
		`{"eventTime":"2026-01-02T03:04:05Z","eventName":"ListKeys","p":{"n":null},"y":"z"}`,
	}
	for _, record := range records {
		readAll(strings.NewReader(record), window, sieve)
	}
	for _, record := range records {
		w := &walker{seen: new(Seen), sieve: newSifting(sieve), scan: newScanner(strings.NewReader(record), window, window, nil)}
		if passed, err := w.passOver(); !passed || err != nil {
			t.Errorf("looked at byte by byte: %s", record)
		}
	}
}

// TestSieveLearnsAnyShape makes records of few names with all kinds of values,
// so that what it has learned of one is the beginning of another.
func TestSieveLearnsAnyShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := rapid.SliceOfN(rapid.Custom(anyRecord), 2, 8).Draw(t, "pool")
		records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []byte {
			record := rapid.SampledFrom(pool).Draw(t, "record")
			if rapid.IntRange(0, 9).Draw(t, "damage") == 0 {
				record = damage(t, record)
			}
			return record
		}), 10, 60).Draw(t, "records")
		wrap := rapid.SampledFrom([]func([][]byte) []byte{wrapFile, wrapLines}).Draw(t, "wrap")
		checkSieve(t, wrap(records), rapid.SampledFrom([]int{64, 700, window}).Draw(t, "window"), new(Sieve))
	})
}

// anyRecord has members with values of any kind.
func anyRecord(t *rapid.T) []byte {
	members := []string{
		`"eventName":"` + rapid.SampledFrom([]string{"AssumeRoleWithWebIdentity", "GetRole", "DeleteRole"}).Draw(t, "call") + `"`,
		`"eventTime":"2026-01-02T03:04:05Z"`, `"eventID":"1"`, `"sourceIPAddress":"192.0.2.1"`, `"userAgent":"x"`,
	}
	for range rapid.IntRange(0, 5).Draw(t, "members") {
		members = append(members, anyMember(t, 0))
	}
	return []byte("{" + strings.Join(rapid.Permutation(members).Draw(t, "order"), ",") + "}")
}

func anyMember(t *rapid.T, depth int) string {
	name := rapid.SampledFrom([]string{"x", "y", "type", "errorCode", "errorMessage", "eventName", "eventID"}).Draw(t, "name")
	return `"` + name + `":` + anyValue(t, depth)
}

func anyValue(t *rapid.T, depth int) string {
	switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
	case kind == 0 && depth < 3:
		return "{" + anyMember(t, depth+1) + "," + anyMember(t, depth+1) + "}"
	case kind == 1 && depth < 3:
		return "[" + anyValue(t, depth+1) + "," + anyValue(t, depth+1) + "]"
	}
	return rapid.SampledFrom([]string{
		`5`, `-1.5e3`, `true`, `null`, `tru`, `{}`, `[]`, `""`, `"a"`, `"b\\c"`, `"\""`, `"\q"`, `"AccessDenied"`, `"},{"`,
		`"\",\"eventName\":\"DeleteRole"`, "\"\xff\"", "\"\x01\"",
	}).Draw(t, "value")
}
