package caller

import (
	"strings"
	"testing"
)

// The address of the instance goes into what is to be pasted only where it is
// an ordinary one.
func TestGitLabSnippet(t *testing.T) {
	long := "https://" + strings.Repeat("a", 192)
	for _, tt := range []struct{ name, instance, want string }{
		{"an instance", "https://gitlab.example:8443/git", "aud: 'https://gitlab.example:8443/git'"},
		{"200 characters", long, "aud: '" + long + "'"},
		{"too long", long + "a", "aud: AUDIENCE"},
		{"another line", "https://gitlab.example\nx", "aud: AUDIENCE"},
		{"none", "", "aud: AUDIENCE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := place(map[string]string{"GITLAB_CI": "true", "CI_SERVER_URL": tt.instance}, nil)
			if got := withoutIDTokens(env, Wish{}).Snippet; !strings.Contains(got, tt.want) {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}
