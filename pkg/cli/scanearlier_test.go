package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const (
	earlierAccount  = "111122223333"
	earlierProvider = "arn:aws:iam::" + earlierAccount + ":oidc-provider/token.actions.githubusercontent.com"
)

// branchPolicy trusts a branch of acme/NAME, and has a statement that tells it
// from others.
func branchPolicy(name, branch, sid string) map[string]any {
	trusts := func(action string, more map[string]any) map[string]any {
		s := map[string]any{"Effect": "Allow", "Principal": map[string]any{"Federated": earlierProvider}, "Action": action}
		for key, value := range more {
			s[key] = value
		}
		return s
	}
	return map[string]any{"Version": "2012-10-17", "Statement": []any{
		trusts("sts:AssumeRoleWithWebIdentity", map[string]any{"Condition": map[string]any{"StringEquals": map[string]any{
			"token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
			"token.actions.githubusercontent.com:sub": fmt.Sprintf("repo:acme/%s:ref:refs/heads/%s", name, branch),
		}}}),
		trusts("sts:TagSession", map[string]any{"Sid": sid}),
	}}
}

// changedLogs has three roles, each with a call of branch dev that was denied,
// and changed afterwards: to another branch, to dev, and, of pages, deleted.
func changedLogs(t *testing.T) (logs, account string) {
	t.Helper()
	dir := t.TempDir()
	logs, account = filepath.Join(dir, "logs"), filepath.Join(dir, "account.json")
	var records []map[string]any
	var roles []any
	for role, branch := range map[string]string{"site": "next", "blog": "dev", "pages": ""} {
		records = append(records, changeRecord(t, "CreateRole", "2026-03-02T10:00:00Z", role, branchPolicy(role, "main", "Before")), deniedRecord(role))
		if branch == "" {
			records = append(records, changeRecord(t, "DeleteRole", "2026-03-04T10:00:00Z", role, nil))
			continue
		}
		after := branchPolicy(role, branch, "AddedSince")
		records = append(records, changeRecord(t, "UpdateAssumeRolePolicy", "2026-03-04T10:00:00Z", role, after))
		roles = append(roles, map[string]any{"Arn": "arn:aws:iam::" + earlierAccount + ":role/" + role, "AssumeRolePolicyDocument": after})
	}
	writeLog(t, logs, earlierAccount, "changed", records)
	writeJSON(t, account, map[string]any{"roles": roles, "oidcProviders": []any{map[string]any{"Arn": earlierProvider, "ClientIDList": []string{"sts.amazonaws.com"}}}})
	return logs, account
}

func deniedRecord(role string) map[string]any {
	sub := "repo:acme/" + role + ":ref:refs/heads/dev"
	return map[string]any{
		"eventID": "denied-" + role, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRoleWithWebIdentity", "eventTime": "2026-03-03T10:00:00Z",
		"errorCode": "AccessDenied", "errorMessage": "An unknown error occurred", "recipientAccountId": earlierAccount,
		"requestParameters": map[string]any{"roleArn": "arn:aws:iam::" + earlierAccount + ":role/" + role, "roleSessionName": "s"},
		"userIdentity":      map[string]any{"type": "WebIdentityUser", "principalId": earlierProvider + ":sts.amazonaws.com:" + sub, "userName": sub, "identityProvider": earlierProvider},
	}
}

func changeRecord(t *testing.T, name, at, role string, policy map[string]any) map[string]any {
	t.Helper()
	parameters := map[string]any{"roleName": role}
	if policy != nil {
		text, err := json.Marshal(policy)
		if err != nil {
			t.Fatal(err)
		}
		parameters[map[string]string{"CreateRole": "assumeRolePolicyDocument", "UpdateAssumeRolePolicy": "policyDocument"}[name]] = string(text)
	}
	return map[string]any{
		"eventID": name + role, "eventSource": "iam.amazonaws.com", "eventName": name, "eventTime": at, "recipientAccountId": earlierAccount,
		"requestParameters": parameters, "userIdentity": map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::" + earlierAccount + ":user/alice"},
	}
}

func TestScanTellsOfEarlierVersions(t *testing.T) {
	logs, account := changedLogs(t)
	for _, tt := range []struct {
		golden string
		args   []string
	}{
		{"earlier.txt", []string{"--width", "140"}},
		{"earlier.md", []string{"-o", "markdown"}},
		{"earlier.csv", []string{"-o", "csv"}},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			_, stdout, _ := scans(t, &Command{}, append([]string{logs, "--account", account}, tt.args...)...)
			golden(t, filepath.Join("testdata", "scan", tt.golden), stdout)
		})
	}
}

// Whatever is to be pasted holds what was added after the call was denied.
func TestScanProposesNothingOfEarlierVersions(t *testing.T) {
	logs, account := changedLogs(t)
	for _, args := range [][]string{{logs, "--account", account}, {logs}} {
		_, lines, _ := scans(t, &Command{}, append(args, "-o", "jsonl")...)
		if n := proposals(t, lines); n == 0 {
			t.Errorf("%v: nothing is proposed", args)
		}
		for _, output := range []string{"json", "html", "markdown", "csv", "text"} {
			_, stdout, _ := scans(t, &Command{}, append(args, "-o", output)...)
			for _, rest := range strings.Split(stdout, "update-assume-role-policy --role-name ")[1:] {
				if command, _, _ := strings.Cut(rest, "}'"); !strings.HasPrefix(rest, "site") || strings.Contains(command, "Before") {
					t.Errorf("%v as %s has the command %.2000s", args, output, command)
				}
			}
		}
	}
}

// proposals counts what incidents have to put in the place of a policy.
func proposals(t *testing.T, lines string) (n int) {
	t.Helper()
	for line := range strings.Lines(lines) {
		var incident map[string]any
		if err := json.Unmarshal([]byte(line), &incident); err != nil {
			t.Fatal(err)
		}
		walk(incident, func(name string, value any) {
			switch name {
			case "policy", "fixedTrustPolicy", "fixedText", "diff", "command", "terraform":
				text := fmt.Sprint(value)
				if value == nil || text == "" {
					return
				}
				n++
				if incident["standing"] != "failing" || name != "diff" && !strings.Contains(text, "AddedSince") || strings.Contains(text, "Before") {
					t.Errorf("%s of %s: %s", name, incident["standing"], text)
				}
			}
		})
		if earlier, ok := incident["earlier"].(map[string]any); ok {
			walk(earlier, func(name string, value any) {
				if fixes, ok := value.([]any); name == "fixes" && (!ok || len(fixes) > 0) {
					t.Errorf("the earlier report has the fixes %v", value)
				}
			})
		}
	}
	return n
}

// walk goes through all members of a JSON value.
func walk(value any, see func(name string, value any)) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			see(name, member)
			walk(member, see)
		}
	case []any:
		for _, element := range v {
			walk(element, see)
		}
	}
}

// The codes of causes are those of the policies as they stand.
func TestScanFailsOnCausesThatStand(t *testing.T) {
	logs, account := changedLogs(t)
	for kind, want := range map[string]int{"role-not-found": 1, "subject-mismatch": 1, "policy-changed-since": 0, "failing": 1} {
		if code, _, stderr := scans(t, &Command{}, logs, "--account", account, "--fail-on", kind); code != want {
			t.Errorf("--fail-on %s: exit %d, want %d: %s", kind, code, want, stderr)
		}
	}
}
