package cloudtrail

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestStride holds the steps that are taken many at a time to those that are
// taken one by one.
func TestStride(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		way, text := drawTrail(t)
		if _, taken := way.follow(text, 0, 0); taken != len(way.steps) {
			t.Fatalf("%q: %d of %d steps", text, taken, len(way.steps))
		}
		for range rapid.IntRange(0, 2).Draw(t, "wrong bytes") {
			text[rapid.IntRange(0, len(text)-1).Draw(t, "at")] = rapid.SampledFrom([]byte("\"\\\x1f\x7f\xffa ")).Draw(t, "byte")
		}
		text = text[:rapid.IntRange(0, len(text)).Draw(t, "cut")]
		end, taken := 0, 0
		for taken < len(way.steps) {
			behind := way.step(taken, text, end)
			if behind == 0 {
				break
			}
			end, taken = behind, taken+1
		}
		gotEnd, gotTaken := way.follow(text, 0, 0)
		if gotEnd != end || gotTaken != taken {
			t.Fatalf("%q: %d steps to %d; one by one %d to %d", text, gotTaken, gotEnd, taken, end)
		}
	})
}

// drawTrail draws a trail and a text that it leads through.
func drawTrail(t *rapid.T) (*trail, []byte) {
	p := &path{Sieve: new(Sieve), trail: new(trail), found: found{names: 1, name: span{0, 1}}, text: []byte("x")}
	kept, text := p.trail, []byte{}
	step := func(edge string, v value, next *node, behind string) {
		p.keepStep([]byte(edge), v, next, false)
		text = append(text, edge+behind...)
	}
	values := rapid.SampledFrom([]string{"", "a", `\"\u00e4`, "ä", strings.Repeat("b", 15), strings.Repeat("c", 64), strings.Repeat("d", 16) + `\n`})
	for range rapid.IntRange(1, 6).Draw(t, "steps") {
		edge := `"` + rapid.StringOfN(rapid.RuneFrom([]rune(`ab":,{}`)), 0, 70, -1).Draw(t, "edge")
		if rapid.Bool().Draw(t, "a number") {
			step(edge, number, new(node), "-1.5e3")
			edge = `,"`
		}
		step(edge, anyString, new(node), values.Draw(t, "string"))
	}
	if rapid.Bool().Draw(t, "a head") {
		step(`","eventTime":"`, timeValue, new(node), `2026-01-02T03:04:05Z","eventSource"`)
	} else {
		step(`"}`, nothing, nil, `,{"eventVersion":"1.11"`)
	}
	return kept, text
}

// TestTrailIsBounded keeps no more of a trail than may be kept.
func TestTrailIsBounded(t *testing.T) {
	tests := []struct {
		name string
		text string
	}{
		{"many steps", `"x"`},
		{"long texts", strings.Repeat("x", mostTrailText/2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &path{Sieve: new(Sieve), trail: new(trail)}
			kept := p.trail
			for i := 0; p.trail != nil; i++ {
				if p.keepStep([]byte(tt.text), anyString, new(node), false); i > mostSteps {
					t.Fatalf("%d steps were kept", i)
				}
			}
			if len(kept.texts) > mostTrailText+mostSteps*strideBytes {
				t.Errorf("%d bytes were kept", len(kept.texts))
			}
		})
	}
}

// TestDenialsLeaveTheTrailOfSuccesses reads calls of which some fail: what they
// go on with is what the others do.
func TestDenialsLeaveTheTrailOfSuccesses(t *testing.T) {
	success := webIdentityCall("success", "")
	denial := func(id string) string { return webIdentityCall(id, denied) }
	tests := []struct {
		name    string
		records []string
	}{
		{"after one", []string{success, denial("1"), success, success, denial("2"), denial("3"), success, denial("4")}},
		{"after another", []string{denial("1"), success, success, success, denial("2"), success, denial("3"), denial("4")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ids, errs := read(strings.Join(tt.records, "\n"), Sift(new(Sieve)))
			if want := []string{"1", "2", "3", "4"}; !slices.Equal(ids, want) || errs != nil {
				t.Errorf("read %v, %v, want %v", ids, errs, want)
			}
		})
	}
}

