package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// BenchmarkAuditProcess audits an account of five thousand roles, as
// `aws iam get-account-authorization-details` prints it, by the program itself:
// the time on the processor and the most memory that it had.
func BenchmarkAuditProcess(b *testing.B) {
	program, file := filepath.Join(b.TempDir(), "rolewhy"), filepath.Join(b.TempDir(), "details.json")
	if out, err := exec.Command("go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(file, accountDetails(b, 5000), 0o600); err != nil {
		b.Fatal(err)
	}
	var user, most float64
	for b.Loop() {
		cmd := exec.Command(program, "audit", "--account", file, "--output", "json")
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		user += cmd.ProcessState.UserTime().Seconds()
		most = max(most, float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024)
	}
	b.ReportMetric(user/float64(b.N), "user-s/op")
	b.ReportMetric(most, "MiB")
}

// accountDetails are those of an account every tenth role of which is too open.
func accountDetails(b *testing.B, roles int) []byte {
	b.Helper()
	const host = "token.actions.githubusercontent.com"
	list := make([]any, roles)
	for i := range list {
		owner := "acme@1234/"
		if i%10 == 0 {
			owner = "acme*"
		}
		list[i] = map[string]any{
			"Arn": fmt.Sprintf("arn:aws:iam::111122223333:role/service-%d", i), "CreateDate": "2024-01-01T00:00:00+00:00", "InstanceProfileList": []any{},
			"AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
				"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": map[string]any{"Federated": "arn:aws:iam::111122223333:oidc-provider/" + host},
				"Condition": map[string]any{"StringEquals": map[string]any{host + ":aud": "sts.amazonaws.com"}, "StringLike": map[string]any{host + ":sub": fmt.Sprintf("repo:%sservice-%d*:*", owner, i)}},
			}}},
			"RolePolicyList": []any{map[string]any{"PolicyName": "own", "PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
				"Effect": "Allow", "Action": []string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "logs:PutLogEvents"}, "Resource": fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i),
			}}}}},
			"AttachedManagedPolicies": []any{map[string]any{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
		}
	}
	text, err := json.MarshalIndent(map[string]any{"UserDetailList": []any{}, "RoleDetailList": list}, "", "    ")
	if err != nil {
		b.Fatal(err)
	}
	return text
}
