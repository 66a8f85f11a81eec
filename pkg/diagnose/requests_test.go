package diagnose

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// Requests gives what Request gives for every token by itself.
func TestRequestsOfManyTokens(t *testing.T) {
	const host = "token.actions.githubusercontent.com"
	ev := cloudtrail.Event{Provider: "arn:aws:iam::111122223333:oidc-provider/" + host, HasAudience: true}
	request := Requests(&ev, Options{})
	for _, token := range []struct{ sub, aud, ref string }{
		{"repo:acme/api:ref:refs/heads/main", "sts.amazonaws.com", "refs/heads/main"},
		{"repo:intruder/api:pull_request", "another", "refs/pull/1/merge"},
	} {
		claims := map[string]any{"sub": token.sub, "aud": token.aud, "ref": token.ref}
		alone := ev
		alone.Subject, alone.Audience = token.sub, token.aud
		one, many := Request(&alone, Options{Claims: claims}), request(token.sub, token.aud, claims)
		for _, key := range []string{host + ":sub", host + ":aud", host + ":ref", host + ":actor", "sts:RoleSessionName"} {
			if a, b := one.Condition(key), many.Condition(key); a.State != b.State || len(a.List) != len(b.List) || len(a.List) > 0 && a.List[0] != b.List[0] {
				t.Errorf("%s of %s: %v alone, %v among others", key, token.sub, a, b)
			}
		}
	}
}
