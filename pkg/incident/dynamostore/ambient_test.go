package dynamostore_test

import (
	"errors"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// environment is that of a person without any configuration but these.
func environment(t *testing.T, env map[string]string) {
	t.Helper()
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, t.TempDir()+"/none")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for name, value := range env {
		t.Setenv(name, value)
	}
}

func TestAmbientReadsTheTable(t *testing.T) {
	table := dynamolocal.Table(t, dynamolocal.Config(t))
	environment(t, map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_DYNAMODB": dynamolocal.URL(t),
	})
	s, err := dynamostore.Ambient(t.Context(), "eu-west-1", table)
	if err != nil {
		t.Fatal(err)
	}
	if err := listed(t, s); err != nil {
		t.Error(err)
	}
	if _, err := dynamostore.Ambient(t.Context(), "", table); !errors.Is(err, awsaccount.ErrNoRegion) {
		t.Errorf("no region: %v", err)
	}
}

func TestAmbientWithoutCredentials(t *testing.T) {
	environment(t, nil)
	if _, err := dynamostore.Ambient(t.Context(), "eu-west-1", "incidents"); !errors.Is(err, awsaccount.ErrNoCredentials) {
		t.Errorf("got %v", err)
	}
}
