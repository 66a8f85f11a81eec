package report

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// mdText escapes prose for GitHub's Markdown: nothing in it is formatted,
// linked, mentioned or taken for HTML.
//
// https://github.github.com/gfm/#backslash-escapes
func mdText(s string) string {
	s = shorten(s, longestProse)
	s = mdPunctuation.Replace(s)
	s = mdLinks.ReplaceAllString(s, "$1&#8203;$2")
	return mdBlockStart.ReplaceAllString(s, `$1$3\$2$4`)
}

// mdPunctuation escapes what has a meaning within a line. GitHub looks for
// mentions, issues and mathematics in the text that is left after Markdown, so
// that a backslash does not stop it: an entity of no width does.
var mdPunctuation = strings.NewReplacer(
	"\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "~", "\\~", "|", "\\|",
	"[", "\\[", "]", "\\]", "!", "\\!", "&", "&amp;", "<", "&lt;", ">", "&gt;",
	"$", "&#36;", "@", "@&#8203;", "#", "#&#8203;",
)

var (
	// mdLinks finds what GitHub makes links of without being asked.
	// https://github.github.com/gfm/#autolinks-extension-
	mdLinks = lazyregexp.New(`(?i)(https?|ftp|www|mailto|xmpp|gh)([:.-])`)
	// mdBlockStart finds what would begin a list, a heading or a rule.
	mdBlockStart = lazyregexp.New(`^(?:(\d+)([.)])|()([-+=]))`)
)

// mdCode makes a code span: a fence longer than any run of backticks within.
//
// https://github.github.com/gfm/#code-spans
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	s = valueCells(s[:min(len(s), longestValue)]).cut(longestWord, longestWord/2).String()
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// mdFence makes a fenced block of escaped lines.
//
// https://github.github.com/gfm/#fenced-code-blocks
func mdFence(language, s string) string {
	s = strings.Trim(escapeLines(strings.ReplaceAll(s, "\t", "  ")), "\n")
	fence := strings.Repeat("`", max(3, longestRun(s)+1))
	return fence + language + "\n" + s + "\n" + fence
}

// longestRun is the length of the longest run of backticks.
func longestRun(s string) (longest int) {
	run := 0
	for i := range len(s) {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}
