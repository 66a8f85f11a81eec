package report

// Shorten escapes text that others wrote, as Escape does, and cuts its middle
// so that it is at most width columns wide.
func Shorten(s string, width int) string { return shorten(s, width) }

// Wrap escapes prose that others may have written, bounds its length, and
// breaks it into lines of at most width columns, at blanks where there are any.
// There is always at least one line.
func Wrap(prose string, width int) []string { return wrap(prose, width, width) }

// CallerName names a caller as people call it, for example "repo acme/api", by
// the parts of its subject: "" where they do not tell. It is escaped and of
// bounded length.
func CallerName(derived []Pair) string { return callerName(derivedNames(derived)) }

// EscapeJSON replaces characters that act on a terminal or on neighbouring text
// by their \u form, in JSON text outside of whose strings there is nothing but
// ASCII. The value stays the same.
func EscapeJSON(src []byte) []byte { return escapeJSON(src) }

// MarkdownText escapes text that others wrote for GitHub's Markdown, a cell of a
// table included, and bounds its length: nothing in it is formatted, linked,
// mentioned or taken for HTML.
func MarkdownText(s string) string { return mdText(s) }
