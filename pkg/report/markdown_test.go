package report

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMarkdownEscapesProse(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":            {"the sub is repo:acme/api", "the sub is repo:acme/api"},
		"emphasis":         {"*a* _b_ ~c~", `\*a\* \_b\_ \~c\~`},
		"code":             {"`a`", "\\`a\\`"},
		"link":             {"[a](b) ![c](d)", `\[a\](b) \!\[c\](d)`},
		"HTML":             {"<script>&amp;", "&lt;script&gt;&amp;amp;"},
		"table":            {"a|b", `a\|b`},
		"mention":          {"@acme/admins", "@&#8203;acme/admins"},
		"issue":            {"#1 GH-1", "#&#8203;1 GH&#8203;-1"},
		"address":          {"https://evil.example HTTP://x", "https&#8203;://evil.example HTTP&#8203;://x"},
		"www":              {"www.evil.example", "www&#8203;.evil.example"},
		"mail":             {"mailto:a@b.example", "mailto&#8203;:a@&#8203;b.example"},
		"mathematics":      {"$x$", "&#36;x&#36;"},
		"backslash":        {`\*`, `\\\*`},
		"heading":          {"# a", "#&#8203; a"},
		"list":             {"- a", `\- a`},
		"numbered list":    {"12. a", `12\. a`},
		"rule":             {"=== a", `\=== a`},
		"time":             {"2026-03-02", "2026-03-02"},
		"line feed":        {"a\n# b", "a⟨U+000A⟩#&#8203; b"},
		"bidi":             {"a\u202eb", "a⟨U+202E⟩b"},
		"quote":            {"> a", "&gt; a"},
		"indented heading": {"  # a", "  #&#8203; a"},
	} {
		if got := mdText(c.in); got != c.want {
			t.Errorf("%s: mdText(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestMarkdownCodeSpans(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":      {"repo:a/b:*", "`repo:a/b:*`"},
		"backtick":   {"a`b", "``a`b``"},
		"run":        {"a``b`c", "```a``b`c```"},
		"at the end": {"a`", "`` a` ``"},
		"blank":      {"a ", "`a␠`"},
		"line feed":  {"a\n\n# b", "`a⟨U+000A⟩⟨U+000A⟩# b`"},
	} {
		if got := mdCode(c.in); got != c.want {
			t.Errorf("%s: mdCode(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestMarkdownFences(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":   {"a\n  b\n", "```x\na\n  b\n```"},
		"fence":   {"```\n# out", "````x\n```\n# out\n````"},
		"longer":  {"a `````` b", "```````x\na `````` b\n```````"},
		"tab":     {"\ta", "```x\n  a\n```"},
		"CR":      {"a\r\nb\r```", "````x\na\nb⟨U+000D⟩```\n````"},
		"control": {"\x1b[2J", "```x\n⟨U+001B⟩[2J\n```"},
	} {
		if got := mdFence("x", c.in); got != c.want {
			t.Errorf("%s: mdFence(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

var (
	openingFence = regexp.MustCompile("^(`{3,})[a-z]*$")
	codeSpan     = regexp.MustCompile("^(`+)")
)

// proseOf strips fenced blocks and code spans as CommonMark reads them.
func proseOf(t rapid.TB, md string) string {
	t.Helper()
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(md) {
		line = strings.TrimSuffix(line, "\n")
		switch m := openingFence.FindStringSubmatch(line); {
		case fence == "" && m != nil:
			fence = m[1]
		case fence != "" && line == fence:
			fence = ""
		case fence == "":
			b.WriteString(withoutSpans(line) + "\n")
		}
	}
	if fence != "" {
		t.Fatalf("a fence is not closed in\n%s", md)
	}
	return b.String()
}

func withoutSpans(line string) string {
	var b strings.Builder
	for line != "" {
		run := codeSpan.FindString(line)
		switch {
		case strings.HasPrefix(line, "\\"):
			b.WriteString("\\")
			line = strings.TrimLeft(line[1:], "`*_~|[]!\\")
		case run != "":
			rest := line[len(run):]
			end := regexp.MustCompile("(?:[^`])(" + run + ")(?:[^`]|$)").FindStringSubmatchIndex(rest)
			if end == nil {
				b.WriteString(run)
				line = rest
				continue
			}
			line = rest[end[3]:]
		default:
			b.WriteString(line[:1])
			line = line[1:]
		}
	}
	return b.String()
}

// Nothing of what others wrote is left to GitHub to interpret.
func TestMarkdownLeavesNothingToInterpret(t *testing.T) {
	markup := regexp.MustCompile("@[a-z]|#[0-9]|https?:|www\\.|<script|\\]\\(|\\$\\(|`")
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"`", "```", "\n", "@admins", "#1", "https://x", "www.x", "<script>", "](", "$(", "|", "a", " ", "\\", "</details>", "-", "1.",
		})).Draw(t, "pieces"), "")
		md := markdownOf(t, hostileWith(s, githubPolicy))
		text := strings.NewReplacer("&#8203;", "¦", "&#36;", "¤").Replace(proseOf(t, md))
		if m := markup.FindString(text); m != "" {
			t.Fatalf("%q is left in\n%s\nof\n%s", m, text, md)
		}
		if got, want := strings.Count(text, "<"), 3*strings.Count(text, "<details><summary>"); got != want+strings.Count(text, "</details>") {
			t.Fatalf("%d tags, not %d, in\n%s", got, want, text)
		}
	})
}

func TestMarkdownFoldsTheLongForms(t *testing.T) {
	md := markdownOf(t, subjectMismatch())
	for _, want := range []string{
		"<details><summary>Terraform</summary>\n\n```hcl\nassume_role_policy = jsonencode({",
		"<details><summary>The whole policy</summary>\n\n```json\n{",
		"```diff\n--- trust policy\n", "```sh\naws iam update-assume-role-policy --role-name deploy ",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
}
