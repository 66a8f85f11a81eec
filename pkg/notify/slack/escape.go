package slack

import "strings"

// escaper writes the three characters that begin Slack's own markup, and so
// every mention and link, as entities. Headers and the text of notifications
// need it, rich text does not:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return escaper.Replace(s) }
