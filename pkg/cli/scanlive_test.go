package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// refusing leads the environment to an AWS that refuses all but to say whose
// the credentials are.
func refusing(t *testing.T) {
	t.Helper()
	ambient(t, withKeys...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if strings.Contains(string(body), "GetCallerIdentity") {
			io.WriteString(w, xmlOf("GetCallerIdentity", "<Account>"+liveAccount+"</Account>"))
			return
		}
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
}

// twoAccounts are logs with a call of the account of the credentials and one of
// another.
func twoAccounts(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "two.jsonl")
	one := strings.Join(strings.Fields(liveRecord), " ")
	write(t, file, one+"\n"+strings.ReplaceAll(strings.ReplaceAll(one, liveAccount, "444455556666"), "live-1", "live-2")+"\n")
	return file
}

// What AWS refuses is no good news: the scan tells of it and fails. An account
// that the credentials are not of is no failure.
func TestScanTellsWhatAWSRefused(t *testing.T) {
	refusing(t)
	code, stdout, stderr := scans(t, &Command{}, twoAccounts(t), "--live", "--fail-on", "failing")
	if code != exitFailure {
		t.Errorf("exit %d", code)
	}
	for _, line := range []string{
		"rolewhy: " + liveRole + ": AWS refused it: grant iam:GetRole on arn:aws:iam::111122223333:role/*\n",
		"rolewhy: arn:aws:iam::111122223333:oidc-provider/" + liveIssuer + ": AWS refused it: grant iam:GetOpenIDConnectProvider on arn:aws:iam::111122223333:oidc-provider/*\n",
		"rolewhy: --fail-on failing: of 2 incidents it is not known whether they still fail\n",
	} {
		if !strings.Contains(stderr, line) {
			t.Errorf("no %q in\n%s", line, stderr)
		}
	}
	if strings.Count(stderr, "\n") != 3 {
		t.Errorf("told\n%s", stderr)
	}
	for _, note := range []string{
		"1 incident is of accounts that the credentials at hand are not of: 444455556666.",
		"The role of 1 incident could not be read: AWS refused it: grant iam:GetRole on arn:aws:iam::111122223333:role/*.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(stdout), " "), note) {
			t.Errorf("no %q in\n%s", note, stdout)
		}
	}
}

// A stranger is no incident that --fail-on waits for.
func TestUnclearAreThoseOfTheAccount(t *testing.T) {
	logs, account := sampleLogs(t)
	_, _, stderr := scans(t, &Command{}, logs, "--account", account, "--fail-on", "failing")
	if stderr != "" {
		t.Errorf("where an incident fails: %s", stderr)
	}
	_, _, stderr = scans(t, &Command{}, twoAccounts(t), "--fail-on", "failing")
	if want := "rolewhy: --fail-on failing: of 2 incidents it is not known whether they still fail\n"; stderr != want {
		t.Errorf("without an account: %q", stderr)
	}
	if _, _, stderr = scans(t, &Command{}, twoAccounts(t), "--fail-on", "any,role-not-found"); stderr != "" {
		t.Errorf("where nobody asks: %s", stderr)
	}
	if n := unclear(&scan.Result{}); n != 0 {
		t.Errorf("%d of none", n)
	}
}

// A trust policy alone would be taken for that of every role.
func TestScanTakesNoTrustPolicyAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trust.json")
	write(t, file, liveTrust)
	code, stdout, stderr := scans(t, &Command{}, twoAccounts(t), "--account", file)
	if code != exitFailure || stdout != "" || !strings.Contains(stderr, "a trust policy alone does not tell which role it is of") {
		t.Errorf("exit %d, %s\n%s", code, stderr, stdout)
	}
}
