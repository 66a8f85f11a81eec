package report

import (
	"strconv"
	"strings"
)

// Kind tells what a Section holds.
type Kind string

const (
	TitleSection   Kind = "title"         // the headline
	WhenSection    Kind = "when"          // when, where and with which error the call failed
	AlarmSection   Kind = "alarm"         // a warning of a stranger
	CauseSection   Kind = "cause"         // Label: "cause (certain)"
	SourceSection  Kind = "source"        // the lines of the policy that the cause is about; code
	CompareSection Kind = "compare"       // expected over actual, with the difference marked; code
	ProseSection   Kind = "prose"         // Label: "note", "admits", "" and the like
	FixSection     Kind = "fix"           // Label: "fix", "fix 1 of 2", "or"; Text may be empty
	DiffSection    Kind = "diff"          // lines of code: the change of the policy
	CommandSection Kind = "command"       // for a shell, on one line
	LongSection    Kind = "long"          // Label: "Terraform" or "The whole policy"; lines of code
	ChangedSection Kind = "changed"       // one change of the role or the provider
	UnseenSection  Kind = "could not see" // what could not be seen, and why
	FactSection    Kind = "fact"          // Label: its name
)

// Section is one piece of a report, for media that lay it out in an order of
// their own, such as chat messages. Code is that of a cause.
type Section struct {
	Kind  Kind
	Label string
	Text  string
	Code  Code
	// Marked has the lines of a source, and the values of a comparison, for
	// media that mark the difference in a way of their own.
	Marked []Marked
}

// Sections takes a report apart in the order in which Text tells it. Source and
// comparison are at most width columns wide and escaped, as are commands and
// headlines; all other text is as it stands in the report, and may be hostile.
func Sections(r *Report, width int) []Section {
	s := &sections{width: width}
	tell(s, r)
	return s.all
}

// sections is the medium that collects instead of writing.
type sections struct {
	width int
	all   []Section
}

func (s *sections) add(kind Kind, label, text string) {
	s.all = append(s.all, Section{Kind: kind, Label: label, Text: text})
}

func (s *sections) title(headline, circumstances string) {
	s.add(TitleSection, "", headline)
	s.add(WhenSection, "", circumstances)
}

func (s *sections) alarm(text string) { s.add(AlarmSection, "", text) }

func (s *sections) cause(head, message string, code Code) {
	s.all = append(s.all, Section{Kind: CauseSection, Label: head, Text: message, Code: code})
}

func (s *sections) source(w *Where, lines []sourceLine) {
	s.evidence(SourceSection, func(t *text) { t.source(w, lines) })
	for _, l := range lines {
		s.marks(newMarked(strconv.Itoa(l.number), l.row))
	}
}

func (s *sections) compare(c comparison) {
	s.evidence(CompareSection, func(t *text) { t.compare(c) })
	s.marks(newMarked("expected", c.expected), newMarked("actual", c.actual))
}

func (s *sections) evidence(kind Kind, write func(*text)) {
	t := &text{width: s.width}
	write(t)
	s.add(kind, "", strings.TrimPrefix(withoutRule(t), "\n"))
}

func (s *sections) prose(label, text string)     { s.add(ProseSection, label, text) }
func (s *sections) fix(head, message string)     { s.add(FixSection, head, message) }
func (s *sections) code(_, _, code string)       { s.add(DiffSection, "", code) }
func (s *sections) folded(summary, _, in string) { s.add(LongSection, summary, in) }

func (s *sections) command(c string) {
	if len(c) <= longestCommand {
		s.add(CommandSection, "", escapeLines(c))
	}
}

// list names its kind by the label.
func (s *sections) list(label string, items []string) {
	for _, item := range items {
		s.add(Kind(label), "", item)
	}
}

func (s *sections) facts(_ string, pairs []Pair) {
	for _, p := range pairs {
		s.add(FactSection, p.Name, p.Value)
	}
}
