package page

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// document is what the script of the page reads. Its texts are escaped: no
// character in them hides from a reader or acts on its neighbours.
type document struct {
	Kind  string   `json:"kind"` // "scan" or "audit"
	Title string   `json:"title"`
	Span  []string `json:"span"`  // the first and the last day that were read, or none
	Facts []pair   `json:"facts"` // of the result as a whole
	Notes []string `json:"notes"` // what bounds the result
	Left  []pair   `json:"left"`  // what could not be read: where, and why
	// Facets are what items can be filtered by; each has as many values.
	Facets []facet  `json:"facets"`
	Texts  []string `json:"texts"` // those that items refer to
	Items  []item   `json:"items"` // sorted by what matters

	About string `json:"-"` // in the title of the tab: of what and of when the result is; may be empty

	index map[string]ref // of Texts
	ids   map[string]int // how many findings have each
	rows  []row          // of the table for browsers without JavaScript
}

// ref is a place in document.Texts. Results repeat themselves a great deal, so
// that each line is in the page once.
type ref int

// pair is a name and a value, both escaped.
type pair [2]string

// facet is something that items are filtered by.
type facet struct {
	Name  string `json:"name"`           // in the address of the page
	Label string `json:"label"`          // above its values
	Note  string `json:"note,omitempty"` // under Label: what is to be known of the values
	// Order has the values in their order where they have one; others are
	// ordered by how many items they have.
	Order []string `json:"order,omitempty"`
}

// item is an incident or a finding.
type item struct {
	ID      string         `json:"id"`
	Facets  []ref          `json:"f"` // the values, in the order of document.Facets
	Code    ref            `json:"code"`
	Grade   string         `json:"grade,omitempty"` // certainty, where it is not certain
	Message ref            `json:"message"`
	Role    ref            `json:"role"`
	Account ref            `json:"account"` // beside the role
	Who     ref            `json:"who"`
	Under   ref            `json:"under,omitempty"` // a line of its own: who can enter
	State   string         `json:"state"`           // of scan.Standing or audit.Kind
	Words   ref            `json:"words"`           // the same in words
	By      ref            `json:"by"`              // who changed the role last
	Alarm   bool           `json:"alarm,omitempty"`
	Count   int            `json:"count,omitempty"`
	First   int64          `json:"first,omitempty"` // seconds of the epoch
	Last    int64          `json:"last,omitempty"`
	Days    map[string]int `json:"days,omitempty"`
	Body    []section      `json:"body"`
}

// section is a report.Section, its text in lines.
type section struct {
	Kind   report.Kind `json:"k"`
	Label  ref         `json:"l"`
	Lines  []ref       `json:"t,omitempty"`
	Code   ref         `json:"c,omitempty"`
	Marked [][4]ref    `json:"m,omitempty"` // label, before, marked, after
}

func newDocument(kind, title string, facets ...facet) *document {
	d := &document{
		Kind: kind, Title: title, Span: []string{}, Facts: []pair{}, Notes: []string{}, Left: []pair{}, Facets: facets,
		Items: []item{}, index: map[string]ref{}, ids: map[string]int{},
	}
	d.ref("") // 0 is nothing
	return d
}

// ref is the place of a text that is escaped already.
func (d *document) ref(text string) ref {
	at, ok := d.index[text]
	if !ok {
		at = ref(len(d.Texts))
		d.index[text] = at
		d.Texts = append(d.Texts, text)
	}
	return at
}

// lines are the places of the lines of a text that is escaped already.
func (d *document) lines(text string) []ref {
	var refs []ref
	for line := range strings.SplitSeq(text, "\n") {
		refs = append(refs, d.ref(line))
	}
	return refs
}

func (d *document) fact(name, value string) {
	if value != "" {
		d.Facts = append(d.Facts, pair{name, short(value)})
	}
}
