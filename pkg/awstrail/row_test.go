package awstrail

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// denied is a row of a denied call.
func denied(with map[string]string) []*string {
	cells := make([]*string, len(columns))
	texts := map[string]string{"eventID": "e", "eventName": "AssumeRoleWithWebIdentity", "eventTime": "2000-01-01T00:00:00Z", "errorCode": "AccessDenied"}
	for member, text := range with {
		texts[member] = text
	}
	for i, c := range columns {
		if text, ok := texts[c.member]; ok {
			cells[i] = &text
		}
	}
	return cells
}

// What is no JSON where an object is expected is for the reader of records to
// report: it is not dropped.
func TestRowThatIsDamaged(t *testing.T) {
	text := must(record(rowOf(denied(map[string]string{"requestParameters": "{rolearn=arn:aws:iam::1:role/x}"}))))(t)
	for _, err := range cloudtrail.NewReader(strings.NewReader(string(text)), "row").Events() {
		if err != nil && strings.Contains(err.Error(), "requestParameters") {
			return
		}
	}
	t.Errorf("nothing was reported of %s", text)
}

// Rows with more or fewer cells than were asked for.
func TestRowOfAnotherWidth(t *testing.T) {
	for _, cells := range [][]*string{nil, {ptr("a")}, append(denied(nil), ptr("b"), nil)} {
		must(record(rowOf(cells)))(t)
	}
}

// The provider is told apart from an audience with any characters.
func TestProviderOfAPrincipal(t *testing.T) {
	providers := []string{actions, cluster, "arn:aws-cn:iam::111122223333:oidc-provider/gitlab.example.cn/a/b", "cognito-identity.amazonaws.com", "accounts.google.com"}
	rapid.Check(t, func(t *rapid.T) {
		provider := rapid.SampledFrom(providers).Draw(t, "provider")
		audience := rapid.OneOf(rapid.String(), rapid.SampledFrom(append(providers, "https://a/b:c"))).Draw(t, "audience")
		subject := rapid.OneOf(rapid.StringN(1, 20, -1), rapid.Just("a:b:")).Draw(t, "subject")
		text, err := record(rowOf(denied(map[string]string{
			"userIdentity.principalId": provider + ":" + audience + ":" + subject, "userIdentity.userName": subject,
			"requestParameters": `{"roleArn":"arn:aws:iam::1:role/x"}`,
		})))
		if err != nil {
			t.Fatal(err)
		}
		for ev, err := range cloudtrail.NewReader(strings.NewReader(string(text)), "row").Events() {
			if err != nil {
				t.Fatal(err)
			}
			if ev.Provider != provider || ev.Audience != audience || ev.Subject != subject {
				t.Fatalf("provider %q, audience %q, subject %q", ev.Provider, ev.Audience, ev.Subject)
			}
		}
	})
}
