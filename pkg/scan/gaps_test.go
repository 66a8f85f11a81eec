package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// elsewhere moves a record to another account.
func elsewhere(record, account string) string {
	return strings.NewReplacer(testAccount, account, `"eventID":"`, `"eventID":"`+account+"-").Replace(record)
}

// accountFile is one, in any of its forms.
func accountFile(t *testing.T, text string) diagnose.Account {
	t.Helper()
	f, err := casefile.Load(strings.NewReader(text), "account.json")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestWhatTheAccountDoesNotTell judges nothing by what a file lacks, and says so.
func TestWhatTheAccountDoesNotTell(t *testing.T) {
	const (
		other       = "444455556666"
		provider    = `"oidcProviders":[{"Arn":"` + testIssuer + `","ClientIDList":["sts.amazonaws.com"]}]`
		noProviders = "The provider of 1 incident could not be read: get-account-authorization-details lists no identity providers, and the account file has no OpenIDConnectProviderList."
	)
	role := func(policy string) string {
		return `[{"Arn":"` + testRole + `","AssumeRolePolicyDocument":` + policy + `}]`
	}
	for _, tt := range []struct {
		name, account string
		here, there   Standing // of the call of the account, and of the other's
		notes         []string
	}{
		{
			name: "another account", account: `{"roles":` + role(trust("main")) + `,` + provider + `}`, here: Failing, there: Unclear,
			notes: []string{"1 incident is of accounts that the account file does not hold: 444455556666."},
		},
		{
			name: "no role at all", account: `{"RoleDetailList":[],"OpenIDConnectProviderList":[]}`, here: Unclear, there: Unclear,
			notes: []string{"2 incidents are of accounts that the account file does not hold: 111122223333, 444455556666."},
		},
		{
			name: "no list of providers", account: `{"RoleDetailList":` + role(trust("main")) + `}`, here: Failing, there: Unclear,
			notes: []string{"1 incident is of accounts that the account file does not hold: 444455556666.", noProviders},
		},
		{
			name: "the first page", account: strings.ReplaceAll(`{"IsTruncated":true,"RoleDetailList":`+role(trust("main"))+`}`, "role/deploy", "role/other"), here: Unclear, there: Unclear,
			notes: []string{
				"1 incident is of accounts that the account file does not hold: 444455556666.", noProviders,
				"The role of 1 incident could not be read: the account file has the first page of the roles alone (IsTruncated).",
			},
		},
		{
			name: "a role without its policy", account: `{"roles":` + role("null") + `,` + provider + `}`, here: Unclear, there: Unclear,
			notes: []string{
				"1 incident is of accounts that the account file does not hold: 444455556666.",
				"The trust policy of 1 incident could not be read: the role was given without it.",
			},
		},
		{
			name: "a policy that is none", account: `{"roles":` + role(`"[]"`) + `,` + provider + `}`, here: Unclear, there: Unclear,
			notes: []string{
				"1 incident is of accounts that the account file does not hold: 444455556666.",
				"The trust policy of 1 incident could not be read: it is no valid policy: line 1, column 1: a policy is a JSON object.",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			call := denied("1", "2026-03-03T00:00:00Z", "a", "dev")
			result := scanned(t, &Scanner{Account: accountFile(t, tt.account)}, texts{logOf(call, elsewhere(call, other))})
			standings := map[string]Standing{}
			for i := range result.Incidents {
				standings[result.Incidents[i].Account().ID] = result.Incidents[i].Standing
			}
			if want := map[string]Standing{testAccount: tt.here, other: tt.there}; cmp.Diff(want, standings) != "" {
				t.Errorf("standings %v, want %v", standings, want)
			}
			if diff := cmp.Diff(tt.notes, result.Notes); diff != "" || len(result.Unreadable) > 0 {
				t.Errorf("unreadable %v, notes (-want +got):\n%s", result.Unreadable, diff)
			}
		})
	}
}

// refusing refuses every role and provider.
type refusing struct{ nothing }

func (refusing) Role(_ context.Context, arn string) diagnose.Known[diagnose.Role] {
	return diagnose.Unseen[diagnose.Role]("AWS refused it: grant iam:GetRole on " + arn)
}

func (refusing) Provider(context.Context, string) diagnose.Known[diagnose.Provider] {
	return diagnose.Unseen[diagnose.Provider]("AWS could not be reached")
}

// TestWhatAWSDoesNotTell lists reasons that many roles have in common once.
func TestWhatAWSDoesNotTell(t *testing.T) {
	var records []string
	for n, role := range []string{"role/b", "role/path/a", "role/a"} {
		records = append(records, strings.ReplaceAll(denied(fmt.Sprint(n), "2026-03-03T00:00:00Z", "a", "dev"), "role/deploy", role))
	}
	notes := []string{
		"The provider of 3 incidents could not be read: AWS could not be reached.",
		"The role of 3 incidents could not be read: AWS refused it: grant iam:GetRole on arn:aws:iam::111122223333:role/*.",
	}
	unreadable := []Unreadable{
		{Where: testIssuer, Why: "AWS could not be reached"},
		{Where: "arn:aws:iam::111122223333:role/a and 2 more", Why: "AWS refused it: grant iam:GetRole on arn:aws:iam::111122223333:role/*"},
	}
	for _, live := range []bool{true, false} {
		result := scanned(t, &Scanner{Account: refusing{}, Live: live}, texts{logOf(records...)})
		if !live {
			unreadable = []Unreadable{}
		}
		if diff := cmp.Diff(notes, result.Notes) + cmp.Diff(unreadable, result.Unreadable); diff != "" {
			t.Errorf("live %v (-want +got):\n%s", live, diff)
		}
	}
}

// slow is an account that ends the scan, and does not answer.
type slow struct {
	nothing
	end func()
}

func (s slow) Role(ctx context.Context, _ string) diagnose.Known[diagnose.Role] {
	s.end()
	<-ctx.Done()
	return diagnose.Unseen[diagnose.Role]("AWS did not answer in time")
}

// TestAWSIsNotWaitedFor once the scan was interrupted: what was read is told.
func TestAWSIsNotWaitedFor(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	result, err := (&Scanner{Account: slow{end: cancel}, Live: true}).Scan(ctx, texts{damagedLog()})
	if err != nil || !result.Interrupted || result.Denials != 2 || len(result.Incidents) != 1 || len(result.Unreadable) > 0 {
		t.Errorf("%v: %+v", err, result)
	}
	const want = "AWS was not waited for any more: of roles and providers that it had not told of by then, the records alone tell."
	if !slices.Contains(result.Notes, want) {
		t.Errorf("%q", result.Notes)
	}
}

// TestGapsAreBounded: an organization has more accounts and roles than anybody
// reads of, and names of others are no text that acts.
func TestGapsAreBounded(t *testing.T) {
	w := newWitness(accountFile(t, `{"roles":[{"Arn":"`+testRole+`"}]}`))
	var incidents []Incident
	add := func(arn string) {
		incidents = append(incidents, Incident{Report: &report.Report{Event: report.Event{Role: arn}}})
	}
	for n := range 20 {
		add(fmt.Sprintf("arn:aws:iam::%012d:role/x", n))
		arn := fmt.Sprintf("arn:aws:iam::%s:role/%d", testAccount, n)
		add(arn)
		w.note(arn, gap{"role", fmt.Sprintf("reason \x1b[2J%d%s", n, strings.Repeat("x", 500))})
	}
	g := w.gapsOf(t.Context(), incidents)
	notes := g.notes(true)
	if len(notes) != 7 || !strings.HasPrefix(notes[0], "20 incidents are of accounts that the credentials at hand are not of: 000000000000, ") ||
		!strings.HasSuffix(notes[0], " and 14 more.") || !strings.HasPrefix(notes[6], "There are 15 more reasons") {
		t.Errorf("%q", notes)
	}
	for _, text := range append(notes, g.failures()[0].Why, g.failures()[0].Where) {
		if len(text) > 450 || strings.Contains(text, "\x1b") {
			t.Errorf("%q", text)
		}
	}
}

// TestHowToShowPolicies: a scan takes those of all roles from one file, and by
// itself.
func TestHowToShowPolicies(t *testing.T) {
	result := scanned(t, new(Scanner), texts{logOf(denied("1", "2026-03-03T00:00:00Z", "a", "dev"))})
	want := []report.Fix{{
		Target:   report.Elsewhere,
		Message:  "show rolewhy the trust policies of the account: save what the command prints, and give it by rolewhy scan ... --account FILE",
		Commands: []string{"aws iam get-account-authorization-details --filter=Role"},
	}}
	if diff := cmp.Diff(want, result.Incidents[0].Report.Findings[0].Fixes); diff != "" {
		t.Error(diff)
	}
}
