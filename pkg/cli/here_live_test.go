package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// With credentials the call of a place is explained in full, though STS is not
// asked.
func TestLiveHere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	raw := token(`{"iss":"https://token.actions.githubusercontent.com","sub":"repo:acme/app:ref:refs/heads/dev","aud":"sts.amazonaws.com","iat":1772442000,"exp":4102444800}`)
	if err := os.WriteFile(file, []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		vars []string
		code int
		want []string
	}{
		{"with credentials", withKeys, exitExplained, []string{"acme-prod (" + liveAccount + ")", "subject-mismatch", "cause certain: ", "STS: it was not asked"}},
		{"without", []string{"AWS_REGION=eu-west-1"}, exitFailure, []string{"no AWS credentials were found", "STS sees: sub repo:acme/app:ref:refs/heads/dev", "To send to the people who own the role"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake := ambient(t, tt.vars...)
			code, stdout, stderr := rolewhy(t, "explain", "--live", "--token", file, "--role", liveRole)
			text := strings.Join(strings.Fields(strings.ReplaceAll(stdout+stderr, "│", "")), " ")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, stdout+stderr)
				}
			}
			if code != tt.code {
				t.Errorf("exits with %d, want %d", code, tt.code)
			}
			for _, call := range fake.calls {
				if strings.HasPrefix(call, "AssumeRole") {
					t.Errorf("without --try, %s is called", call)
				}
			}
		})
	}
}
