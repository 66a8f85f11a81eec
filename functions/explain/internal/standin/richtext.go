package standin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Element is a text object of a context block, or a part of a rich_text block:
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
type Element struct {
	Type      string          `json:"type"`
	Text      string          `json:"text"`
	Verbatim  bool            `json:"verbatim"`
	Elements  []Element       `json:"elements"`
	Style     json.RawMessage `json:"style"` // a word for lists, an object for texts
	Indent    int             `json:"indent"`
	Offset    int             `json:"offset"`
	Border    int             `json:"border"`
	URL       string          `json:"url"`
	Timestamp int64           `json:"timestamp"`
	Format    string          `json:"format"`
	Fallback  string          `json:"fallback"`
}

// checkPart looks at one element of a rich_text block itself.
func (e Element) checkPart() error {
	switch e.Type {
	case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
		return checkAll(e.Elements, Element.checkLeaf)
	case "rich_text_list":
		return checkAll(e.Elements, Element.checkPart)
	default:
		return fmt.Errorf("unexpected element %q", e.Type)
	}
}

// checkLeaf knows no mention, emoji or colour: nothing that others wrote may
// become one.
func (e Element) checkLeaf() error {
	switch {
	case e.Type == "text" && e.Text != "":
		return nil
	case e.Type == "link" && e.URL != "":
		return nil
	case e.Type == "date" && e.Timestamp != 0 && e.Format != "":
		return nil
	default:
		return fmt.Errorf("unexpected or empty element %q", e.Type)
	}
}

func checkAll(elements []Element, check func(Element) error) error {
	if len(elements) == 0 {
		return errors.New("0 elements")
	}
	for _, e := range elements {
		if err := check(e); err != nil {
			return err
		}
	}
	return nil
}

// read writes the text of an element; a part of a rich_text block ends a line.
func (e Element) read(b *bytes.Buffer) {
	switch {
	case e.Type == "date":
		b.WriteString(e.Fallback)
	case e.Type == "link" && e.Text != "":
		fmt.Fprintf(b, "%s (%s)", e.Text, e.URL)
	case e.Type == "link":
		b.WriteString(e.URL)
	default:
		b.WriteString(e.Text)
	}
	for _, inner := range e.Elements {
		inner.read(b)
	}
	if len(e.Elements) > 0 && e.Type != "rich_text_list" {
		b.WriteByte('\n')
	}
}
