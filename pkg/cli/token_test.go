package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// secret is in every token of these tests, and nowhere else.
const secret = "TOPSECRETTOPSECRET"

func part(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func token(claims string) string {
	return part(`{"alg":"RS256","typ":"JWT"}`) + "." + part(claims) + "." + part(secret)
}

// However a token gets into a command, it comes out nowhere.
func TestTokensAreShownNowhere(t *testing.T) {
	dir := t.TempDir()
	jwt := token(`{"iss":"https://token.actions.githubusercontent.com","sub":"repo:acme/api:ref:refs/heads/main","aud":"sts.amazonaws.com","jti":"` + secret + `"}`)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, broken := write("token.jwt", jwt), write("broken.jwt", strings.Replace(jwt, ".", ".!", 1))
	record := write("record.json", `{"eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","eventTime":"2026-03-02T09:12:44Z","errorCode":"AccessDenied","errorMessage":"x","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/x"},"userIdentity":{"userName":"another"}}`)
	const role, text = "arn:aws:iam::111122223333:role/x", "Not authorized to perform sts:AssumeRoleWithWebIdentity"
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"file":                 {[]string{"--error", text, "--role", role, "--token", good}, exitUnexplained},
		"standard input":       {[]string{"--error", text, "--role", role, "--token", "-"}, exitUnexplained},
		"JSON output":          {[]string{"--error", text, "--role", role, "--token", good, "-o", "json"}, exitUnexplained},
		"Markdown":             {[]string{"--error", text, "--role", role, "--token", good, "-o", "markdown"}, exitUnexplained},
		"of another caller":    {[]string{record, "--token", good}, exitUnexplained},
		"broken":               {[]string{"--error", text, "--role", role, "--token", broken}, exitFailure},
		"itself an argument":   {[]string{"--error", text, "--role", role, "--token", jwt}, exitUsage},
		"claims as argument":   {[]string{"--error", text, "--role", role, "--token", `{"jti":"` + secret + `"}`}, exitUsage},
		"part of it":           {[]string{"--error", text, "--role", role, "--token", strings.SplitN(jwt, ".", 3)[2]}, exitFailure},
		"as file":              {[]string{jwt}, exitFailure},
		"as role":              {[]string{"--error", text, "--role", jwt}, exitUnexplained},
		"in the error":         {[]string{"--error", "AccessDenied: token " + jwt + " is refused", "--role", role}, exitUnexplained},
		"behind a wrong flag":  {[]string{"--tokn=" + jwt}, exitUsage},
		"as a cause":           {[]string{record, "--expect", jwt}, exitUsage},
		"as output":            {[]string{record, "--output", jwt}, exitUsage},
		"as account":           {[]string{record, "--account", jwt}, exitFailure},
		"width":                {[]string{record, "--width", jwt}, exitUsage},
		"directory":            {[]string{record, "--token", dir}, exitFailure},
		"file that is missing": {[]string{record, "--token", filepath.Join(dir, secret)}, exitFailure},
	} {
		code, out := run(jwt, append([]string{"explain"}, c.args...)...)
		for _, leak := range append(strings.Split(jwt, "."), secret) {
			if strings.Contains(out, leak) {
				t.Errorf("%s: %q is shown in\n%s", name, leak, out)
			}
		}
		if code != c.code {
			t.Errorf("%s: exits with %d, want %d:\n%s", name, code, c.code, out)
		}
	}
	if _, out := run("", jwt); strings.Contains(out, secret) || strings.Contains(out, jwt) {
		t.Errorf("as a command: the token is shown in\n%s", out)
	}
}

// run gives a command standard input, and takes all that it writes.
func run(stdin string, args ...string) (code int, output string) {
	var b bytes.Buffer
	c := &Command{
		Args: args, Stdin: strings.NewReader(stdin), Stdout: &b, Stderr: &b,
		Env: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) },
	}
	return c.Run(context.Background()), b.String()
}
