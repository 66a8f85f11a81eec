package cli

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// hostileLog is a log with a denied call in which a place has a hostile value,
// the account that it is of, and a change by somebody with such a name.
func hostileLog(t *testing.T, parts map[string]string, value string) (log, account string) {
	t.Helper()
	var e struct {
		Detail json.RawMessage
		Case   struct{ Account json.RawMessage }
	}
	if err := json.Unmarshal([]byte(record(parts)), &e); err != nil {
		t.Fatal(err)
	}
	change, err := json.Marshal(map[string]any{
		"eventSource": "iam.amazonaws.com", "eventName": "UpdateAssumeRolePolicy", "eventTime": "2026-03-02T09:00:00Z", "eventID": "c-1",
		"recipientAccountId": "111122223333", "requestParameters": map[string]any{"roleName": "deploy", "policyDocument": "{}"},
		"userIdentity": map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/" + value, "userName": value},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log, account = filepath.Join(dir, "log.json"), filepath.Join(dir, "account.json")
	write(t, log, string(e.Detail)+"\n"+string(change))
	write(t, account, string(e.Case.Account))
	return log, account
}

// Every hostile value, in every place, leaves every output harmless. Pages are
// held by the tests of pkg/page.
func TestHostileValuesInScans(t *testing.T) {
	for place, parts := range hostilePlaces {
		for kind, value := range hostileValues {
			if kind == "not UTF-8" {
				continue // a record of which nothing is parsed
			}
			t.Run(place+"/"+kind, func(t *testing.T) {
				t.Parallel()
				log, account := hostileLog(t, parts(value), value)
				for _, output := range []string{"text", "json", "csv", "markdown"} {
					code, stdout, stderr := scans(t, &Command{}, log, "--account", account, "-o", output)
					if code != 0 && code != exitFailure || stdout == "" {
						t.Fatalf("%s: exit %d, %.300s", output, code, stderr)
					}
					harmless(t, stdout)
					harmless(t, stderr)
					switch output {
					case "markdown":
						plainMarkdown(t, stdout)
					case "csv":
						plainCells(t, stdout)
					case "text":
						if len(stdout) > 10_000 {
							t.Errorf("%d bytes of text", len(stdout))
						}
					}
				}
			})
		}
	}
}

// plainCells fails on cells that spreadsheets take for formulas, or for several
// lines.
func plainCells(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, value := range row {
			for _, part := range strings.Split(value, ";") {
				if part = strings.TrimLeft(part, " \t\u00a0\""); strings.HasPrefix(part, "=") || strings.HasPrefix(part, "+") || strings.HasPrefix(part, "@") || strings.HasPrefix(part, "-") {
					t.Errorf("a formula: %.200q", value)
				}
			}
			if strings.ContainsAny(value, "\r\n\t") || len([]rune(value)) > 32_767 {
				t.Errorf("no plain cell: %.200q", value)
			}
		}
	}
}

func TestCells(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"plain", "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/main"},
		{"empty", "", ""},
		{"formula", `=HYPERLINK("https://evil.example")`, `'=HYPERLINK("https://evil.example")`},
		{"sum", "+1", "'+1"},
		{"difference", "-1", "'-1"},
		{"function", "@SUM(1)", "'@SUM(1)"},
		{"command", "|cmd", "'|cmd"},
		{"after blanks", "  =1", "'  =1"},
		{"after a blank that is none of ASCII", "\u00a0=1", "⟨U+00A0⟩=1"},
		{"after a quotation mark", `"=1`, `'"=1`},
		{"full width", "＝1", "'＝1"},
		{"in lines", "a\r\n=1", "a⟨U+000D⟩⟨U+000A⟩=1"},
		{"after a tab", "\t=1", "⟨U+0009⟩=1"},
		{"where semicolons part cells", "a; =1;-2;b-c", "a;' =1;'-2;b-c"},
	} {
		if got := cell(tt.value); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if n := len([]rune(cell(strings.Repeat("a", 100_000)))); n > 8000 {
		t.Errorf("%d characters in a cell", n)
	}
}

// Names of files and what is wrong in them are told harmlessly.
func TestHostileFilesInScans(t *testing.T) {
	dir := t.TempDir()
	for kind, value := range hostileValues {
		if len(value) < 100 && !strings.ContainsAny(value, "/\x00") {
			write(t, filepath.Join(dir, value+".json"), value)
			write(t, filepath.Join(dir, value), value)
		} else {
			write(t, filepath.Join(dir, kind+".json"), value)
		}
	}
	for _, output := range scanOutputs {
		code, stdout, stderr := scans(t, &Command{}, dir, "-o", output)
		if code != exitFailure || stderr == "" {
			t.Errorf("%s: exit %d", output, code)
		}
		harmless(t, stderr)
		if output != "html" {
			harmless(t, stdout)
		}
		if output == "markdown" {
			plainMarkdown(t, stdout)
		}
	}
	for _, args := range [][]string{{nasty}, {"--since", nasty}, {"--from", nasty, dir}, {"--fail-on", nasty, dir}, {"s3://" + nasty}, {"--region", nasty, dir}, {"--progress", nasty, dir}} {
		_, stdout, stderr := scans(t, &Command{}, args...)
		harmless(t, stdout+stderr)
	}
}
