package cli

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Every hostile value, in every place, leaves every form of report harmless.
func TestHostileValuesStayValues(t *testing.T) {
	for place, parts := range hostilePlaces {
		for kind, value := range hostileValues {
			t.Run(place+"/"+kind, func(t *testing.T) {
				t.Parallel()
				in := record(parts(value))
				code, text := run(in, "explain", "--mine", "-")
				if code == exitFailure && kind != "not UTF-8" || text == "" { // that is told of, and the record still explained
					t.Fatalf("exits with %d: %.500s", code, text)
				}
				_, markdown := run(in, "explain", "--mine", "-o", "markdown", "-")
				_, data := run(in, "explain", "--mine", "-o", "json", "-")
				for format, out := range map[string]string{"text": text, "markdown": markdown, "JSON": data} {
					harmless(t, out)
					if most := 150_000 + 40*len(value); len(out) > most || format != "JSON" && len(out) > 150_000 {
						t.Errorf("%s has %d bytes", format, len(out))
					}
				}
				plainMarkdown(t, markdown)
				commandsAreSafe(t, data, text)
			})
		}
	}
}

// What Markdown takes for code, and what is left for it to format.
var (
	codeSpan = regexp.MustCompile("`[^`\n]+`|``[^\n]*?[^`]``(?:[^`]|$)")
	folding  = regexp.MustCompile(`<details><summary>[A-Za-z ]+</summary>|</details>`)
	lively   = regexp.MustCompile(`<[a-zA-Z/!?]|@[A-Za-z]|(^|[^\\])\]\(|(^|[^\\])!\[|(?i)https?://|www\.|(^|[\s(])#\d|(?i)GH-\d`)
)

// plainMarkdown fails on HTML, links, images and mentions outside of code.
func plainMarkdown(t *testing.T, markdown string) {
	t.Helper()
	prose := folding.ReplaceAllString(codeSpan.ReplaceAllString(withoutBlocks(t, markdown), ""), "")
	if at := lively.FindStringIndex(prose); at != nil {
		t.Errorf("Markdown has %q in %q", prose[at[0]:at[1]], prose[max(at[0]-60, 0):min(at[1]+60, len(prose))])
	}
}

// withoutBlocks takes the fenced blocks out, as CommonMark finds them: a fence
// ends at the first line of at least as many backticks and nothing else.
func withoutBlocks(t *testing.T, markdown string) string {
	t.Helper()
	var prose []string
	fence := ""
	for line := range strings.Lines(markdown) {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
		case fence == "":
			prose = append(prose, line)
		case strings.HasPrefix(ticks, fence) && strings.TrimSpace(line) == ticks:
			fence = ""
		}
	}
	if fence != "" {
		t.Errorf("a fence of %s is not closed", fence)
	}
	return strings.Join(prose, "")
}

// hostileValues are what somebody may write into a value that is theirs to
// choose. None holds a blank line, which the record could not.
var hostileValues = map[string]string{
	"escape sequence":  "a\x1b]0;owned\x07\x1b[2J\x1b[31m",
	"C1 control":       "a\u009b31m\u0085b",
	"NUL":              "a\x00b",
	"bidi":             "a\u202egnp.\u2066x\u2069\u200f",
	"no width":         "a\u200bb\u2060c\ufeffd\u00ade",
	"invisible letter": "a\u3164b\u2800c\U000e0041d\ufe0f",
	"not UTF-8":        "a\x9b\xff\xc3(b",
	"lines":            "a\r\nrolewhy: all is well\u2028b\u2029c",
	"shell":            `a'; touch owned; echo '$(touch owned)` + "`touch owned`" + `"; touch owned #\`,
	"shell expansion":  `a$HOME ${IFS} ~ * ? [a] {b,c} !x !! %s \x41 &| <in >out`,
	"line in shell":    "a'\ntouch owned\n'",
	"option":           "--endpoint-url=https://evil.example",
	"Markdown":         "a](https://evil.example) ![x](https://evil.example/x.png) ``` | **b** ~~~ ## c\\",
	"fence":            "a````\n``````\n# owned\n",
	"mention":          "@octocat @acme/admins #1 acme/api#2 GH-3 www.evil.example https://evil.example",
	"Slack":            "<!channel> <@U012> <https://evil.example|login> &lt;!here&gt;",
	"HTML":             `<script>alert(1)</script><img src=x onerror=alert(1)><!-- --></details>&amp;`,
	"HCL":              "a${file(\"/etc/passwd\")}%{if true}b%{endif}",
	"policy":           `${aws:username}*?"},{"Effect":"Allow"`,
	"long":             strings.Repeat("A", 100_000),
	"long and wide":    strings.Repeat("\u202e\u200b'", 20_000),
}

