package slack

import "strings"

// escaper writes the three characters that begin Slack's own markup, and so
// every mention and link, as entities:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }

// fence encloses a code block. Text within a block must not hold it, or the
// block would end and what follows would be formatted.
const fence = "```"

func unfence(s string) string { return strings.ReplaceAll(s, fence, "'''") }
