package caller

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/idp"
)

// Claim is one claim of a token, fit to be shown once it is escaped.
type Claim struct {
	Name   string `json:"name"`
	Value  string `json:"value"`  // text as it is, times in words, the rest as JSON
	Tested bool   `json:"tested"` // a trust policy can test it, by what is known of the provider
}

// apart are the claims that are told of by other means: as what STS sees.
var apart = []string{"sub", "aud", "iss"}

// List is the claims of the token but for sub, aud and iss, by name: those
// first that a trust policy could test at that time.
func (t Token) List(at time.Time) (claims []Claim) {
	provider := idp.FindFor(Host(t.Claims), t.Text("sub"))
	rest := t.Without(apart...)
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		tested := provider.Offers(name, at).State == idp.Offered
		claims = append(claims, Claim{Name: name, Value: t.value(name), Tested: tested})
	}
	slices.SortStableFunc(claims, func(a, b Claim) int {
		switch {
		case a.Tested == b.Tested:
			return 0
		case a.Tested:
			return -1
		}
		return 1
	})
	return claims
}

// value words a claim. Numbers are kept as the token writes them.
func (t Token) value(name string) string {
	switch v := t.Claims[name].(type) {
	case string:
		return v
	case json.Number:
		if when := t.time(name); slices.Contains([]string{"exp", "iat", "nbf", "auth_time"}, name) && !when.IsZero() {
			return v.String() + " (" + stamp(when) + ")"
		}
		return v.String()
	default:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(v) != nil {
			return ""
		}
		return strings.TrimSpace(b.String())
	}
}
