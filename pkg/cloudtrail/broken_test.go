package cloudtrail

import (
	"slices"
	"strings"
	"testing"
)

// TestReaderGoesOnAfterBrokenInput marks records as a, b, c …; want lists
// what is read, with the text of errors in their place.
func TestReaderGoesOnAfterBrokenInput(t *testing.T) {
	a, b, c := sample("a"), sample("b"), sample("c")
	tests := []struct {
		name  string
		input string
		want  []string
	}{
		{"empty", "", []string{"the input is empty"}},
		{"white space alone", " \n", nil},
		{"text", "Not authorized to perform\nsts:AssumeRoleWithWebIdentity", []string{"'N' where a value"}},
		{"a string", `"a"`, []string{"not a CloudTrail record"}},
		{"scalars between records", "1" + a + "null" + b + `"x"` + c, []string{"no", "a", "no", "b", "no", "c"}},
		{"an object that is no record", `{"a":1}` + b, []string{"not a CloudTrail record", "b"}},
		{"a record without its name", `{"eventName":null}` + b, []string{"not a CloudTrail record", "b"}},
		{"detail that is no object", `{"detail":"x"}` + b, []string{"is a string where an object", "not a CloudTrail", "b"}},
		{"body that is no JSON", `{"Records":[{"body":"hello"},` + string(wrapMessage([]byte(b))) + `]}`, []string{"in the JSON text of a string: not JSON", "b"}},
		{"body that is empty", `{"body":""}` + b, []string{"in the JSON text of a string: the input is empty", "b"}},
		{"body that is no string", `{"body":{}}` + b, []string{"not a CloudTrail record", "b"}},
		{"Records that is no list", `{"Records":{}}` + b, []string{"not a CloudTrail record", "b"}},
		{"a message of S3", `{"Records":[{"eventVersion":"2.1","s3":{}},` + b + `]}`, []string{"not a CloudTrail record", "b"}},

		{"lines, text before", "hello\n" + b, []string{"text where a record", "b"}},
		{"lines, one cut off in a string", a + "\n" + b[:30] + "\n" + c, []string{"a", "closing quote", "c"}},
		{"lines, one cut off after an escape", a + "\n" + `{"a":"\` + "\n" + c, []string{"a", "closing quote", "c"}},
		{"lines, one cut off before a brace", a + "\n" + strings.TrimSuffix(b, "}") + "\n" + c, []string{"a", "'{' where", "c"}},
		{"lines, one cut off after a colon", a + "\n" + `{"a":` + "\n" + b + "\n" + c, []string{"a", "'{' where", "b", "c"}},
		{"lines, one cut off after a comma", a + "\n" + `{"a":1,` + "\n" + c, []string{"a", "'{' where", "c"}},
		{"lines, two cut off", `{"a":` + "\n" + `{"a":` + "\n" + c + "\n" + c, []string{"'{' where", "'{' where", "c", "c"}},
		{"lines of files, one cut off", `{"Records":[` + a + `,{"b":1` + "\n" + `{"Records":[` + c + `]}`, []string{"a", "'{' where", "c"}},
		{"lines of files, one cut off in a string", `{"Records":[` + a + `,{"b":"x` + "\n" + `{"Records":[` + c + `]}`, []string{"a", "closing quote", "c"}},
		{"lines of files, one cut off after a colon", `{"Records":[` + a + `,{"b":` + "\n" + b + "\n" + c, []string{"a", "'{' where", "b", "c"}},
		{"lines of files, one cut off behind its list", `{"Records":[` + a + `],` + "\n" + c, []string{"a", "'{' where", "c"}},
		{"lines of arrays, one with a member", `["":` + "\n" + c, []string{"not a CloudTrail record", "':' where", "c"}},
		{"lines of arrays, one with text", `[x{"a":` + "\n" + b + "\n" + c, []string{"text where", "b", "c"}},
		{"lines of files, one cut off in a member behind", `{"Records":[` + a + `],"x":{"y":` + "\n" + c, []string{"a", "unexpected EOF", "c"}},
		{"escaped names", `{"\u0052ecords":[{"event\u004eame":"x","eventTime":"2024-07-09T15:41:37Z","eventID":"\u0061"}]}`, []string{"a"}},
		{"wrongly escaped names", `{"\Records":[` + a + `]}` + b, []string{"not a CloudTrail record", "b"}},
		{"a bracket too many", a + "}\n" + b, []string{"a", "'}' where a value", "b"}},
		{"commas between lines", a + ",\n" + b, []string{"a", "',' where a value", "b"}},
		{"cut off at the end", a + "\n" + b[:50], []string{"a", "unexpected EOF"}},

		{"array, an element without a value", `[` + a + `,{"x":},` + b + `]` + c, []string{"a", "'}' where a value", "b", "c"}},
		{"array, an element without a colon", `[` + a + `,{"x" 1},` + b + `]` + c, []string{"a", "'1' where ':'", "b", "c"}},
		{"array, an unclosed list", `[{"x":[1,2},` + b + `]` + c, []string{"'}' where", "b", "c"}},
		{"array, an unclosed object", `[{"x":{"y":1},` + b + `]` + "\n" + c, []string{"'{' where", "c"}},
		{"array, a stray bracket", `[{"x":1]},` + b + `]` + "\n" + c, []string{"']' where", "'}' where", "c"}},
		{"array, two commas", `[` + a + `,,` + b + `]` + c, []string{"a", "',' where a value", "b", "c"}},
		{"array, no comma", `[` + a + ` x ,` + b + `]` + c, []string{"a", "'x' where ','", "b", "c"}},
		{"array, a comma at the end", `[` + a + `,]` + c, []string{"a", "']' where a value", "c"}},
		{"array, single quotes", `[{'x':'y, z'},` + b + `]`, []string{`'\'' where a string`, "b"}},
		{"file, a broken element", `{"Records":[` + a + `,{"x":tru e},` + b + `]}` + c, []string{"a", "'e' where", "b", "c"}},
		{"file, broken after the list", `{"Records":[` + a + `],"x":}` + "\n" + c, []string{"a", "'}' where", "c"}},
		{"file, cut off", `{"Records":[` + a + `,` + b[:60], []string{"a", "unexpected EOF"}},
		{"file, cut off between", `{"Records":[` + a + `,`, []string{"a", "unexpected EOF"}},
		{"file, cut off after its list", `{"Records":[` + a + `]`, []string{"a", "unexpected EOF"}},
		{"array of files, a broken record", `[{"Records":[{"x":},` + a + `]},{"Records":[` + b + `]}]`, []string{"'}' where a value", "a", "b"}},
		{"a wrong word", `[{"x":tru,` + a[1:] + `,` + b + `]`, []string{`"tru" where a value`, "a", "b"}},
		{"a wrong word around a list", `{"x":nil,"Records":[` + a + `],"y":1.}`, []string{`"nil" where a value`, "a", `"1." where a value`}},
		{"a wrong word beside a text", `{"x":+1,` + string(wrapMessage([]byte(b)))[1:], []string{`"+1" where a value`, "b"}},
		{"a wrong escape", `[{"x":"\q",` + a[1:] + `,` + b + `]`, []string{"a wrong escape", "a", "b"}},
		{"a wrong escape of a character", `[{"x":"\u12x",` + a[1:] + `,` + b + `]`, []string{"a wrong escape", "a", "b"}},
		{"a control character", `[{"x":"` + "\x00" + `",` + a[1:] + `,` + b + `]`, []string{`'\x00' in a string`, "a", "b"}},
		{"two faults", `[{"x":"\q","y":tru,` + a[1:] + `,` + b + `]`, []string{"a wrong escape", "a", "b"}},
		{"a fault in what is given up", `[{"x":tru,"y"},` + b + `]`, []string{"'}' where ':'", "b"}},
		{"a number that no window holds", `[{"x":` + strings.Repeat("1", 2*mostWord) + `,` + a[1:] + `]`, []string{"a"}},
		{"invalid UTF-8", `[` + strings.Replace(a, "AccessDenied", "\xff", 1) + `,` + b + `]`, []string{"UTF-8", "a", "b"}},
		{"JSON in JSON in JSON in JSON", string(wrapMessage(wrapMessage(wrapMessage(wrapMessage([]byte(a)))))) + b, []string{"not a CloudTrail record", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRead(t, tt.input, tt.want) })
	}
}

// checkRead compares ids with what is wanted, and errors by a part of them.
func checkRead(t *testing.T, input string, want []string, opts ...Option) {
	t.Helper()
	var got []string
	for ev, err := range NewReader(strings.NewReader(input), "input", opts...).Events() {
		switch {
		case (ev == nil) == (err == nil):
			t.Errorf("event %v with error %v; want one of them", ev, err)
		case err != nil && len(got) < len(want) && strings.Contains(err.Error(), want[len(got)]):
			got = append(got, want[len(got)])
		case err != nil:
			got = append(got, err.Error())
		default:
			got = append(got, ev.ID)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("read\n\t%q, want\n\t%q", got, want)
	}
}

func TestErrorOffsets(t *testing.T) {
	a := sample("a")
	tests := []struct {
		name, input string
		record      int
		offset      int
	}{
		{"of a value that is no record", a + "\n" + `{"b":1}`, 2, len(a) + 1},
		{"of a wrong byte", a + "\n" + `{"b":]`, 2, len(a) + 6},
		{"of an element", `[` + a + `,` + a + `, 7]`, 3, 2*len(a) + 4},
		{"of the end", a + a[:10], 2, len(a) + 10},
		{"of a message with a bad body", `[` + a + `,{"body":"x"}]`, 2, len(a) + 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := read(tt.input)
			if len(errs) != 1 || errs[0].Record != tt.record || errs[0].Offset != int64(tt.offset) {
				t.Errorf("errors = %v; want record %d at byte %d", errs, tt.record, tt.offset)
			}
		})
	}
}
