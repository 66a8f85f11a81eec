package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/awstest"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Every sample and the real record go into the queue at one end of the built
// bootstrap, and what a subscriber and a Slack channel get comes out at the
// other: the very report that the account's data gives directly.
func TestEverySampleArrives(t *testing.T) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			st := newStage(t, s)
			noHistory(st)
			st.put(t, s.Raw)
			st.pollAll(t)
			messages, _ := places.Slack.Take()
			got := st.received(t)
			if !s.Denied() {
				if len(got)+len(messages) != 0 || len(st.dead(t)) != 1 {
					t.Errorf("%d SNS and %d Slack messages about what is no denial", len(got), len(messages))
				}
				return
			}
			if len(got) != 1 || len(messages) != 1 {
				t.Fatalf("%d SNS and %d Slack messages, want one each\n%s", len(got), len(messages), st.function.Logs())
			}
			want := direct(t, s, awsaccount.New(st.Config, awsaccount.Options{}))
			checkNotice(t, want, got[0])
			checkMessage(t, want, messages[0])
			st.checkSecrets(t)
		})
	}
}

// noHistory keeps the samples, which are of one time, from waiting for changes
// near it: CloudTrail answers two requests a second. E2e tests of their own
// look at changes.
func noHistory(st *stage) {
	places.Cloud.Fail("LookupEvents", standin.Refuse(400, `{"__type":"AccessDeniedException"}`))
}

// checkNotice holds what a program gets against the report: an alert has it,
// and of a stranger no more is told than that there was one.
func checkNotice(t *testing.T, want *report.Report, got *world.Notice) {
	t.Helper()
	if want.Caller == report.Stranger {
		if got.Kind != "security" || got.Report != nil || got.Summary.Incidents != 1 {
			t.Errorf("notice of a stranger: %+v", got)
		}
		return
	}
	if got.Kind != "alert" || got.Incident.ID != want.Fingerprint || got.Incident.Count != 1 {
		t.Errorf("notice %s of incident %s with %d calls", got.Kind, got.Incident.ID, got.Incident.Count)
	}
	var b bytes.Buffer
	check(t, report.JSON(&b, want))
	if diff := cmp.Diff(decoded(t, b.Bytes()), decoded(t, got.Report)); diff != "" {
		t.Errorf("SNS message (-want +got):\n%s", diff)
	}
}

func decoded(t *testing.T, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v in %.200q", err, raw)
	}
	return v
}

// checkMessage looks for what a person needs in a Slack message. Its layout has
// tests of its own.
func checkMessage(t *testing.T, want *report.Report, m standin.Message) {
	t.Helper()
	text := m.Read()
	if stranger := want.Caller == report.Stranger; stranger != strings.Contains(strings.ToLower(text), "stranger") {
		t.Errorf("stranger: %t, but\n%s", stranger, text)
	} else if stranger {
		return
	}
	for _, f := range want.Findings[:min(len(want.Findings), 1)] {
		if !strings.Contains(text, string(f.Code)) {
			t.Errorf("no %s in\n%s", f.Code, text)
		}
	}
}

// samples are events/*.json and the real record, by name.
func samples(t *testing.T) map[string]*world.Sample {
	t.Helper()
	all := map[string]*world.Sample{"eks-2023": realRecord(t)}
	for _, file := range must(filepath.Glob(filepath.Join(root, "events", "*.json")))(t) {
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = must(world.ReadSample(file))(t)
	}
	if len(all) < 90 {
		t.Fatalf("%d samples", len(all))
	}
	return all
}

func realRecord(t *testing.T) *world.Sample {
	t.Helper()
	return must(world.ReadSample(filepath.Join("testdata", "eks-2023.json")))(t)
}

// direct is a diagnosis without the function: of roles and providers that are
// read off the sample, and of what else live tells.
func direct(t *testing.T, s *world.Sample, live *awsaccount.Account) *report.Report {
	t.Helper()
	return diagnose.Explain(t.Context(), onPaper{live, s}, must(readEvent(s.Raw))(t), diagnose.Options{})
}

// onPaper is the sample's account, with roles and providers read without AWS.
type onPaper struct {
	*awsaccount.Account
	*world.Sample
}

func (p onPaper) Role(ctx context.Context, arn string) diagnose.Known[diagnose.Role] {
	return pick(p.Roles(ctx, ""), func(r diagnose.Role) bool { return r.ARN == arn })
}

func (p onPaper) Provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	return pick(p.Providers(ctx, ""), func(p diagnose.Provider) bool { return p.ARN == arn })
}

func (p onPaper) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	roles := []diagnose.Role{}
	for _, r := range p.Case.Account.Roles {
		roles = append(roles, diagnose.Role{ARN: r.ARN, TrustPolicy: r.Policy, MaxSession: max(int(r.Max), 3600), Created: awstest.Created})
	}
	return diagnose.Found(roles)
}

func (p onPaper) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	providers := []diagnose.Provider{}
	for _, s := range p.Case.Account.Providers {
		_, host, _ := strings.Cut(s.ARN, ":oidc-provider/")
		providers = append(providers, diagnose.Provider{ARN: s.ARN, URL: host, ClientIDs: s.ClientIDs, Created: awstest.Created})
	}
	return diagnose.Found(providers)
}

func pick[T any](all diagnose.Known[[]T], wanted func(T) bool) diagnose.Known[T] {
	if i := slices.IndexFunc(all.Value, wanted); i >= 0 {
		return diagnose.Found(all.Value[i])
	}
	return diagnose.Missing[T]()
}
