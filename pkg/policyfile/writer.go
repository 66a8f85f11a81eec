package policyfile

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// writer writes a value as indented JSON and remembers where its parts come
// from.
type writer struct {
	out     bytes.Buffer
	pieces  []piece
	resolve *template // of functions in the value; nil: they are values like others
	open    []string
	account bool // the ID of the account is among what is open
}

// write writes a value that stands so deep.
func (w *writer) write(v *value, depth int) {
	if w.resolve != nil {
		if r, ok := w.resolve.function(v); ok {
			w.resolved(r, v, depth)
			return
		}
	}
	switch v.kind {
	case object:
		w.object(v, depth)
	case list:
		w.list(v.items, v, depth)
	case text:
		w.token(quote(v.text), v, true)
	default:
		w.token(scalar(v.text), v, false)
	}
}

// resolved writes what a function gave.
func (w *writer) resolved(r result, v *value, depth int) {
	for _, name := range r.open {
		if name == accountID {
			w.account = true
		} else if !slices.Contains(w.open, name) && len(w.open) < mostUnknown {
			w.open = append(w.open, name)
		}
	}
	switch {
	case r.list != nil:
		w.list(r.list, v, depth)
	case r.value != nil:
		w.write(r.value, depth)
	default:
		w.token(quote(r.text), v, false)
	}
}

// token writes text that comes from a value as a whole.
func (w *writer) token(token string, v *value, exact bool) {
	start := w.out.Len()
	w.out.WriteString(token)
	w.pieces = append(w.pieces, piece{start: start, end: w.out.Len(), at: v.at, size: v.end - v.at, exact: exact && !v.literal && v.tag == ""})
}

func (w *writer) object(v *value, depth int) {
	w.mark("{", v)
	written := 0
	for _, m := range v.members {
		if w.resolve != nil && w.resolve.noValue(m.value) {
			continue
		}
		w.next(&written, depth)
		w.token(quote(m.name.text), m.name, true)
		w.out.WriteString(": ")
		w.write(m.value, depth+1)
	}
	w.close("}", written, depth)
}

func (w *writer) list(items []*value, v *value, depth int) {
	w.mark("[", v)
	written := 0
	for _, item := range items {
		if w.resolve != nil && w.resolve.noValue(item) {
			continue
		}
		w.next(&written, depth)
		w.write(item, depth+1)
	}
	w.close("]", written, depth)
}

// mark writes a bracket, which comes from where its value begins.
func (w *writer) mark(bracket string, v *value) {
	start := w.out.Len()
	w.out.WriteString(bracket)
	w.pieces = append(w.pieces, piece{start: start, end: start + 1, at: v.at})
}

func (w *writer) next(written *int, depth int) {
	if *written > 0 {
		w.out.WriteByte(',')
	}
	*written++
	w.newLine(depth + 1)
}

func (w *writer) newLine(depth int) { w.out.WriteString("\n" + strings.Repeat("  ", depth)) }

func (w *writer) close(bracket string, written, depth int) {
	if written > 0 {
		w.newLine(depth)
	}
	w.out.WriteString(bracket)
}

// quote writes a string as JSON, with nothing escaped that need not be.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // of a string this does not happen
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// scalar writes a number, a boolean or null of YAML as JSON has it.
func scalar(s string) string {
	switch low := strings.ToLower(s); {
	case low == "~" || low == "":
		return "null"
	case low == "true" || low == "false" || low == "null":
		return low
	case json.Valid([]byte(s)):
		return s
	}
	return quote(s) // a number as YAML alone writes it
}