// TestSuccessesOnTheTrailOfADenial passes over successes that leave the trail of
// a denial where that tells of the failure, and come back to it behind.
func TestSuccessesOnTheTrailOfADenial(t *testing.T) {
	success, denial := webIdentityCall("success", ""), webIdentityCall("denial", denied)
	sieve := new(Sieve)
	readAll(strings.NewReader(success+denial), window, sieve)
	sieve.calls = [mostCalls]trail{}
	readAll(strings.NewReader(denial), window, sieve)
	k := newSifting(sieve)
	for _, text := range []string{success, success, denial, success} {
		if k.text = []byte(text); k.follow(0) != len(text) {
			t.Fatalf("not known: %s", text)
		}
		if want := text == success; k.passes() != want {
			t.Errorf("passes over %s: %v, want %v", text, !want, want)
		}
	}
}

const denied = `"errorCode":"AccessDenied","errorMessage":"no",`

func webIdentityCall(id, failure string) string {
	return `{"eventTime":"2026-01-02T03:04:05Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","sourceIPAddress":"192.0.2.1",` +
		failure + `"requestParameters":{"roleArn":"arn:aws:iam::123456789012:role/a"},"eventID":"` + id + `"}`
}

// TestTrailOfTwoCalls reads records that name two calls, each behind a time of its
// own, after others that make the later call alone: it is the one that counts.
func TestTrailOfTwoCalls(t *testing.T) {
	call := func(name string) string {
		return `"eventTime":"2026-01-02T03:04:05Z","eventSource":"iam.amazonaws.com","eventName":"` + name + `","sourceIPAddress":"192.0.2.1",`
	}
	records, want := "", []string{}
	for i := range 12 {
		id, first := strconv.Itoa(i), ""
		if i%2 == 1 {
			first = call("ListRoles")
		}
		records += `{` + first + call("DeleteRole") + `"eventID":"` + id + `"}`
		want = append(want, id)
	}
	ids, errs := read(records, Sift(new(Sieve)))
	if !slices.Equal(ids, want) || errs != nil {
		t.Errorf("read %v, %v, want %v", ids, errs, want)
	}
}

// TestTrailsOfCalls makes records of few parts, each as logs have it, so that
// trails lead through all of them, and some names come twice.
func TestTrailsOfCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(ofParts), 10, 60).Draw(t, "records")
		checkSieve(t, wrapLines(records), window, new(Sieve))
	})
}

func ofParts(t *rapid.T) []byte {
	parts := []string{}
	some := func(most int, texts ...string) {
		parts = append(parts, rapid.SliceOfN(rapid.SampledFrom(texts), 0, most).Draw(t, "parts")...)
	}
	some(1, `"userIdentity":{"type":"AssumedRole","accountId":"1"}`)
	for range rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "calls") {
		name := rapid.SampledFrom([]string{"ListRoles", "DeleteRole", "AssumeRoleWithWebIdentity"}).Draw(t, "name")
		parts = append(parts, `"eventTime":"2026-01-02T03:04:05Z"`, `"eventSource":"iam.amazonaws.com"`, `"eventName":"`+name+`"`, `"sourceIPAddress":"192.0.2.1"`)
		some(1, `"errorCode":"AccessDenied"`)
	}
	some(3, `"items":["a"]`, `"items":["a","b","c"]`, `"items":[1,"b"]`, `"n":5`)
	some(1, `"errorMessage":"no"`)
	return []byte("{" + strings.Join(parts, ",") + `,"eventID":"1"}`)
}

// TestOddNameOnTrail reads records whose name is escaped, so that only decoding
// them tells what they are.
func TestOddNameOnTrail(t *testing.T) {
	record := []byte(`{"eventTime":"2026-01-02T03:04:05Z","eventSource":"iam.amazonaws.com","eventName":"Delete\u0052ole","sourceIPAddress":"192.0.2.1","eventID":"1"}`)
	checkSieve(t, wrapLines([][]byte{record, record, record, record}), window, new(Sieve))
}

// TestTimesOnTrail reads times of other lengths and years than those before.
func TestTimesOnTrail(t *testing.T) {
	for _, times := range [][]string{
		{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "2025-01-02T03:04:05+01:00", "2024-01-02T03:04:05Z"},
		{"0001-01-01T00:00:00Z", "2026-01-02T03:04:05Z", "2025-01-02T03:04:05Z"},
	} {
		var records [][]byte
		for _, at := range times {
			records = append(records, []byte(`{"eventTime":"`+at+`","eventName":"ListKeys"}`))
		}
		checkSieve(t, wrapLines(records), window, new(Sieve))
	}
}
