package scan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// mustBeOfWhatStands fails where an incident offers to change what is allowed
// by now, or by what does not stand any more.
func mustBeOfWhatStands(t rapid.TB, i *Incident) {
	t.Helper()
	if i.Standing == Allowed {
		mustNotChange(t, i.Report)
		if i.Earlier != nil {
			t.Errorf("a call that is allowed now has a second report")
		}
	}
	if i.Earlier == nil {
		return
	}
	mustNotChange(t, i.Earlier)
	for _, f := range i.Earlier.Findings {
		if f.Fixes == nil || len(f.Fixes) > 0 {
			t.Errorf("the earlier report has the fixes %+v", f.Fixes)
		}
	}
}

// mustNotChange fails where a report changes the account.
func mustNotChange(t rapid.TB, r *report.Report) {
	t.Helper()
	for _, policy := range proposed(r) {
		t.Errorf("proposed: %s", policy)
	}
	for _, f := range r.Findings {
		for _, fix := range f.Fixes {
			if len(fix.Commands) > 0 {
				t.Errorf("commands %q", fix.Commands)
			}
		}
	}
}

// proposed are the policies that a report has to put in the place of what stands.
func proposed(r *report.Report) (policies []string) {
	if r == nil {
		return nil
	}
	for _, text := range []string{string(r.FixedTrustPolicy), r.FixedText} {
		if text != "" {
			policies = append(policies, text)
		}
	}
	for _, f := range r.Findings {
		for _, fix := range f.Fixes {
			if fix.Policy != "" {
				policies = append(policies, fix.Policy)
			}
		}
	}
	return policies
}

// named is a trust policy for a branch with a statement of its own beside, which
// tells it from others.
func named(branch, sid string) string {
	return strings.Replace(withTags(trust(branch)), `"Sid":"Tags"`, `"Sid":"`+sid+`"`, 1)
}

// past draws changes of the role on the days around a denial, the trust policy
// that they leave, "" where none is known, and whether the role is gone.
func past(t *rapid.T) (changes []string, stands string, gone bool) {
	for n := range rapid.IntRange(0, 6).Draw(t, "changes") {
		at := day(1, 0).Add(time.Duration(n) * 17 * time.Hour).Format(time.RFC3339)
		branch := rapid.SampledFrom([]string{"main", "dev", "other"}).Draw(t, "branch")
		kind := rapid.SampledFrom([]string{update, update, create, remove}).Draw(t, "kind")
		if stands, gone = named(branch, fmt.Sprintf("version%d", n)), kind == remove; gone {
			stands = ""
		}
		changes = append(changes, changed(kind, at, stands))
	}
	return changes, stands, gone
}

// TestFixesAreOfWhatStands has everything that is offered in the place of the
// trust policy hold what was added since the call.
func TestFixesAreOfWhatStands(t *testing.T) {
	offered := 0
	rapid.Check(t, func(rt *rapid.T) {
		changes, stands, gone := past(rt)
		account := ""
		if rapid.Bool().Draw(rt, "account") && !gone {
			account = named(rapid.SampledFrom([]string{"main", "dev", "other"}).Draw(rt, "as it stands"), "standing")
			stands = account
		}
		one := judged(t, account, changes...)
		mustBeOfWhatStands(rt, &one)
		all := append(proposed(one.Report), proposed(one.Earlier)...)
		for _, policy := range all {
			if sid := sidOf(stands); sid == "" || !strings.Contains(policy, `"`+sid+`"`) {
				rt.Errorf("%s by %q, in the place of %s: %s", one.Standing, changes, stands, policy)
			}
		}
		offered += len(all)
	})
	if offered == 0 {
		t.Error("nothing was offered")
	}
}

// sidOf is the name of the statement that tells a policy from others.
func sidOf(policy string) string {
	_, rest, _ := strings.Cut(policy, `"Sid":"`)
	sid, _, _ := strings.Cut(rest, `"`)
	return sid
}
