package report

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

func TestShellQuote(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"bare word":    {"arn:aws:iam::1:role/x", "arn:aws:iam::1:role/x"},
		"empty":        {"", "''"},
		"option":       {"--url", "'--url'"},
		"blank":        {"a b", "'a b'"},
		"quote":        {"it's", `'it'\''s'`},
		"substitution": {"$(id) `id` ${x} !!", "'$(id) `id` ${x} !!'"},
		"tilde":        {"~root", "'~root'"},
		"line feed":    {"a\nrm -rf /", `'a'$'\012''rm -rf /'`},
		"escape":       {"\x1b]0;x\x07", `$'\033'']0;x'$'\007'`},
		"bidi":         {"a\u202eb", `'a'$'\342\200\256''b'`},
		"not UTF-8":    {"a\x9b", `'a'$'\233'`},
	} {
		if got := ShellQuote(c.in); got != c.want {
			t.Errorf("%s: ShellQuote(%q) = %s, want %s", name, c.in, got, c.want)
		}
	}
}

func TestShellsReadBackWhatWasQuoted(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("bash is needed: it reads back what was quoted")
	}
	words := []string{"", "plain", "it's", "a\nb\n", "\x1b[2J", "$(touch owned)`id`\\", "-n", "\"", "\u202e\u00a0z", nasty, "'''", "*?[a]{b,c}", "#x", "a=b", "\x85\xff"}
	script := "printf '%s\\0'"
	for _, w := range words {
		script += " " + ShellQuote(w)
	}
	out, err := exec.Command(bash, "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(out), strings.Join(words, "\x00")+"\x00"; got != want {
		t.Errorf("bash read %q, want %q", got, want)
	}
}

func TestPolicyCommand(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/"
	for name, c := range map[string]struct{ role, policy, want string }{
		"path":           {role + "ci/deploy", `{ "a": 1 }`, `aws iam update-assume-role-policy --role-name deploy --policy-document '{"a":1}'`},
		"quote":          {role + "d", `{"a":"it's $(id) ` + "`id`" + `"}`, `aws iam update-assume-role-policy --role-name d --policy-document '{"a":"it'\''s $(id) ` + "`id`" + `"}'`},
		"line feed":      {role + "d", `{"a":"x\ny"}`, `aws iam update-assume-role-policy --role-name d --policy-document '{"a":"x\ny"}'`},
		"bidi":           {role + "d", "{\"a\":\"\u202e\"}", `aws iam update-assume-role-policy --role-name d --policy-document '{"a":"\u202e"}'`},
		"dash in front":  {role + "-rf", `{}`, `aws iam update-assume-role-policy --role-name=-rf --policy-document '{}'`},
		"no role":        {"deploy", `{}`, ""},
		"hostile role":   {role + "x; id", `{}`, ""},
		"broken policy":  {role + "d", `{`, ""},
		"role too long":  {role + strings.Repeat("a", 65), `{}`, ""},
		"role of 64":     {role + strings.Repeat("a", 64), `{}`, "aws iam update-assume-role-policy --role-name " + strings.Repeat("a", 64) + " --policy-document '{}'"},
		"doubled prefix": {role + role + "d", `{}`, "aws iam update-assume-role-policy --role-name d --policy-document '{}'"},
	} {
		if got := policyCommand(c.role, c.policy); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

func TestPolicyCommandHandsOverThePolicy(t *testing.T) {
	value, _ := json.Marshal(strings.ToValidUTF8(nasty, ""))
	policy := `{"a": ` + string(value) + `}`
	script := `aws() { printf %s "$6"; }; ` + policyCommand("arn:aws:iam::1:role/d", policy)
	out, err := exec.Command("sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if err := json.Unmarshal([]byte(policy), &want); err != nil || got["a"] != want["a"] {
		t.Errorf("the shell handed over %q, want %q", got, want)
	}
}
