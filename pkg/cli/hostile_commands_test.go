package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// commandsAreSafe runs every suggested command with recorders in the place of
// programs, and compares what they are called with with what was meant.
func commandsAreSafe(t *testing.T, data, text string) {
	t.Helper()
	var r suggested
	_, data, _ = strings.Cut("\n"+data, "\n{") // what precedes was told on standard error
	if err := json.Unmarshal([]byte("{"+data), &r); err != nil {
		t.Fatal(err)
	}
	commands := r.commands()
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "│") && !strings.HasPrefix(line, "rolewhy: ") && !slices.Contains(commands, line) {
			t.Errorf("the text suggests %.300q, which JSON does not", line)
		}
	}
	for _, c := range commands {
		if strings.Contains(c, "\n") {
			t.Errorf("a command of several lines: %.300q", c)
		}
		intended(t, r, c, called(t, c))
	}
}

// suggested is what a report in JSON suggests to do.
type suggested struct {
	Event    struct{ Role, Provider, Issuer, Audience string }
	Findings []struct {
		Fixes []struct {
			Policy   string
			Commands []string
			Command  string
		}
	}
	FixedTrustPolicy json.RawMessage
	Fixed            struct{ Command string }
}

// commands are all of them, each once.
func (r *suggested) commands() []string {
	all := []string{r.Fixed.Command}
	for _, f := range r.Findings {
		for _, x := range f.Fixes {
			all = append(append(all, x.Command), x.Commands...)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(c string) bool { return c == "" })
}

// policies are those that a command may set.
func (r *suggested) policies() []string {
	all := []string{string(r.FixedTrustPolicy)}
	for _, f := range r.Findings {
		for _, x := range f.Fixes {
			all = append(all, x.Policy)
		}
	}
	return all
}

// programs are those that commands may call. In their place stand functions
// that print their arguments, each with a NUL behind it.
var programs = []string{"aws", "curl", "openssl", "gh", "kubectl"}

// called runs a command in an empty directory and returns the arguments of the
// one program that it calls. Anything else that it does is a failure.
func called(t *testing.T, command string) []string {
	t.Helper()
	if out, err := shell("sh", command, "-n").CombinedOutput(); err != nil {
		t.Errorf("sh -n: %v: %.300s: %.500q", err, out, command)
	}
	script := "set -f +H\n"
	for _, p := range programs {
		script += p + "() { printf '%s\\0' " + p + " \"$@\"; }\n"
	}
	run := shell("bash", script+command+"\n", "--noprofile", "--norc")
	run.Dir = t.TempDir()
	var out, complaints bytes.Buffer
	run.Stdout, run.Stderr = &out, &complaints
	if err := run.Run(); err != nil || complaints.Len() > 0 {
		t.Errorf("bash: %v: %.300s: %.500q", err, complaints.String(), command)
	}
	made, err := os.ReadDir(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range made {
		t.Errorf("%.500q makes a file %q", command, file.Name())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\x00"), "\x00")
}

// shell reads a script from its standard input, since an argument may not be
// as long, and finds no program.
func shell(name, script string, args ...string) *exec.Cmd {
	cmd := exec.Command("/bin/"+name, args...)
	cmd.Stdin = strings.NewReader(script)
	cmd.Env = []string{"PATH=/nonexistent", "LC_ALL=C.UTF-8"}
	return cmd
}

// intended compares the arguments of a command with the values of the record.
func intended(t *testing.T, r suggested, command string, got []string) {
	t.Helper()
	role := r.Event.Role[strings.LastIndexByte(r.Event.Role, '/')+1:]
	host, _, _ := strings.Cut(strings.TrimPrefix(r.Event.Issuer, "https://"), "/")
	name := strings.Join(got[:min(len(got), 3)], " ")
	if got[0] != "aws" {
		name = got[0]
	}
	var want []string
	switch name {
	case "curl":
		want = []string{"-sS", strings.TrimSuffix(r.Event.Issuer, "/") + "/.well-known/openid-configuration"}
	case "openssl":
		want = []string{"s_client", "-servername", host, "-showcerts", "-connect", host + ":443"}
	case "aws iam update-assume-role-policy":
		want = []string{"--role-name", role, "--policy-document", document(t, r, got[len(got)-1])}
	case "aws iam update-role":
		want = []string{"--role-name=" + role, "--max-session-duration=7200"}
	case "aws iam create-open-id-connect-provider":
		issuer := strings.TrimPrefix(got[min(3, len(got)-1)], "--url=") // of the error message, as far as it can be told from the text around it
		if !strings.HasPrefix(r.Event.Issuer, issuer) {
			issuer = r.Event.Issuer
		}
		want = []string{"--url=" + issuer, "--client-id-list=" + r.Event.Audience}
	case "aws iam add-client-id-to-open-id-connect-provider":
		want = []string{"--open-id-connect-provider-arn=" + r.Event.Provider, "--client-id=" + r.Event.Audience}
	case "aws iam get-role":
		want = []string{"--role-name=" + role}
	case "aws ec2 describe-vpc-endpoints":
		want = []string{got[len(got)-1]} // the record's, which the report has in a sentence alone
		if !strings.HasPrefix(want[0], "--vpc-endpoint-ids=") {
			t.Errorf("%.300q gives the endpoint as something else", command)
		}
	default:
		t.Errorf("unexpected command %.300q", command)
	}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "\x00", "") // which no argument can hold
	}
	if rest := got[strings.Count(name, " ")+1:]; !slices.Equal(rest, want) {
		t.Errorf("%.500q\ncalls with %.500q, want %.500q", command, rest, want)
	}
}

// document is the argument itself if it is one of the report's policies.
func document(t *testing.T, r suggested, argument string) string {
	t.Helper()
	var got any
	if err := json.Unmarshal([]byte(argument), &got); err != nil {
		return "a policy: " + err.Error()
	}
	for _, p := range r.policies() {
		var want any
		if json.Unmarshal([]byte(p), &want) == nil && reflect.DeepEqual(got, want) {
			return argument
		}
	}
	return "one of the report's policies"
}
