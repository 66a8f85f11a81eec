package events_test

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	session = regexp.MustCompile(`"sessionToken": "[^"]`)
)

// invented are the account ids of AWS's own documentation.
var invented = []string{"111122223333", "123456789012", "444455556666", "555555555555", "777788889999"}

// documentation are the networks that belong to nobody (RFC 5737), and one
// behind a VPC endpoint.
var documentation = []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("10.0.0.0/8"),
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
func TestEnvelope(t *testing.T) {
	seen := map[string]string{}
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			for _, c := range []struct{ what, got, want string }{
				{"version", s.Version, "0"},
				{"detail-type", s.DetailType, "AWS API Call via CloudTrail"},
				{"source", s.Source, "aws.sts"},
				{"account", s.Account, s.text("recipientAccountId")},
				{"time", s.Time, s.text("eventTime")},
				{"region", s.Region, s.text("awsRegion")},
				{"case.id", s.Case.ID, s.name},
			} {
				if c.got != c.want {
					t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
				}
			}
			if s.Resources == nil || len(s.Resources) > 0 {
				t.Errorf("resources are %v, want []", s.Resources)
			}
			if !strings.HasSuffix(s.Case.Summary, ".") {
				t.Errorf("the summary is no sentence: %q", s.Case.Summary)
			}
			for _, id := range []string{s.ID, s.text("eventID"), s.text("requestID")} {
				if !uuid.MatchString(id) || seen[id] != "" {
					t.Errorf("the id %q is no uuid, or that of %s", id, seen[id])
				}
				seen[id] = s.name
			}
		})
	}
}

// The members that every record of this call was seen with.
func TestRecord(t *testing.T) {
	members := []string{
		"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
		"requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType", "managementEvent",
		"recipientAccountId", "eventCategory", "tlsDetails",
	}
	for _, s := range samples(t) {
		for _, m := range members {
			if _, ok := s.Detail[m]; !ok {
				t.Errorf("%s: the record has no %s", s.name, m)
			}
		}
		_, failed := s.Detail["errorCode"]
		if answered := s.Detail["responseElements"] != nil; answered == failed {
			t.Errorf("%s: failed %v, answered %v", s.name, failed, answered)
		}
	}
}

// The principal id is provider, audience and subject, joined by colons; the
// resource is the requested role.
func TestIdentity(t *testing.T) {
	for _, s := range samples(t) {
		user, _ := s.Detail["userIdentity"].(map[string]any)
		if user["type"] != "WebIdentityUser" || user["identityProvider"] == "" {
			continue
		}
		principal, _ := user["principalId"].(string)
		provider, _ := user["identityProvider"].(string)
		subject, _ := user["userName"].(string)
		aud, begins := strings.CutPrefix(principal, provider+":")
		aud, ends := strings.CutSuffix(aud, ":"+subject)
		if !begins || !ends || aud == "" {
			t.Errorf("%s: the principal id %q does not hold provider and subject", s.name, principal)
		}
		request, _ := s.Detail["requestParameters"].(map[string]any)
		for _, r := range list(s.Detail["resources"]) {
			if arn := r.(map[string]any)["ARN"]; arn != request["roleArn"] {
				t.Errorf("%s: the resource is %v, the role %v", s.name, arn, request["roleArn"])
			}
		}
	}
}

func TestInvented(t *testing.T) {
	account := regexp.MustCompile(`:(\d{12}):`)
	for _, s := range samples(t) {
		for _, m := range account.FindAllSubmatch(s.raw, -1) {
			if !slices.Contains(invented, string(m[1])) {
				t.Errorf("%s: the account %s is none of the documentation's", s.name, m[1])
			}
		}
		addr, err := netip.ParseAddr(s.text("sourceIPAddress"))
		if err != nil || !slices.ContainsFunc(documentation, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			t.Errorf("%s: the address %s is somebody's (%v)", s.name, s.text("sourceIPAddress"), err)
		}
		if session.Match(s.raw) {
			t.Errorf("%s: a session token is written out", s.name)
		}
	}
}

// People read and copy these files: two blanks of indentation, and plain
// ASCII, so that nothing in them is invisible.
func TestFormatting(t *testing.T) {
	for _, s := range samples(t) {
		var want bytes.Buffer
		if err := json.Indent(&want, bytes.TrimSpace(s.raw), "", "  "); err != nil {
			t.Fatal(err)
		}
		want.WriteByte('\n')
		if !bytes.Equal(s.raw, want.Bytes()) {
			t.Errorf("%s.json is not indented by two blanks", s.name)
		}
		if i := bytes.IndexFunc(s.raw, func(r rune) bool { return r > unicode.MaxASCII }); i >= 0 {
			t.Errorf("%s.json: other than ASCII at byte %d", s.name, i)
		}
	}
}

// Whatever stands in a record, no report brings control characters, or those
// that turn the direction of writing, to whoever reads it.
func TestNothingInvisible(t *testing.T) {
	for _, s := range samples(t) {
		for _, output := range []string{"text", "markdown", "json"} {
			for i, r := range string(s.explain(t, output)) {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || r == unicode.ReplacementChar) {
					t.Errorf("%s: %U at byte %d of the %s", s.name, r, i, output)
				}
			}
		}
	}
}

// The hostile samples must stay hostile.
func TestHostileSamples(t *testing.T) {
	for _, s := range samples(t) {
		if !strings.HasPrefix(s.name, "hostile-") {
			continue
		}
		for _, bait := range []string{`\u001b[`, `\u202e`, "`id`", "$(id)", "<!"} {
			if !bytes.Contains(s.raw, []byte(bait)) {
				t.Errorf("%s: no %s", s.name, bait)
			}
		}
	}
}

func (s *sample) text(member string) string {
	text, _ := s.Detail[member].(string)
	return text
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}