// hostilePlaces are where such a value can stand, each as the parts of the
// record and the account that it changes.
var hostilePlaces = map[string]func(v string) map[string]string{
	"subject":       func(v string) map[string]string { return map[string]string{"SUB": "repo:acme/api:ref:refs/heads/" + v} },
	"whole subject": func(v string) map[string]string { return map[string]string{"SUB": v} },
	"policy value": func(v string) map[string]string {
		return map[string]string{"WANT": "repo:acme/api:ref:refs/heads/" + v}
	},
	"policy key":   func(v string) map[string]string { return map[string]string{"KEY": ":sub" + v} },
	"policy Sid":   func(v string) map[string]string { return map[string]string{"SID": v} },
	"audience":     func(v string) map[string]string { return map[string]string{"AUD": v} },
	"session name": func(v string) map[string]string { return map[string]string{"SESSION": v} },
	"tag":          func(v string) map[string]string { return map[string]string{"TAG": v} },
	"role name":    func(v string) map[string]string { return map[string]string{"ROLE": v} },
	"message":      func(v string) map[string]string { return map[string]string{"MESSAGE": v, "AGENT": v} },
	"error code":   func(v string) map[string]string { return map[string]string{"CODE": v, "REGION": v, "ID": v} },
	"endpoint": func(v string) map[string]string {
		return map[string]string{"ENDPOINT": v, "WANT": "repo:acme/api:environment:production"}
	},
	"unknown provider": func(v string) map[string]string {
		return map[string]string{"HOST": v, "CODE": "InvalidIdentityTokenException", "MESSAGE": "No OpenIDConnect provider found in your account for https://" + v}
	},
	"unreachable provider": func(v string) map[string]string {
		return map[string]string{"HOST": v, "CODE": "InvalidIdentityTokenException", "MESSAGE": "Couldn't retrieve verification key from your identity provider"}
	},
	"certificate": func(v string) map[string]string {
		return map[string]string{"HOST": v, "CODE": "InvalidIdentityTokenException", "MESSAGE": "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"}
	},
	"unknown audience": func(v string) map[string]string {
		return map[string]string{"AUD": v, "CODE": "InvalidIdentityTokenException", "MESSAGE": "Incorrect token audience"}
	},
	"role of a long session": func(v string) map[string]string {
		return map[string]string{"ROLE": v, "CODE": "ValidationError", "MESSAGE": "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."}
	},
}

const hostileTemplate = `{"detail":{"eventID":"{{ID}}","eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity",
"eventTime":"2026-03-02T09:12:44Z","awsRegion":"{{REGION}}","errorCode":"{{CODE}}","errorMessage":"{{MESSAGE}}","userAgent":"{{AGENT}}",
"vpcEndpointId":"{{ENDPOINT}}","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/{{ROLE}}","roleSessionName":"{{SESSION}}",
"sourceIdentity":"{{SESSION}}","principalTags":{"{{TAG}}":"{{TAG}}"},"durationSeconds":7200},
"userIdentity":{"type":"WebIdentityUser","userName":"{{SUB}}","identityProvider":"arn:aws:iam::111122223333:oidc-provider/{{HOST}}",
"principalId":"arn:aws:iam::111122223333:oidc-provider/{{HOST}}:{{AUD}}:{{SUB}}"}},
"case":{"account":{"roles":[{"Arn":"arn:aws:iam::111122223333:role/{{ROLE}}","AssumeRolePolicyDocument":{"Version":"2012-10-17",
"Statement":[{"Sid":"{{SID}}","Effect":"Allow","Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"],
"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
"Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com{{KEY}}":"{{WANT}}"}}}]}}],
"oidcProviders":[{"Arn":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com","ClientIDList":["sts.amazonaws.com"]}],
"resourceControlPolicies":[],"events":[]}}}`

// harmlessRecord is what stands where no hostile value does.
var harmlessRecord = map[string]string{
	"ID": "e-1", "REGION": "eu-west-1", "CODE": "AccessDenied", "MESSAGE": "An unknown error occurred", "AGENT": "curl/8",
	"ENDPOINT": "vpce-1", "ROLE": "deploy", "SESSION": "GitHubActions", "TAG": "team", "SID": "Deploy", "KEY": ":sub",
	"SUB": "repo:acme/api:environment:production", "AUD": "sts.amazonaws.com", "HOST": "token.actions.githubusercontent.com",
	"WANT": "repo:acme/api:ref:refs/heads/main",
}

// record fills the template in, bytes that are not UTF-8 as they are.
func record(parts map[string]string) string {
	text := hostileTemplate
	for name, value := range harmlessRecord {
		if v, ok := parts[name]; ok {
			value = v
		}
		text = strings.ReplaceAll(text, "{{"+name+"}}", rawJSON(value))
	}
	return text
}

// rawJSON is the inside of a JSON string, with nothing escaped beyond what
// JSON wants.
func rawJSON(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
