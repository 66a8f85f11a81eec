package notify_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

const (
	event    = "e8b7a0f1-7dca-72ed-fe77-5de94880fbc0"
	causes   = "https://github.com/rolewhy/rolewhy/blob/main/docs/causes.md#subject-mismatch"
	actions  = "https://token.actions.githubusercontent.com"
	roleHash = "#/roles/details/deploy?section=trust_relationships"
)

// github is a call of a repository.
func github(change func(*report.Report)) *report.Report {
	r := &report.Report{
		Caller: report.Known,
		Event: report.Event{
			ID: event, Region: "eu-west-1", Role: "arn:aws:iam::111122223333:role/ci/deploy", Issuer: actions,
			Derived: []report.Pair{{Name: "owner", Value: "acme"}, {Name: "repository", Value: "api"}},
		},
		Findings: []report.Finding{{Code: "subject-mismatch"}},
	}
	change(r)
	return r
}

func TestLinks(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*report.Report)
		link   string
		want   string // "" where the link is left out
	}{
		{"role", func(*report.Report) {}, "Role", "https://console.aws.amazon.com/iam/home" + roleHash},
		{"role in China", func(r *report.Report) { r.Event.Role = "arn:aws-cn:iam::111122223333:role/deploy" }, "Role", "https://console.amazonaws.cn/iam/home" + roleHash},
		{"role of the US government", func(r *report.Report) { r.Event.Role = "arn:aws-us-gov:iam::111122223333:role/deploy" }, "Role", "https://console.amazonaws-us-gov.com/iam/home" + roleHash},
		{"role in a partition without a known console", func(r *report.Report) { r.Event.Role = "arn:aws-iso:iam::111122223333:role/deploy" }, "Role", ""},
		{"role with unusual characters", func(r *report.Report) { r.Event.Role = "arn:aws:iam::111122223333:role/a+b=c,d@e" }, "Role", "https://console.aws.amazon.com/iam/home#/roles/details/a+b=c%2Cd@e?section=trust_relationships"},
		{"role of 64 letters", func(r *report.Report) {
			r.Event.Role = "arn:aws:iam::111122223333:role/ci/" + strings.Repeat("a", 64)
		}, "Role", "https://console.aws.amazon.com/iam/home#/roles/details/" + strings.Repeat("a", 64) + "?section=trust_relationships"},
		{"role too long", func(r *report.Report) {
			r.Event.Role = "arn:aws:iam::111122223333:role/ci/" + strings.Repeat("a", 65)
		}, "Role", ""},
		{"no role", func(r *report.Report) { r.Event.Role = "deploy" }, "Role", ""},
		{"role that is a link", func(r *report.Report) {
			r.Event.Role = "arn:aws:iam::111122223333:role/x|y"
		}, "Role", ""},

		{"event", func(*report.Report) {}, "CloudTrail event", "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/" + event},
		{"event in China", func(r *report.Report) { r.Event.Region = "cn-north-1" }, "CloudTrail event", "https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1#/events/" + event},
		{"event of the US government", func(r *report.Report) { r.Event.Region = "us-gov-west-1" }, "CloudTrail event", "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events/" + event},
		{"event in a secret region", func(r *report.Report) { r.Event.Region = "us-isob-east-1" }, "CloudTrail event", ""},
		{"no region", func(r *report.Report) { r.Event.Region = "" }, "CloudTrail event", ""},
		{"region that is a host", func(r *report.Report) { r.Event.Region = "evil.example/#" }, "CloudTrail event", ""},
		{"event that is a path", func(r *report.Report) { r.Event.ID = "../.." }, "CloudTrail event", ""},

		{"GitHub", func(*report.Report) {}, "Repository", "https://github.com/acme/api"},
		{"GitHub with the enterprise's issuer", func(r *report.Report) { r.Event.Issuer = actions + "/acme-inc" }, "Repository", "https://github.com/acme/api"},
		{"GHE.com", func(r *report.Report) { r.Event.Issuer = "https://token.actions.octo.ghe.com" }, "Repository", "https://octo.ghe.com/acme/api"},
		{"GitHub Enterprise Server", func(r *report.Report) { r.Event.Issuer = "https://git.acme.example/_services/token" }, "Repository", "https://git.acme.example/acme/api"},
		{"a server that nobody knows", func(r *report.Report) {
			r.Event.Issuer, r.Caller = "https://git.acme.example/_services/token", report.Undetermined
		}, "Repository", ""},
		{"a stranger", func(r *report.Report) { r.Caller = report.Stranger }, "Repository", ""},
		{"no repository", func(r *report.Report) { r.Event.Derived = nil }, "Repository", ""},
		{"a repository that climbs", func(r *report.Report) { r.Event.Derived[1].Value = ".." }, "Repository", ""},
		{"a repository of 100 letters", func(r *report.Report) { r.Event.Derived[1].Value = strings.Repeat("a", 100) }, "Repository", "https://github.com/acme/" + strings.Repeat("a", 100)},
		{"a repository too long", func(r *report.Report) { r.Event.Derived[1].Value = strings.Repeat("a", 101) }, "Repository", ""},
		{"a repository that queries", func(r *report.Report) { r.Event.Derived[1].Value = "x?y" }, "Repository", ""},
		{"an issuer that looks like GitHub", func(r *report.Report) { r.Event.Issuer = actions + ".evil.example" }, "Repository", ""},
		{"GitLab", gitlab("https://gitlab.com", "GitLab.com", report.Undetermined), "Repository", "https://gitlab.com/acme/team/api"},
		{"GitLab of one's own", gitlab("https://git.acme.example", "GitLab", report.Known), "Repository", "https://git.acme.example/acme/team/api"},
		{"GitLab that nobody knows", gitlab("https://git.acme.example", "GitLab", report.Undetermined), "Repository", ""},
		{"a cluster", func(r *report.Report) { r.Event.Issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/AB" }, "Repository", ""},

		{"cause", func(*report.Report) {}, "About subject-mismatch", causes},
		{"no cause", func(r *report.Report) { r.Findings = nil }, "About subject-mismatch", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, l := range notify.Links(github(tt.change)) {
				if l.Name == tt.link {
					got = l.URL
				}
			}
			if got != tt.want {
				t.Errorf("%s leads to %q, want %q", tt.link, got, tt.want)
			}
		})
	}
}

func gitlab(issuer, name string, caller report.Caller) func(*report.Report) {
	return func(r *report.Report) {
		r.Caller, r.Event.Issuer, r.Event.ProviderName = caller, issuer, name
		r.Event.Derived = []report.Pair{{Name: "group", Value: "acme/team"}, {Name: "project", Value: "api"}}
	}
}

// Whatever the values are, links lead to the console, the forge and this
// project, and nowhere else.
func TestLinksLeadNowhereElse(t *testing.T) {
	hosts := map[string]bool{}
	notifytest.Each(t, func(t *testing.T, r *report.Report) {
		r.Caller, r.Event.Issuer = report.Known, actions
		for _, l := range notify.Links(r) {
			u, err := url.Parse(l.URL)
			if err != nil || u.Scheme != "https" || u.User != nil {
				t.Fatalf("%s: %v", l.URL, err)
			}
			hosts[u.Host] = true
			if strings.ContainsAny(l.URL, "<>|\" \n`") {
				t.Errorf("%q", l.URL)
			}
		}
	})
	if d := cmp.Diff(map[string]bool{"github.com": true}, hosts); d != "" {
		t.Errorf("hosts (-want +got):\n%s", d)
	}
}
