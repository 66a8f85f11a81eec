package evidence_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// environment is what a shell of a user gives, and nothing else.
func environment(t *testing.T, vars ...string) {
	t.Helper()
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_ENDPOINT_URL", cloud.URL)
	for _, v := range vars {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
}

var keys = []string{"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"}

func TestAmbient(t *testing.T) {
	for _, tt := range []struct {
		name, region string
		vars         []string
		err          error
	}{
		{"all of it", "", append(keys, "AWS_REGION=eu-west-1"), nil},
		{"region given", "eu-west-1", keys, nil},
		{"no region", "", keys, awsaccount.ErrNoRegion},
		{"no credentials", "eu-west-1", nil, awsaccount.ErrNoCredentials},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seeded(t)
			environment(t, tt.vars...)
			a, err := awsaccount.Ambient(t.Context(), tt.region, awsaccount.Options{})
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if got := a.Role(t.Context(), deploy); got.Exists != policy.Yes {
				t.Errorf("role %+v", got)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	fresh(t, home)
	environment(t, append(keys, "AWS_REGION=eu-west-1")...)
	text := record("11111111-2222-3333-4444-555555555555", "AssumeRoleWithWebIdentity", "eu-west-1", time.Now().Add(-time.Hour), `{}`)
	must(t, cloud.Trail.Add(text))
	a, err := awsaccount.Ambient(t.Context(), "", awsaccount.Options{})
	must(t, err)
	if got, err := a.Record(t.Context(), "11111111-2222-3333-4444-555555555555"); err != nil || got != text {
		t.Errorf("%v, %s", err, got)
	}
	if _, err := a.Record(t.Context(), "other"); !errors.Is(err, awsaccount.ErrNoEvent) {
		t.Errorf("error %v", err)
	}
	cloud.Fail("LookupEvents", standin.Refuse(http.StatusBadRequest, `{"__type":"AccessDeniedException"}`))
	_, err = a.Record(t.Context(), "other")
	if err == nil || !strings.Contains(err.Error(), "grant cloudtrail:LookupEvents") {
		t.Errorf("error %v", err)
	}
}
