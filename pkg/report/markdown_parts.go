package report

// MarkdownCode is a value as a code span, with its length bounded.
func MarkdownCode(s string) string { return mdCode(s) }

// MarkdownFence is a fenced block of escaped lines, with the language that its
// first line names.
func MarkdownFence(language, s string) string { return mdFence(language, s) }
