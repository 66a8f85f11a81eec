package casefile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

var (
	start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	end   = time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)
)

// TestAbsentListsWereNotLookedAt tells an empty list from none.
func TestAbsentListsWereNotLookedAt(t *testing.T) {
	const account = "123456789012"
	questions := []struct {
		list string
		ask  func(*File) (policy.Result, string)
		none policy.Result // the answer of an empty list
	}{
		{"roles", func(f *File) (policy.Result, string) { return answer(f.Role(t.Context(), roleARN)) }, policy.No},
		{"roles", func(f *File) (policy.Result, string) { return answer(f.Roles(t.Context(), account)) }, policy.Yes},
		{"oidcProviders", func(f *File) (policy.Result, string) { return answer(f.Provider(t.Context(), providerARN)) }, policy.No},
		{"oidcProviders", func(f *File) (policy.Result, string) { return answer(f.Providers(t.Context(), account)) }, policy.Yes},
		{"resourceControlPolicies", func(f *File) (policy.Result, string) { return answer(f.ResourceControlPolicies(t.Context(), account)) }, policy.Yes},
		{"events", func(f *File) (policy.Result, string) {
			return answer(f.Changes(t.Context(), roleARN, providerARN, start, end))
		}, policy.Yes},
	}
	for i, q := range questions {
		t.Run(fmt.Sprintf("%s %d", q.list, i), func(t *testing.T) {
			why := "the account file has no " + q.list
			for _, text := range []string{`{"account":{}}`, `{"claims":{},"account":null,"case":{}}`, `{"account":{"` + q.list + `":null}}`} {
				if got, reason := q.ask(parse(t, text)); got != policy.Unknown || reason != why {
					t.Errorf("%s: %d, %q; want it not looked at, %q", text, got, reason, why)
				}
			}
			if got, reason := q.ask(parse(t, `{"`+q.list+`":[]}`)); got != q.none || reason != "" {
				t.Errorf("an empty list: %d, %q; want %d", got, reason, q.none)
			}
		})
	}
}

func answer[T any](k diagnose.Known[T]) (policy.Result, string) { return k.Exists, k.Why }

func TestRole(t *testing.T) {
	f := load(t, "details.json")
	got := f.Role(t.Context(), roleARN)
	want := diagnose.Role{
		ARN:         roleARN,
		TrustPolicy: got.Value.TrustPolicy,
		Created:     time.Date(2023, 5, 18, 16, 39, 8, 0, time.UTC),
		MaxSession:  7200,
		Tags:        map[string]string{"team": "platform", "empty": ""},
	}
	got.Value.Created = got.Value.Created.UTC()
	if !reflect.DeepEqual(got, diagnose.Found(want)) {
		t.Errorf("role = %+v, want %+v", got, want)
	}
}

