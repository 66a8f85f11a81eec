package policyfile

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// source is the text of a file.
type source struct {
	name  string
	text  []byte
	lines []int // where each line begins
	json  bool
}

func newSource(name string, text []byte) *source {
	s := &source{name: name, text: text, lines: []int{0}}
	for i, b := range text {
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// byteOrderMark may stand in front of what Windows programs write.
var byteOrderMark = []byte("\xef\xbb\xbf")

// parse reads JSON where the text begins as JSON does, YAML otherwise.
func (s *source) parse() (*value, error) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(s.text, byteOrderMark))
	if len(trimmed) == 0 {
		return nil, s.fault(-1, "the file is empty")
	}
	if s.json = bytes.IndexByte([]byte("{[\""), trimmed[0]) >= 0; s.json {
		return s.parseJSON()
	}
	return s.parseYAML()
}

// line is the number of the line of a byte.
func (s *source) line(at int) int {
	return sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > at })
}

// lineText is a line without its end, from 1; nil where there is none.
func (s *source) lineText(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return bytes.TrimSuffix(s.text[s.lines[n-1]:end], []byte("\r"))
}

// offset is the byte of a line and a column in characters, both from 1.
func (s *source) offset(line, column int) int {
	text := s.lineText(line)
	if line < 1 || line > len(s.lines) {
		return len(s.text)
	}
	at := s.lines[line-1]
	if line == 1 && bytes.HasPrefix(text, byteOrderMark) {
		at, text = at+len(byteOrderMark), text[len(byteOrderMark):]
	}
	for ; column > 1 && len(text) > 0; column-- {
		_, n := utf8.DecodeRune(text)
		at, text = at+n, text[n:]
	}
	return at
}

// fault is one at a byte of the file, or of the file as a whole with -1.
func (s *source) fault(at int, msg string) *Fault {
	if at < 0 {
		return &Fault{File: s.name, Msg: msg}
	}
	at = min(at, len(s.text))
	line := s.line(at)
	return &Fault{s.name, line, utf8.RuneCount(s.text[s.lines[line-1]:at]) + 1, msg}
}
