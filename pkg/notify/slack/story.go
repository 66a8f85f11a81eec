package slack

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// columns is what Slack's code blocks show on a desktop without wrapping.
const columns = 78

// story is a report in the order in which a person at night needs it.
type story struct {
	alarm   string // of a stranger, else ""
	verdict string // where nothing explains the denial
	causes  []cause
	remarks []string // on the policy
	caution string   // before any change
	fixes   []fix
	diff    string
	orders  []string // commands
	long    []report.Section
	changed []string
	unseen  []string
}

// cause is one cause with what proves it.
type cause struct {
	label, message string
	code           report.Code
	place          string // in the policy
	proof          string // expected over actual, or else the lines of the policy
	notes          []string
}

// fix is one change to make, or an alternative to the one before it.
type fix struct {
	label, message string
	notes          []string
}

// tell sorts a report's sections. It escapes what is not escaped yet; diffs
// and long parts stay as they are.
func tell(r *report.Report) *story {
	s := &story{}
	for _, section := range report.Sections(r, columns) {
		s.take(section)
	}
	return s
}

func (s *story) take(in report.Section) {
	const longest = 2000 // bytes of prose; no part of a message takes more
	text := report.Escape(notify.Cut(in.Text, longest, "…"))
	switch in.Kind {
	case report.AlarmSection:
		s.alarm = text
	case report.CauseSection:
		s.causes = append(s.causes, cause{label: in.Label, message: text, code: in.Code})
	case report.SourceSection:
		c := &s.causes[len(s.causes)-1]
		c.place, _, _ = strings.Cut(in.Text, "\n")
		c.proof = in.Text
	case report.CompareSection:
		s.causes[len(s.causes)-1].proof = in.Text
	case report.ProseSection:
		s.prose(in.Label, text)
	case report.FixSection:
		s.fixes = append(s.fixes, fix{label: in.Label, message: text})
	case report.DiffSection:
		s.diff = in.Text
	case report.CommandSection:
		s.orders = append(s.orders, in.Text)
	case report.LongSection:
		s.long = append(s.long, in)
	case report.ChangedSection:
		s.changed = append(s.changed, text)
	case report.UnseenSection:
		s.unseen = append(s.unseen, text)
	}
}

// prose belongs to what stands before it.
func (s *story) prose(label, text string) {
	switch {
	case label == "before any change":
		s.caution = text
	case label == "policy":
		s.remarks = append(s.remarks, text)
	case len(s.fixes) > 0:
		f := &s.fixes[len(s.fixes)-1]
		f.notes = append(f.notes, label+": "+text)
	case len(s.causes) > 0:
		c := &s.causes[len(s.causes)-1]
		c.notes = append(c.notes, text)
	default:
		s.verdict = text
	}
}

// since is what s holds and old does not, nil where that is nothing. What old
// could not see and s did is told in seen.
func (s *story) since(old *story) (news *story, seen []string) {
	news = &story{
		changed: missing(s.changed, old.changed),
		causes:  slices.DeleteFunc(slices.Clone(s.causes), func(c cause) bool { return slices.ContainsFunc(old.causes, c.same) }),
		fixes:   slices.DeleteFunc(slices.Clone(s.fixes), func(f fix) bool { return slices.ContainsFunc(old.fixes, f.same) }),
	}
	if s.alarm != old.alarm {
		news.alarm = s.alarm
	}
	if s.diff != old.diff {
		news.diff, news.orders = s.diff, s.orders
	}
	seen = missing(old.unseen, s.unseen)
	if len(news.changed)+len(news.causes)+len(news.fixes)+len(seen) == 0 && cmp.Or(news.alarm, news.diff) == "" {
		return nil, nil
	}
	return news, seen
}

// missing are those of all that are not in from.
func missing(all, from []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(from, s) })
}

// same leaves the label aside, which counts the causes and grades them.
func (c cause) same(other cause) bool { return c.code == other.code && c.message == other.message }

func (f fix) same(other fix) bool { return f.message == other.message }