func TestTrustPolicy(t *testing.T) {
	const role = `{"roles":[{"Arn":"` + roleARN + `"%s}]}`
	tests := []struct{ name, member, want string }{
		{"object, indented anew in its order", `,"AssumeRolePolicyDocument": {"Version":"2012-10-17",  "Statement":[
			{"Sid":"b","Sid":"a"}]}`, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Sid\": \"b\",\n      \"Sid\": \"a\"\n    }\n  ]\n}"},
		{"string, as it is", `,"AssumeRolePolicyDocument": "{\"Version\":  \"2012-10-17\"}"`, `{"Version":  "2012-10-17"}`},
		{"URL-encoded, as it is", `,"AssumeRolePolicyDocument": "%7B%22Version%22%3A1%7D"`, `%7B%22Version%22%3A1%7D`},
		{"null", `,"AssumeRolePolicyDocument": null`, ""},
		{"absent", ``, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := parse(t, fmt.Sprintf(role, tt.member)).Role(t.Context(), roleARN).Value.TrustPolicy
			if string(got) != tt.want || (got == nil) != (tt.want == "") {
				t.Errorf("policy = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRolesAreThoseOfTheAccount(t *testing.T) {
	f := parse(t, `{"roles":[{"Arn":"`+roleARN+`"},{"Arn":"arn:aws:iam::210987654321:role/other"}],"oidcProviders":[
		{"Arn":"`+providerARN+`","ClientIDList":[]},{"Arn":"arn:aws-cn:iam::210987654321:oidc-provider/x","ClientIDList":[]}]}`)
	for account, want := range map[string][2]string{
		"123456789012": {roleARN, providerARN},
		"210987654321": {"arn:aws:iam::210987654321:role/other", "arn:aws-cn:iam::210987654321:oidc-provider/x"},
	} {
		roles, providers := f.Roles(t.Context(), account), f.Providers(t.Context(), account)
		if len(roles.Value) != 1 || roles.Value[0].ARN != want[0] || len(providers.Value) != 1 || providers.Value[0].ARN != want[1] {
			t.Errorf("%s has %+v and %+v, want %v", account, roles.Value, providers.Value, want)
		}
	}
	f = parse(t, `{"roles":[{"Arn":"`+roleARN+`"}],"oidcProviders":[]}`)
	if got := f.Providers(t.Context(), "123456789012"); got.Exists != policy.Yes || len(got.Value) != 0 {
		t.Errorf("an account without providers has %+v", got)
	}
}

func TestProvider(t *testing.T) {
	const without = "the account file names the provider without its ClientIDList"
	tests := []struct {
		name, members string
		want          diagnose.Known[diagnose.Provider]
	}{
		{"no audiences", `"Url":"gitlab.com","ClientIDList":[]`, diagnose.Found(diagnose.Provider{ARN: providerARN, URL: "gitlab.com", ClientIDs: []string{}})},
		{"URL of the ARN", `"ClientIDList":["a"]`, diagnose.Found(diagnose.Provider{ARN: providerARN, URL: "gitlab.com", ClientIDs: []string{"a"}})},
		{"URL with https", `"Url":"https://GitLab.com/","ClientIDList":["a"]`, diagnose.Found(diagnose.Provider{ARN: providerARN, URL: "GitLab.com/", ClientIDs: []string{"a"}})},
		{"ARN alone", `"x":1`, diagnose.Unseen[diagnose.Provider](without)},
		{"creation", `"ClientIDList":[],"CreateDate":"2024-01-01T00:00:00Z"`, diagnose.Found(diagnose.Provider{ARN: providerARN, URL: "gitlab.com", ClientIDs: []string{}, Created: start})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, `{"oidcProviders":[{"Arn":"`+providerARN+`",`+tt.members+`}]}`)
			if got := f.Provider(t.Context(), providerARN); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("provider = %+v, want %+v", got, tt.want)
			}
			if got := f.Providers(t.Context(), "123456789012"); len(got.Value) != 1 || got.Value[0].ARN != providerARN {
				t.Errorf("providers = %+v, want one", got)
			}
		})
	}
}

func TestDetailsWithoutProviders(t *testing.T) {
	f := parse(t, `{"RoleDetailList":[],"UserDetailList":[]}`)
	if got := f.Provider(t.Context(), providerARN); got.Exists != policy.Unknown || !strings.Contains(got.Why, "get-account-authorization-details") {
		t.Errorf("provider = %+v, want it not looked at, and why", got)
	}
	if got := f.Role(t.Context(), roleARN); got.Exists != policy.No {
		t.Errorf("role = %+v, want it missing", got)
	}
	if got := f.ResourceControlPolicies(t.Context(), "1"); got.Exists != policy.Unknown || got.Why == "" {
		t.Errorf("policies = %+v, want them not looked at, and why", got)
	}
}

func TestProviderByURLIsOfThePartitionOfTheRoles(t *testing.T) {
	f := parse(t, `{"RoleDetailList":[{"Arn":"arn:aws-cn:iam::123456789012:role/a/role/b"}],
		"OpenIDConnectProviderList":[{"Url":"gitlab.com/x","ClientIDList":["a"]}]}`)
	want := "arn:aws-cn:iam::123456789012:oidc-provider/gitlab.com/x"
	if got := f.Provider(t.Context(), want); got.Exists != policy.Yes || got.Value.ARN != want {
		t.Errorf("provider = %+v, want %s", got, want)
	}
}

func TestResourceControlPolicies(t *testing.T) {
	f := parse(t, `{"resourceControlPolicies":[
		{"Id":"p-1","Name":"one","PolicyDocument":{"Version":"2012-10-17"}},
		{"Id":"p-2","PolicyDocument":"{}"}]}`)
	want := diagnose.Found([]diagnose.NamedPolicy{
		{ID: "p-1", Name: "one", Document: []byte("{\n  \"Version\": \"2012-10-17\"\n}")},
		{ID: "p-2", Document: []byte("{}")},
	})
	if got := f.ResourceControlPolicies(t.Context(), "123456789012"); !reflect.DeepEqual(got, want) {
		t.Errorf("policies = %+v, want %+v", got, want)
	}
}

func TestChanges(t *testing.T) {
	f := load(t, "case.json")
	at := func(hour int) time.Time { return time.Date(2024, 6, 1, hour, 0, 0, 0, time.UTC) }
	tests := []struct {
		name           string
		role, provider string
		from, to       time.Time
		want           []string // event ids
	}{
		{"both, oldest first", roleARN, providerARN, at(0), at(23), []string{"create", "provider", "update"}},
		{"the role", roleARN, "", at(0), at(23), []string{"create", "update"}},
		{"the provider", "", providerARN, at(0), at(23), []string{"provider"}},
		{"the bounds belong to it", roleARN, "", at(10), at(12), []string{"create", "update"}},
		{"later", roleARN, "", at(11), at(23), []string{"update"}},
		{"earlier", roleARN, "", at(0), at(11), []string{"create"}},
		{"another account", "arn:aws:iam::210987654321:role/deploy", "", at(0), at(23), []string{"elsewhere"}},
		{"another role", roleARN + "2", "", at(0), at(23), nil},
		{"nothing", "", "", at(0), at(23), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := f.Changes(t.Context(), tt.role, tt.provider, tt.from, tt.to)
			var ids []string
			for _, c := range got.Value {
				ids = append(ids, c.EventID)
			}
			if got.Exists != policy.Yes || !reflect.DeepEqual(ids, tt.want) {
				t.Errorf("changes = %v, want %v", ids, tt.want)
			}
		})
	}
	t.Run("in full", func(t *testing.T) {
		want := diagnose.Change{
			Time: at(12), Name: "UpdateAssumeRolePolicy", EventID: "update", By: "arn:aws:sts::123456789012:assumed-role/Admin/me",
			Via: "cloudformation.amazonaws.com", Role: "deploy", Policy: []byte(`{"Version":"2012-10-17"}`),
		}
		got := f.Changes(t.Context(), roleARN, "", at(12), at(12))
		if !reflect.DeepEqual(got.Value, []diagnose.Change{want}) {
			t.Errorf("changes = %+v, want %+v", got.Value, want)
		}
	})
}
