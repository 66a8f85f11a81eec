package casefile

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const (
	roleARN     = "arn:aws:iam::123456789012:role/ci/deploy"
	providerARN = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
)

// samples are the forms Load takes, all of the same account.
var samples = []string{"case.json", "event.json", "account.json", "details.json"}

func TestEveryFormTellsTheSame(t *testing.T) {
	for _, name := range samples {
		t.Run(name, func(t *testing.T) {
			f := load(t, name)
			role := f.Role(t.Context(), roleARN)
			if role.Exists != policy.Yes || role.Value.ARN != roleARN || !json.Valid(role.Value.TrustPolicy) {
				t.Errorf("role = %+v", role)
			}
			if got := f.Role(t.Context(), roleARN+"2"); got.Exists != policy.No {
				t.Errorf("another role = %+v, want it missing", got)
			}
			want := diagnose.Provider{ARN: providerARN, URL: "gitlab.com", ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{"0a1b"}}
			if got := f.Provider(t.Context(), providerARN); !reflect.DeepEqual(got, diagnose.Found(want)) {
				t.Errorf("provider = %+v, want %+v", got, want)
			}
			if got := f.Provider(t.Context(), providerARN+"/x"); got.Exists != policy.No {
				t.Errorf("another provider = %+v, want it missing", got)
			}
		})
	}
}

func TestFromCaseTakesWhatLoadTakes(t *testing.T) {
	for _, name := range samples {
		fromFile := load(t, name)
		fromCase, err := FromCase(readFile(t, name))
		if err != nil || !reflect.DeepEqual(fromCase, fromFile) {
			t.Errorf("%s: %+v, %v; want %+v", name, fromCase, err, fromFile)
		}
	}
}

// TestCaseOfAnEvent goes the way of a sample event: reader, case, account.
func TestCaseOfAnEvent(t *testing.T) {
	input := readFile(t, "event.json")
	for ev, err := range cloudtrail.NewReader(strings.NewReader(string(input)), "event.json").Events() {
		if err != nil {
			t.Fatal(err)
		}
		f, err := FromCase(ev.Case)
		if err != nil {
			t.Fatal(err)
		}
		if role := f.Role(t.Context(), ev.RoleARN); role.Exists != policy.Yes {
			t.Errorf("role = %+v", role)
		}
	}
}

func TestClaimsAndContext(t *testing.T) {
	f := load(t, "case.json")
	wantClaims := map[string]any{
		"iss": "https://gitlab.com", "iat": json.Number("1720539697"), "ref_protected": true,
		"nested": map[string]any{"list": []any{"a", json.Number("1.5")}},
	}
	if !reflect.DeepEqual(f.Claims, wantClaims) {
		t.Errorf("claims = %v, want %v", f.Claims, wantClaims)
	}
	wantContext := map[string][]string{
		"aws:SourceIp": {"203.0.113.1"}, "aws:TagKeys": {"a", "b"}, "aws:SecureTransport": {"true"}, "sts:DurationSeconds": {"3600"},
	}
	if !maps.EqualFunc(f.Context, wantContext, slices.Equal) {
		t.Errorf("context = %v, want %v", f.Context, wantContext)
	}
	if f := load(t, "account.json"); f.Claims != nil || f.Context != nil {
		t.Errorf("an account has claims %v and context %v", f.Claims, f.Context)
	}
	if f := parse(t, `{"account":{},"claims":null,"extraContext":null}`); f.Claims != nil || f.Context != nil {
		t.Errorf("null became claims %v and context %v", f.Claims, f.Context)
	}
	if f := parse(t, `{"account":{},"claims":{}}`); f.Claims == nil {
		t.Error("a token without further claims became no token")
	}
}

