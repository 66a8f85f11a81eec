package sns

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// What each variant may take of the 262,144 bytes of a message, in bytes of
// JSON. The report goes in twice, for queues and for functions. SNS bills every
// 64 KiB as a message; those of all samples but two stay below.
const (
	maxMail   = 60_000
	maxBrief  = 2_000
	maxReport = 80_000
	maxSMS    = 140
)

// cutNote ends a text that is longer than its room.
const cutNote = "\n[The rest is left out: the report is longer than SNS takes.]\n"

// variantsOf is the message of n by the protocol of the subscription:
// https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
//
// Chat services subscribe through HTTPS. Programs get the notice as data, and
// people as text: all of it by mail, the title by SMS, the gist elsewhere.
func variantsOf(n *notify.Notice) (map[string]string, error) {
	text, err := notify.Text(n)
	if err != nil {
		return nil, err
	}
	data, err := data(n)
	if err != nil {
		return nil, err
	}
	gist := gist(n)
	chat, err := chat(n, gist)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"default": notify.CutJSON(gist, maxBrief, "…\n"),
		"email":   notify.CutJSON(text, maxMail, cutNote),
		"http":    chat,
		"https":   chat,
		"sms":     notify.Cut(ascii(notify.Title(n)), maxSMS, "..."),
		"sqs":     data,
		"lambda":  data,
	}, nil
}

// mostInGist bounds the lists of a gist.
const mostInGist = 5

// gist is the notice in some lines. Of a report it has who was denied, why,
// what to change, who changed what last, and what could not be seen.
func gist(n *notify.Notice) string {
	var b strings.Builder
	if lines := notify.Lines(n, mostInGist); lines != nil {
		b.WriteString(report.Escape(notify.Title(n)) + "\n\n" + notify.TextOf(lines))
	}
	if notify.ShowsReport(n) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		writeReport(&b, n.Report)
	}
	return b.String()
}

func writeReport(b *strings.Builder, r *report.Report) {
	const width = 72
	for _, s := range report.Sections(r, width) {
		text := report.Escape(notify.Cut(s.Text, maxBrief, "…"))
		switch s.Kind {
		case report.TitleSection, report.WhenSection:
			b.WriteString(notify.Clean(s.Text) + "\n")
		case report.AlarmSection:
			b.WriteString("\n" + text + "\n")
		case report.CauseSection:
			fmt.Fprintf(b, "\n%s: %s [%s]\n", s.Label, text, notify.Clean(string(s.Code)))
		case report.CompareSection:
			b.WriteString(s.Text + "\n")
		case report.FixSection:
			b.WriteString("\n" + strings.TrimSuffix(s.Label+": "+text, ": ") + "\n")
		case report.ChangedSection, report.UnseenSection:
			fmt.Fprintf(b, "\n%s: %s\n", s.Kind, text)
		}
	}
}
