package policyfile

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// yamlReader turns nodes of YAML into values.
type yamlReader struct {
	*source
	made int
}

func (s *source) parseYAML() (*value, error) {
	if len(s.text) > maxYAML {
		return nil, s.fault(-1, fmt.Sprintf("neither JSON, nor YAML of at most %d bytes", maxYAML))
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(s.text, &doc); err != nil {
		return nil, s.brokenYAML(err)
	}
	if len(doc.Content) == 0 {
		return nil, s.fault(-1, "the file is empty")
	}
	return (&yamlReader{source: s}).read(doc.Content[0], 0)
}

var yamlLine = lazyregexp.New(`line (\d+): `)

// brokenYAML is an error of the parser with its place.
func (s *source) brokenYAML(err error) *Fault {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	f := &Fault{File: s.name, Msg: "broken YAML: " + yamlLine.ReplaceAllString(msg, "")}
	if at := yamlLine.FindStringSubmatch(msg); at != nil {
		f.Line, _ = strconv.Atoi(at[1])
		f.Column = 1
	}
	return f
}

// read turns a node into a value. Aliased nodes are read again at each place,
// so that a text of aliases of aliases comes to an end at the bounds.
func (r *yamlReader) read(n *yaml.Node, depth int) (*value, error) {
	at := r.offset(n.Line, n.Column)
	if r.made++; r.made > maxValues || depth > maxDepth {
		return nil, r.fault(at, fmt.Sprintf("more than %d values, or nested more than %d deep, with all aliases followed", maxValues, maxDepth))
	}
	v := &value{at: at, end: at}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		v.tag = n.Tag
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.read(n.Alias, depth+1)
	case yaml.ScalarNode:
		r.scalar(v, n)
		return v, nil
	case yaml.SequenceNode:
		v.kind = list
		return v, r.items(v, n, depth)
	default:
		v.kind = object
		return v, r.members(v, n, depth)
	}
}

func (r *yamlReader) items(v *value, n *yaml.Node, depth int) error {
	for _, c := range n.Content {
		item, err := r.read(c, depth+1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	return nil
}

func (r *yamlReader) members(v *value, n *yaml.Node, depth int) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, err := r.read(n.Content[i], depth+1)
		if err != nil {
			return err
		}
		content, err := r.read(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if n.Content[i].Tag == "!!merge" {
			v.members = append(v.members, content.members...)
			continue
		}
		v.members = append(v.members, member{name, content})
	}
	return nil
}

// scalar fills in text and extent. Dates, such as the version of a policy, are
// texts.
func (r *yamlReader) scalar(v *value, n *yaml.Node) {
	v.text = n.Value
	if tag := n.ShortTag(); v.tag != "" || tag == "!!str" || tag == "!!timestamp" || tag == "!!merge" || tag == "!!binary" {
		v.kind = text
	}
	v.at = r.afterProperties(v.at)
	v.literal = n.Style&yaml.LiteralStyle != 0
	v.end = v.at + r.extent(v.at, n)
}

// afterProperties is behind the tag and the anchor of a node.
func (r *yamlReader) afterProperties(at int) int {
	for at < len(r.text) && (r.text[at] == '!' || r.text[at] == '&') {
		word := bytes.IndexAny(r.text[at:], " \t\r\n")
		if word < 0 {
			return len(r.text)
		}
		for at += word; at < len(r.text) && bytes.IndexByte([]byte(" \t\r\n"), r.text[at]) >= 0; {
			at++
		}
	}
	return at
}

// extent is how many bytes the text of a scalar takes in the file, its quotes
// included; of a block, the rest of its first line.
func (r *yamlReader) extent(at int, n *yaml.Node) int {
	rest := r.text[min(at, len(r.text)):]
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && len(rest) > 0 && (rest[0] == '"' || rest[0] == '\''):
		return quoted(rest)
	case bytes.HasPrefix(rest, []byte(n.Value)):
		return len(n.Value)
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return len(bytes.TrimRight(line, " \t\r"))
}

// quoted is the length of a quoted text at the beginning of s.
func quoted(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] == s[0] && s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}
