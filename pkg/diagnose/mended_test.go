package diagnose_test

import (
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// A call that failed for the provider would be allowed once the provider is as
// the call needs it, if the trust policy lets it in.
func TestVerdictOnceTheProviderIsMended(t *testing.T) {
	const invalid = "InvalidIdentityToken"
	wrong := allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:dev:app"))
	made := func(s *scene) {
		s.account.changes = diagnose.Found([]diagnose.Change{{Name: "CreateOpenIDConnectProvider", Provider: s.Provider, Time: s.Time.Add(time.Hour)}})
	}
	for _, tt := range []struct {
		name  string
		scene func(*scene)
		want  report.Verdict
	}{
		{"still missing", func(s *scene) { s.says(invalid, noProvider); s.missProvider() }, report.Explained},
		{"made since", func(s *scene) { s.says(invalid, noProvider); made(s) }, report.AllowedNow},
		{"there all the time", func(s *scene) { s.says(invalid, noProvider) }, report.Explained},
		{"made since, for another audience", func(s *scene) { s.says(invalid, noProvider); made(s); s.Audience = "x" }, report.Unexplained},
		{"made since, and the policy denies", func(s *scene) { s.says(invalid, noProvider); made(s); s.trust(wrong) }, report.Unexplained},
		{"audience registered since", func(s *scene) { s.says(invalid, "Incorrect token audience") }, report.AllowedNow},
		{"audience not registered", func(s *scene) { s.says(invalid, "Incorrect token audience"); s.Audience = "x" }, report.Explained},
		{"another fault of the token", func(s *scene) { s.says(invalid, "Missing a required claim: aud") }, report.Explained},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene()
			tt.scene(s)
			if r := diagnose.Explain(t.Context(), s.account, s.Event, s.options); r.Verdict != tt.want {
				t.Errorf("verdict %s with %+v, want %s", r.Verdict, r.Findings, tt.want)
			}
		})
	}
}
