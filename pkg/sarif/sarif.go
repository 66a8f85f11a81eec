// Package sarif writes findings in the Static Analysis Results Interchange
// Format 2.1.0, as code scanning takes them.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Schema is where the format is described.
const Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// Levels of results.
const (
	Error   = "error"
	Warning = "warning"
	Note    = "note"
)

// Rule is one kind of finding.
type Rule struct {
	ID       string
	Title    string // a noun phrase
	Help     string // Markdown
	URL      string // "" for none
	Level    string
	Security string // severity from 0.0 to 10.0 as code scanning has it; "" for what is no matter of security
	Tags     []string
}

// Result is one finding.
type Result struct {
	Rule        string // ID
	Level       string
	Message     string
	File        string // path; "" where the finding is in no file
	Region      Region
	Name        string            // of the resource: its logical ID, address or ARN
	Fingerprint string            // the same as long as the finding is
	Fix         *Fix              // nil where no exact change of the file is known
	Properties  map[string]string // further facts; nil for none
}

// Region is a range of a file. Lines and columns count from 1, columns in
// UTF-16 units, and the end column is that behind the last one.
type Region struct {
	StartLine   int `json:"startLine,omitempty"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

// Fix is a change of the file of a result.
type Fix struct {
	Message string
	Region  Region
	Text    string // in the place of what the region has
}

// Write writes one run. Characters that act on a terminal or hide from a reader
// are escaped as JSON has them.
func Write(w io.Writer, version string, rules []Rule, results []Result) error {
	log := file{Schema: Schema, Version: "2.1.0", Runs: []run{{
		Tool: tool{component{
			Name: "rolewhy", Version: version, URI: "https://github.com/rolewhy/rolewhy", Rules: descriptors(rules),
		}},
		ColumnKind: "utf16CodeUnits", Results: entries(rules, results),
	}}}
	text, err := json.MarshalIndent(log, "", "  ")
	if err != nil {
		return fmt.Errorf("encode results: %w", err)
	}
	if _, err := w.Write(append(report.EscapeJSON(text), '\n')); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

func descriptors(rules []Rule) []descriptor {
	all := make([]descriptor, len(rules))
	for i, r := range rules {
		all[i] = descriptor{
			ID: r.ID, Name: camel(r.ID), Short: message{Text: r.Title + "."}, Full: message{Text: firstParagraph(r.Help, r.Title)},
			Help: &message{Text: r.Help, Markdown: r.Help}, URI: r.URL, Configuration: configuration{r.Level},
			Properties: ruleProperties{Tags: r.Tags, Security: r.Security},
		}
	}
	return all
}

// camel makes a name such as ProviderGone of provider-gone.
func camel(id string) (name string) {
	for part := range strings.SplitSeq(id, "-") {
		if part != "" {
			name += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return name
}

func firstParagraph(help, title string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(help), "\n\n")
	if first = strings.Join(strings.Fields(first), " "); first == "" {
		return title + "."
	}
	return first
}

func entries(rules []Rule, results []Result) []entry {
	all := make([]entry, len(results))
	at := map[string]int{}
	for i, r := range rules {
		at[r.ID] = i
	}
	for i := range results {
		r := &results[i]
		e := entry{Rule: r.Rule, Level: r.Level, Message: message{Text: plain(r.Message)}, Properties: r.Properties}
		if index, ok := at[r.Rule]; ok {
			e.Index = &index
		}
		if r.File != "" || r.Name != "" {
			e.Locations = []location{r.location()}
		}
		if r.Fingerprint != "" {
			e.Fingerprints = map[string]string{"rolewhy/v1": r.Fingerprint}
		}
		if r.Fix != nil {
			e.Fixes = []change{r.change()}
		}
		all[i] = e
	}
	return all
}

// plain keeps braces from being taken for placeholders, and brackets before
// parentheses for links.
func plain(s string) string {
	return strings.NewReplacer("{", "{{", "}", "}}", "](", "] (").Replace(s)
}

func (r *Result) location() location {
	var l location
	if r.File != "" {
		l.Physical = &physical{Artifact: artifact{URI: uri(r.File)}}
		if r.Region.StartLine > 0 {
			l.Physical.Region = &r.Region
		}
	}
	if r.Name != "" {
		l.Logical = []logical{{Name: r.Name, Kind: "resource"}}
	}
	return l
}

func (r *Result) change() change {
	return change{Description: message{Text: plain(r.Fix.Message)}, Artifacts: []artifactChange{{
		Artifact:     artifact{URI: uri(r.File)},
		Replacements: []replacement{{Deleted: r.Fix.Region, Inserted: message{Text: r.Fix.Text}}},
	}}}
}

// uri is a path as a reference: one that is relative stays so.
func uri(path string) string {
	path = filepath.ToSlash(filepath.Clean(path))
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
