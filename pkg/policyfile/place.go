package policyfile

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// piece is a range of a text with the range of the file it comes from.
type piece struct {
	start, end int // of the text
	at, size   int // of the file
	linear     bool
	exact      bool // the text is a whole string of the file, which another may replace
}

// Place is where something stands in a file.
type Place struct {
	Line, Column       int    // from 1; the column counts bytes
	EndLine, EndColumn int    // behind it
	Offset, Length     int    // in bytes
	Text               string // of the file from the line on, as far as the place goes
}

// Place is where a part of the policy stands in the file: exactly where the
// file has the policy as it is, else the values that it is made of.
func (r *Role) Place(s policy.Span) Place {
	start, end := r.begin(s.Start), r.finish(s.End)
	return r.file.source.place(start, max(end, start))
}

// begin is the byte of the file for a byte of the policy.
func (r *Role) begin(at int) int {
	i := sort.Search(len(r.pieces), func(i int) bool { return r.pieces[i].end > at })
	switch {
	case len(r.pieces) == 0:
		return r.file.source.lines[max(r.Line-1, 0)]
	case i == len(r.pieces):
		last := r.pieces[i-1]
		return last.at + last.size
	case r.pieces[i].linear && r.pieces[i].start <= at:
		return r.pieces[i].at + at - r.pieces[i].start
	}
	return r.pieces[i].at
}

// finish is the byte of the file behind what ends at a byte of the policy.
func (r *Role) finish(end int) int {
	i := sort.Search(len(r.pieces), func(i int) bool { return r.pieces[i].start >= end }) - 1
	if i < 0 {
		return 0
	}
	p := r.pieces[i]
	if p.linear {
		return p.at + min(end-p.start, p.size)
	}
	return p.at + p.size
}

// mostText bounds the text that is shown around a place.
const mostText = 4096

func (s *source) place(start, end int) Place {
	start, end = min(start, len(s.text)), min(end, len(s.text))
	line, last := s.line(start), s.line(end)
	from := s.lines[line-1]
	to := len(s.text)
	if last < len(s.lines) {
		to = s.lines[last] - 1
	}
	shown := s.text[from:min(to, from+mostText)]
	if start-from > mostText/2 { // a very long line, as of a plan
		shown = nil
	}
	return Place{
		Line: line, Column: start - from + 1, EndLine: last, EndColumn: end - s.lines[last-1] + 1,
		Offset: start, Length: end - start, Text: strings.ToValidUTF8(string(shown), "\ufffd"),
	}
}

// Columns counts a place's columns in UTF-16 units, as SARIF has them.
func (r *Role) Columns(p Place) (start, end int) {
	s := r.file.source
	return 1 + units(s.text[s.lines[p.Line-1]:p.Offset]), 1 + units(s.text[s.lines[p.EndLine-1]:p.Offset+p.Length])
}

// Position is a line and a column in UTF-16 units, both from 1.
type Position struct{ Line, Column int }

// ColumnsAt is Columns for a place given by line, column and length in bytes.
func (r *Role) ColumnsAt(line, column, length int) (start int, end Position) {
	s := r.file.source
	from := s.lines[min(max(line, 1), len(s.lines))-1] + column - 1
	p := s.place(from, from+length)
	start, endColumn := r.Columns(p)
	return start, Position{p.EndLine, endColumn}
}

func units(text []byte) (n int) {
	const basic = 0x10000 // characters from here on take two units
	for _, c := range string(text) {
		if n++; c >= basic {
			n++
		}
	}
	return n
}

// pieces are those of a text within its file, as far as its form lets them be
// told: of a block of YAML its lines, of a string in JSON what lies between its
// escapes; else the text as a whole.
func (s *source) pieces(v *value) []piece {
	var found []piece
	switch {
	case s.json:
		found = unescaped(s.text[v.at:v.end], v)
	case v.literal:
		found = s.blockLines(v)
	case v.at+len(v.text) <= len(s.text) && string(s.text[v.at:v.at+len(v.text)]) == v.text:
		found = []piece{{end: len(v.text), at: v.at, size: len(v.text), linear: true}}
	case v.end-v.at == len(v.text)+2 && string(s.text[v.at+1:v.end-1]) == v.text:
		found = []piece{{end: len(v.text), at: v.at + 1, size: len(v.text), linear: true}}
	}
	if len(found) == 0 {
		found = []piece{{end: len(v.text), at: v.at, size: v.end - v.at}}
	}
	return found
}

// blockLines are the lines of a block, which begins below its first line.
func (s *source) blockLines(v *value) (found []piece) {
	start, line := 0, s.line(v.at)
	for content := range strings.Lines(v.text) {
		line++
		content = strings.TrimRight(content, "\r\n")
		raw := s.lineText(line)
		if indent := len(raw) - len(content); indent >= 0 && bytes.HasSuffix(raw, []byte(content)) && content != "" {
			found = append(found, piece{start: start, end: start + len(content), at: s.lines[line-1] + indent, size: len(content), linear: true})
		}
		start += strings.IndexByte(v.text[start:]+"\n", '\n') + 1
	}
	return found
}

// unescaped are the runs between the escapes of a string in JSON, and the
// escapes. It is nil where they do not make up the text.
func unescaped(raw []byte, v *value) (found []piece) {
	n := 0
	for i := 1; i < len(raw)-1; {
		size := 1
		decoded := 1
		if raw[i] == '\\' {
			size, decoded = escape(raw[i:])
		} else if next := bytes.IndexAny(raw[i:], `\"`); next > 0 {
			size, decoded = next, next
		}
		found = append(found, piece{start: n, end: n + decoded, at: v.at + i, size: size, linear: size == decoded})
		i, n = i+size, n+decoded
	}
	if n != len(v.text) {
		return nil
	}
	return found
}

// escape is the size of an escape of JSON, of two of them where they are a
// pair of surrogates, and of the character that it stands for.
func escape(raw []byte) (size, decoded int) {
	const unit, pair = 6, 12
	size = 2
	if len(raw) > 1 && raw[1] == 'u' {
		size = unit
		if len(raw) > pair && raw[unit] == '\\' && raw[unit+1] == 'u' && oneCharacter(raw[:pair]) {
			size = pair
		}
	}
	size = min(size, len(raw))
	return size, len(unquote(raw[:size]))
}

func oneCharacter(raw []byte) bool { return utf8.RuneCountInString(unquote(raw)) == 1 }

func unquote(raw []byte) string {
	var s string
	if err := json.Unmarshal([]byte(`"`+string(raw)+`"`), &s); err != nil {
		return ""
	}
	return s
}
