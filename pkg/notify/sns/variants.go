package sns

import (
	"bytes"
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

// variantsOf is the message of r by the protocol of the subscription:
// https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
//
// Chat services subscribe through HTTPS. Programs get the report as data, and
// people as text: all of it by mail, the headline by SMS, the gist elsewhere.
func variantsOf(r *report.Report) (map[string]string, error) {
	text, err := notify.Text(r)
	if err != nil {
		return nil, err
	}
	data, err := data(r)
	if err != nil {
		return nil, err
	}
	gist := gist(r)
	chat, err := chat(r, gist)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"default": notify.CutJSON(gist, maxBrief, "…\n"),
		"email":   notify.CutJSON(text, maxMail, cutNote),
		"http":    chat,
		"https":   chat,
		"sms":     notify.Cut(ascii(notify.Headline(r)), maxSMS, "..."),
		"sqs":     data,
		"lambda":  data,
	}, nil
}

// gist says in some lines who was denied, why, what to change, who changed what
// last, and what could not be seen.
func gist(r *report.Report) string {
	const width = 72
	var b strings.Builder
	for _, s := range report.Sections(r, width) {
		text := report.Escape(notify.Cut(s.Text, maxBrief, "…"))
		switch s.Kind {
		case report.TitleSection, report.WhenSection:
			b.WriteString(notify.Clean(s.Text) + "\n")
		case report.AlarmSection:
			b.WriteString("\n" + text + "\n")
		case report.CauseSection:
			fmt.Fprintf(&b, "\n%s: %s [%s]\n", s.Label, text, notify.Clean(string(s.Code)))
		case report.CompareSection:
			b.WriteString(s.Text + "\n")
		case report.FixSection:
			b.WriteString("\n" + strings.TrimSuffix(s.Label+": "+text, ": ") + "\n")
		case report.ChangedSection, report.UnseenSection:
			fmt.Fprintf(&b, "\n%s: %s\n", s.Kind, text)
		}
	}
	return b.String()
}

// data is the report as one line of JSON. Where it is too long, the parts that
// matter least are left out until it is not.
func data(r *report.Report) (string, error) {
	for _, leaveOut := range shorter {
		raw, err := encode(r)
		if err != nil || notify.JSONLen(raw) <= maxReport {
			return raw, err
		}
		r = leaveOut(marked(r))
	}
	return encode(r)
}

func encode(r *report.Report) (string, error) {
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		return "", fmt.Errorf("encode report: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}
