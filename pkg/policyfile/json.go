package policyfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonReader reads JSON into values.
type jsonReader struct {
	*source
	decoder *json.Decoder
	skipped int // bytes before the text of the decoder
}

func (s *source) parseJSON() (*value, error) {
	body := bytes.TrimPrefix(s.text, byteOrderMark)
	r := &jsonReader{source: s, decoder: json.NewDecoder(bytes.NewReader(body)), skipped: len(s.text) - len(body)}
	r.decoder.UseNumber()
	v, err := r.read(0)
	if err == nil {
		if _, more := r.decoder.Token(); more != io.EOF {
			return nil, s.fault(r.offset(), "more follows after the end of the JSON")
		}
		return v, nil
	}
	var fault *Fault
	if errors.As(err, &fault) {
		return nil, fault
	}
	return nil, r.broken(err)
}

func (r *jsonReader) offset() int { return r.skipped + int(r.decoder.InputOffset()) }

func (r *jsonReader) broken(err error) *Fault {
	at := r.offset()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		at = max(r.skipped+int(syntax.Offset)-1, 0)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.fault(len(r.text), "the JSON ends too early")
	}
	return r.fault(at, "broken JSON: "+err.Error())
}

// read reads the next value.
func (r *jsonReader) read(depth int) (*value, error) {
	if depth > maxDepth {
		return nil, r.fault(r.offset(), fmt.Sprintf("nested more than %d deep", maxDepth))
	}
	before := r.offset()
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	v := &value{at: r.begin(before), end: r.offset()}
	switch t := token.(type) {
	case json.Delim:
		err = r.inside(v, t, depth)
		v.end = r.offset()
	case string:
		v.kind, v.text = text, t
	default:
		v.text = string(r.text[v.at:v.end])
	}
	return v, err
}

// begin is where the token after a byte begins.
func (r *jsonReader) begin(at int) int {
	for at < len(r.text) && bytes.IndexByte([]byte(" \t\r\n,:"), r.text[at]) >= 0 {
		at++
	}
	return at
}

// inside reads what is between the brackets.
func (r *jsonReader) inside(v *value, bracket json.Delim, depth int) error {
	v.kind = list
	if bracket == '{' {
		v.kind = object
	}
	for r.decoder.More() {
		item, err := r.read(depth + 1)
		if err != nil {
			return err
		}
		if v.kind == list {
			v.items = append(v.items, item)
			continue
		}
		content, err := r.read(depth + 1)
		if err != nil {
			return err
		}
		v.members = append(v.members, member{item, content})
	}
	_, err := r.decoder.Token()
	return err
}
