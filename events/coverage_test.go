package events_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
)

// kinds are what the samples are named after that are named neither after a
// cause nor after a provider.
var kinds = []string{"subject-", "stranger-", "hostile-", "ok-"}

func codes() []string {
	var all []string
	for _, c := range diagnose.Checks {
		all = append(all, string(c.Code))
	}
	return all
}

func names(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, s := range samples(t) {
		all = append(all, s.name)
	}
	return all
}

func TestEveryCauseHasASample(t *testing.T) {
	all := samples(t)
	for _, code := range codes() {
		i := slices.IndexFunc(all, func(s *sample) bool { return s.name == code })
		if i < 0 {
			t.Errorf("the cause %s has no sample: events/%s.json", code, code)
		} else if want := all[i].Case.Expect.Causes; len(want) == 0 || want[0] != code {
			t.Errorf("events/%s.json expects %q", code, want)
		}
	}
}

func TestEveryProviderHasASample(t *testing.T) {
	all := samples(t)
	for _, p := range idp.Providers {
		i := slices.IndexFunc(all, func(s *sample) bool { return s.name == "provider-"+p.ID })
		if i < 0 {
			t.Errorf("the provider %s has no sample: events/provider-%s.json", p.ID, p.ID)
			continue
		}
		user := all[i].Detail["userIdentity"].(map[string]any)
		host := cloudtrail.KeyHost(user["identityProvider"].(string))
		if got := idp.FindFor(host, user["userName"].(string)); got != p {
			t.Errorf("events/provider-%s.json is one of %s", p.ID, got.ID)
		}
	}
}

// Every sample is named after a cause, a provider or one of the kinds.
func TestEverySampleHasAReason(t *testing.T) {
	for _, name := range names(t) {
		id, ofProvider := strings.CutPrefix(name, "provider-")
		switch {
		case slices.Contains(codes(), name):
		case ofProvider && slices.ContainsFunc(idp.Providers, func(p *idp.Provider) bool { return p.ID == id }):
		case slices.ContainsFunc(kinds, func(kind string) bool { return strings.HasPrefix(name, kind) }):
		default:
			t.Errorf("%s is named after nothing", name)
		}
	}
}

func TestEveryPartitionHasASample(t *testing.T) {
	all := samples(t)
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
		if !slices.ContainsFunc(all, func(s *sample) bool { return strings.Contains(string(s.raw), `"arn:`+partition+`:iam::`) }) {
			t.Errorf("no sample of partition %s", partition)
		}
	}
}

// The table of contents names the samples that are there, and no other.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range regexp.MustCompile("`([a-z0-9.-]+)\\.json`").FindAllSubmatch(readme, -1) {
		listed = append(listed, string(m[1]))
	}
	there := names(t)
	for _, name := range there {
		if !slices.Contains(listed, name) {
			t.Errorf("events/README.md does not name %s.json", name)
		}
	}
	for _, name := range listed {
		if !slices.Contains(there, name) {
			t.Errorf("events/README.md names %s.json, which is not there", name)
		}
	}
}
