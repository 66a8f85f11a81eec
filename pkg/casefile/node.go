package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// node is a value of the file and the path to it. The zero node is one that
// the file lacks.
type node struct {
	path string
	raw  json.RawMessage
}

// present is whether the file has the value, null counting as not.
func (n node) present() bool { return n.raw != nil && string(n.raw) != "null" }

// errorf words an error about the value.
func (n node) errorf(format string, args ...any) error {
	msg := fmt.Sprintf(format, args...)
	if n.path == "" {
		return errors.New(msg)
	}
	return errors.New(n.path + ": " + msg)
}

// kind is what the value is, for errors.
func (n node) kind() string {
	switch n.raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

func (n node) member(name string) string {
	if n.path == "" {
		return name
	}
	return n.path + "." + name
}

// object returns the members of an object, none where the file lacks it.
func (n node) object() (map[string]node, error) {
	if !n.present() {
		return nil, nil
	}
	if n.raw[0] != '{' {
		return nil, n.errorf("an object is expected, not %s", n.kind())
	}
	all := map[string]node{}
	members(n.raw, func(quoted, value []byte) {
		name, _ := unquoted(quoted)
		all[name] = node{n.member(name), value}
	})
	return all, nil
}

// list returns the elements of a list, none where the file lacks it.
func (n node) list() ([]node, error) {
	if !n.present() {
		return nil, nil
	}
	if n.raw[0] != '[' {
		return nil, n.errorf("a list is expected, not %s", n.kind())
	}
	all := []node{}
	elements(n.raw, func(value []byte) {
		all = append(all, node{n.path + "[" + strconv.Itoa(len(all)) + "]", value})
	})
	return all, nil
}

// text returns a string, "" where the file lacks it.
func (n node) text() (string, error) {
	if !n.present() {
		return "", nil
	}
	s, ok := unquoted(n.raw)
	if !ok {
		return "", n.errorf("a string is expected, not %s", n.kind())
	}
	return s, nil
}

// texts returns a list of strings, nil where the file lacks it.
func (n node) texts() ([]string, error) {
	elements, err := n.list()
	if err != nil || elements == nil {
		return nil, err
	}
	texts := make([]string, len(elements))
	for i, e := range elements {
		if !e.present() {
			return nil, e.errorf("a string is expected, not null")
		}
		if texts[i], err = e.text(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func (n node) integer() (int, error) {
	if !n.present() {
		return 0, nil
	}
	var i int
	if err := json.Unmarshal(n.raw, &i); err != nil {
		return 0, n.errorf("a whole number is expected, not %s", n.kind())
	}
	return i, nil
}

// boolean is the value as true or false; false where the file lacks it.
func (n node) boolean() (bool, error) {
	if !n.present() {
		return false, nil
	}
	var b bool
	if err := json.Unmarshal(n.raw, &b); err != nil {
		return false, n.errorf("true or false is expected, not %s", n.kind())
	}
	return b, nil
}

// time returns a time as the AWS CLI prints it, the zero one where the file
// lacks it.
func (n node) time() (time.Time, error) {
	s, err := n.text()
	if err != nil || s == "" {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, n.errorf("a time such as 2006-01-02T15:04:05Z is expected, not %q", s)
	}
	return t, nil
}

// document returns a policy, which is an object or a string with its JSON,
// URL-encoded or plain; nil where the file lacks it. An object is indented
// anew, as its own indentation is that of the file around it.
func (n node) document() ([]byte, error) {
	switch {
	case !n.present():
		return nil, nil
	case n.raw[0] == '{':
		var b bytes.Buffer
		err := json.Indent(&b, n.raw, "", "  ")
		return b.Bytes(), err
	case n.raw[0] == '"':
		s, err := n.text()
		return []byte(s), err
	}
	return nil, n.errorf("a policy is expected, an object or a string with its JSON, not %s", n.kind())
}

// tags returns a list of {"Key", "Value"} as a map.
func (n node) tags() (map[string]string, error) {
	elements, err := n.list()
	if err != nil || len(elements) == 0 {
		return nil, err
	}
	tags := make(map[string]string, len(elements))
	for _, e := range elements {
		m, err := e.object()
		if err != nil {
			return nil, err
		}
		key, err := m["Key"].text()
		if err != nil {
			return nil, err
		}
		if tags[key], err = m["Value"].text(); err != nil {
			return nil, err
		}
	}
	return tags, nil
}

// claims returns the claims of a token, numbers as json.Number.
func (n node) claims() (map[string]any, error) {
	if !n.present() {
		return nil, nil
	}
	var claims map[string]any
	d := json.NewDecoder(bytes.NewReader(n.raw))
	d.UseNumber()
	if err := d.Decode(&claims); err != nil {
		return nil, n.errorf("an object with the claims of the token is expected, not %s", n.kind())
	}
	return claims, nil
}

// context returns keys with one value or a list of them.
func (n node) context() (map[string][]string, error) {
	members, err := n.object()
	if err != nil || members == nil {
		return nil, err
	}
	context := make(map[string][]string, len(members))
	for key, value := range members {
		if context[key], err = value.values(); err != nil {
			return nil, err
		}
	}
	return context, nil
}

// values returns the values of a condition key, booleans and numbers as their
// JSON text.
func (n node) values() ([]string, error) {
	switch {
	case !n.present() || n.raw[0] == '{':
		return nil, n.errorf("a value or a list of values is expected, not %s", n.kind())
	case n.raw[0] == '[':
		return n.texts()
	case n.raw[0] == '"':
		s, err := n.text()
		return []string{s}, err
	}
	return []string{string(n.raw)}, nil
}

// checkSyntax finds the place of the first syntax error.
func checkSyntax(raw []byte) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return errors.New("the file is empty")
	}
	if json.Valid(raw) {
		return nil
	}
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(raw, new(json.RawMessage)), &syntax) {
		return nil
	}
	before := string(raw[:min(int(syntax.Offset), len(raw))])
	line := strings.Count(before, "\n") + 1
	column := len(before) - strings.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("line %d, column %d: not JSON: %w", line, max(column, 1), syntax)
}
