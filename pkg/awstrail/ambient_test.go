package awstrail

import (
	"errors"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
)

func TestAmbient(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	for _, name := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(name, "/dev/null")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	if _, err := Ambient(t.Context(), ""); !errors.Is(err, awsaccount.ErrNoRegion) {
		t.Errorf("%v, want %v", err, awsaccount.ErrNoRegion)
	}
	if got := must(Ambient(t.Context(), "eu-west-1"))(t).Region(); got != "eu-west-1" {
		t.Errorf("region %q", got)
	}
}
