package policy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SyntaxError says where and why a document is not one that IAM stores.
type SyntaxError struct {
	Offset       int    // in bytes, after URL decoding
	Line, Column int    // from 1; the column counts characters
	Path         string // for example Statement[0].Condition.StringEquals["idp.example:sub"]; "" for the document
	Msg          string
}

func (e *SyntaxError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
	}
	return fmt.Sprintf("line %d, column %d, %s: %s", e.Line, e.Column, e.Path, e.Msg)
}

func syntaxError(src string, offset int, msg string) *SyntaxError {
	line, column := position(src, offset)
	return &SyntaxError{Offset: offset, Line: line, Column: column, Path: pathAt(src, offset), Msg: msg}
}

// Position turns a byte offset in Source into line and column, both from 1. The
// column counts characters. An offset outside Source is moved to its nearest end.
func (d *Document) Position(offset int) (line, column int) {
	return position(string(d.Source), offset)
}

func position(src string, offset int) (line, column int) {
	before := src[:min(max(offset, 0), len(src))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// Path names the innermost part of the document at a byte offset in Source, for
// example Statement[0].Principal.Federated; "" is the document itself.
func (d *Document) Path(offset int) string { return pathAt(string(d.Source), offset) }

// pathAt works on what a scanner can read of src, so on broken texts too.
func pathAt(src string, offset int) string {
	tape, _, _ := scan(src, nil)
	var path strings.Builder
	describe(&path, src, tape, 0, int32(offset))
	return path.String()
}

// holds tells whether the node spans offset. A node the scanner never closed
// spans all that follows it.
func (n *node) holds(offset int32) bool {
	return n.start <= offset && (offset < n.end || n.next == 0)
}

// after is the index behind node i, which may never have been closed.
func after(tape []node, i int) int {
	if next := int(tape[i].next); next > 0 {
		return next
	}
	return len(tape)
}

func describe(path *strings.Builder, src string, tape []node, i int, offset int32) {
	if i >= len(tape) || !tape[i].holds(offset) {
		return
	}
	switch tape[i].kind {
	case objectNode:
		describeMember(path, src, tape, i, offset)
	case arrayNode:
		for n, at := 0, i+1; at < after(tape, i); n, at = n+1, after(tape, at) {
			if tape[at].holds(offset) {
				fmt.Fprintf(path, "[%d]", n)
				describe(path, src, tape, at, offset)
				return
			}
		}
	}
}

func describeMember(path *strings.Builder, src string, tape []node, i int, offset int32) {
	end := after(tape, i)
	for key := i + 1; key < end && tape[key].start <= offset; {
		if tape[key].next == 0 {
			return
		}
		value := key + 1
		if value >= end {
			writeName(path, nodeText(src, &tape[key]))
			return
		}
		if tape[key].holds(offset) || tape[value].holds(offset) {
			writeName(path, nodeText(src, &tape[key]))
			describe(path, src, tape, value, offset)
			return
		}
		key = after(tape, value)
	}
}

func writeName(path *strings.Builder, name string) {
	if !isPlainName(name) {
		path.WriteString("[" + strconv.Quote(name) + "]")
		return
	}
	if path.Len() > 0 {
		path.WriteByte('.')
	}
	path.WriteString(name)
}

func isPlainName(name string) bool {
	for _, c := range []byte(name) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return name != ""
}

// nodeText is the decoded string of a string or name node, the literal of any other.
func nodeText(src string, n *node) string {
	if n.kind != stringNode && n.kind != keyNode {
		return src[n.start:n.end]
	}
	inside := src[n.start+1 : n.end-1]
	if n.escaped {
		return unquote(inside)
	}
	return inside
}
