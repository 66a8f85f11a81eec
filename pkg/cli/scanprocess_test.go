package cli_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// An interrupt, and what systemd or a job that takes too long sends, end the
// process with what was found so far, though its input would go on.
func TestScanIsInterrupted(t *testing.T) {
	program := filepath.Join(t.TempDir(), "rolewhy")
	if out, err := exec.Command("go", "build", "-o", program, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) { interrupted(t, program, signal) })
	}
}

func interrupted(t *testing.T, program string, signal os.Signal) {
	cmd := exec.Command(program, "scan", "-")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const denied = `{"eventID":"e-1","eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","errorCode":"AccessDenied",` +
		`"errorMessage":"An unknown error occurred","eventTime":"2026-03-02T09:12:44Z","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/deploy"},` +
		`"userIdentity":{"userName":"system:serviceaccount:a:b","identityProvider":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB"}}`
	other := strings.Repeat(`{"eventName":"Decrypt","eventSource":"kms.amazonaws.com","eventTime":"2026-03-02T09:12:44Z"}`+"\n", 50_000)
	fmt.Fprintln(input, denied)
	fmt.Fprint(input, other) // more than the pipe and the buffers hold: the first record was read when all is written
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("%v, want exit code 3", err)
	}
	for _, part := range []string{"Found 1 denied call in 1 incident.", "deploy", "The scan was interrupted: what was not read until then is not in the result."} {
		if !strings.Contains(stdout.String(), part) {
			t.Errorf("no %q in\n%s", part, stdout.String())
		}
	}
	if want := "rolewhy: interrupted: the result is of what was read until then\n"; stderr.String() != want {
		t.Errorf("standard error has %q, want %q", stderr.String(), want)
	}
}