// TestErrors wants the place and what would be right in every one of them.
func TestErrors(t *testing.T) {
	roles := func(members string) string { return `{"roles":[{"Arn":"` + roleARN + `"},{` + members + `}]}` }
	providers := func(members string) string {
		return `{"account":{"oidcProviders":[{"Arn":"` + providerARN + `",` + members + `}]}}`
	}
	tests := []struct{ name, input, want string }{
		{"empty", "", "the file is empty"},
		{"blank", " \n", "the file is empty"},
		{"not JSON", "{\n  \"roles\": [}\n", `line 2, column 13: not JSON: invalid character '}'`},
		{"cut off", `{"roles":`, "line 1, column 9: not JSON: unexpected end"},
		{"two values", `{"roles":[]} {}`, "line 1, column 14: not JSON"},
		{"a list", `[]`, "an object is expected, not a list"},
		{"null", `null`, `neither a case, an account, authorization details`},
		{"something else", `{"Function":{}}`, `neither a case`},
		{"case", `{"case":1}`, "case: an object is expected, not a number"},
		{"account", `{"account":"x"}`, "account: an object is expected, not a string"},
		{"claims", `{"account":{},"claims":[]}`, "claims: an object with the claims of the token is expected, not a list"},
		{"context", `{"account":{},"extraContext":true}`, "extraContext: an object is expected, not a boolean"},
		{"value of context", `{"account":{},"extraContext":{"aws:SourceIp":{}}}`, "extraContext.aws:SourceIp: a value or a list of values is expected, not an object"},
		{"null in the context", `{"account":{},"extraContext":{"k":null}}`, "extraContext.k: a value or a list of values is expected, not null"},
		{"list in the context", `{"account":{},"extraContext":{"k":["a",1]}}`, "extraContext.k[1]: a string is expected, not a number"},
		{"roles", `{"account":{"roles":{}}}`, "account.roles: a list is expected, not an object"},
		{"role", `{"roles":["x"]}`, "roles[0]: an object is expected, not a string"},
		{"role null", `{"roles":[null]}`, `roles[0].Arn: an ARN such as arn:aws:iam::123456789012:role/NAME is expected, not ""`},
		{"role ARN", roles(`"Arn":"deploy"`), `roles[1].Arn: an ARN such as arn:aws:iam::123456789012:role/NAME is expected, not "deploy"`},
		{"role ARN of a provider", roles(`"Arn":"` + providerARN + `"`), "roles[1].Arn: an ARN such as"},
		{"role ARN type", roles(`"Arn":1`), "roles[1].Arn: a string is expected, not a number"},
		{"trust policy", roles(`"Arn":"` + roleARN + `","AssumeRolePolicyDocument":[]`), "roles[1].AssumeRolePolicyDocument: a policy is expected, an object or a string with its JSON, not a list"},
		{"creation", roles(`"Arn":"` + roleARN + `","CreateDate":"yesterday"`), `roles[1].CreateDate: a time such as 2006-01-02T15:04:05Z is expected, not "yesterday"`},
		{"longest session", roles(`"Arn":"` + roleARN + `","MaxSessionDuration":"1h"`), `roles[1].MaxSessionDuration: a whole number is expected, not a string`},
		{"tags", roles(`"Arn":"` + roleARN + `","Tags":[{"Key":1}]`), "roles[1].Tags[0].Key: a string is expected, not a number"},
		{"provider ARN", `{"oidcProviders":[{"Arn":"` + roleARN + `"}]}`, "oidcProviders[0].Arn: an ARN such as arn:aws:iam::123456789012:oidc-provider/HOST"},
		{"provider URL", providers(`"Url":[]`), "account.oidcProviders[0].Url: a string is expected, not a list"},
		{"audiences", providers(`"ClientIDList":"a"`), "account.oidcProviders[0].ClientIDList: a list is expected, not a string"},
		{"an audience", providers(`"ClientIDList":["a",null]`), "account.oidcProviders[0].ClientIDList[1]: a string is expected, not null"},
		{"policy without document", `{"resourceControlPolicies":[{"Id":"p-1"}]}`, "resourceControlPolicies[0]: a PolicyDocument is expected"},
		{"policy id", `{"resourceControlPolicies":[{"Id":1,"PolicyDocument":{}}]}`, "resourceControlPolicies[0].Id: a string is expected, not a number"},
		{"events", `{"events":{}}`, "events: a list is expected, not an object"},
		{"an event", `{"account":{"events":[{"x":1}]}}`, "account.events: record 1: not a CloudTrail record"},
		{"time of an event", `{"events":[{"eventName":"DeleteRole"}]}`, "events: record 1: "},
		{"details", `{"RoleDetailList":[{"Arn":1}]}`, "RoleDetailList[0].Arn: a string is expected, not a number"},
		{"provider of no account", `{"RoleDetailList":[],"OpenIDConnectProviderList":[{"Url":"gitlab.com"}]}`, "OpenIDConnectProviderList[0]: an Arn is expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(strings.NewReader(tt.input), "account.json")
			if err == nil || !strings.HasPrefix(err.Error(), "account.json: "+tt.want) {
				t.Errorf("err = %v\nwant account.json: %s", err, tt.want)
			}
			if _, err := FromCase(json.RawMessage(tt.input)); err == nil || !strings.HasPrefix(err.Error(), "case: "+tt.want) {
				t.Errorf("err = %v\nwant case: %s", err, tt.want)
			}
		})
	}
}

func TestLoadOfAFileThatCannotBeRead(t *testing.T) {
	broken := errors.New("the disk is gone")
	if _, err := Load(iotest.ErrReader(broken), "account.json"); !errors.Is(err, broken) || !strings.Contains(err.Error(), "account.json") {
		t.Errorf("err = %v, want %v with the name", err, broken)
	}
}

func FuzzFromCase(f *testing.F) {
	for _, name := range samples {
		f.Add([]byte(readFile(f, name)))
	}
	f.Add([]byte(`{"account":{"roles":[{"Arn":"arn:aws:iam::1:role/r","Tags":[{}]}],"oidcProviders":[null]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := FromCase(raw)
		if (file == nil) == (err == nil) {
			t.Fatalf("file %v with error %v", file, err)
		}
		if err != nil {
			return
		}
		// Whatever the file says, every question has an answer.
		file.Role(t.Context(), roleARN)
		file.Roles(t.Context(), "123456789012")
		file.Provider(t.Context(), providerARN)
		file.Providers(t.Context(), "123456789012")
		file.ResourceControlPolicies(t.Context(), "123456789012")
		file.Changes(t.Context(), roleARN, providerARN, start, end)
	})
}

func load(t *testing.T, name string) *File {
	t.Helper()
	f, err := Load(strings.NewReader(string(readFile(t, name))), name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := FromCase(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
