package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// Message is an accepted payload, as far as tests look at it.
type Message struct {
	Text     string
	Blocks   []Block
	Channel  string
	TS       string
	ThreadTS string `json:"thread_ts"`
}

// Block is one of a message's blocks.
type Block struct {
	Type     string    `json:"type"`
	BlockID  string    `json:"block_id"`
	Text     *Text     `json:"text"`
	Elements []Element `json:"elements"`
}

// Text is a text object.
type Text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim"`
	Emoji    *bool  `json:"emoji"`
}

// maxJSON is what the blocks of a message may hold; beyond it Slack answers
// msg_blocks_too_long: https://github.com/slackapi/bolt-js/issues/2509
const maxJSON = 13_000

// ReadMessage reads a payload and holds it against Slack's limits:
// https://docs.slack.dev/reference/block-kit/blocks
func ReadMessage(r io.Reader) (m Message, err error) {
	var raw struct {
		Message
		Blocks json.RawMessage
	}
	if err := json.NewDecoder(r).Decode(&raw); err != nil {
		return m, fmt.Errorf("invalid_payload: %w", err)
	}
	m = raw.Message
	if n := utf8.RuneCountInString(m.Text); n == 0 || n > 40_000 {
		return m, fmt.Errorf("text of %d characters", n)
	}
	if n := utf8.RuneCount(raw.Blocks); n > maxJSON {
		return m, fmt.Errorf("msg_blocks_too_long: %d characters", n)
	}
	m.Blocks, err = readBlocks(raw.Blocks)
	return m, err
}

func readBlocks(raw []byte) (blocks []Block, err error) {
	if raw == nil {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&blocks); err != nil {
		return nil, err
	}
	if len(blocks) > 50 {
		return nil, fmt.Errorf("%d blocks", len(blocks))
	}
	for i, b := range blocks {
		if err := b.check(); err != nil {
			return nil, fmt.Errorf("block %d: %w", i, err)
		}
	}
	return blocks, nil
}

func (b Block) check() error {
	switch b.Type {
	case "divider":
		return nil
	case "header":
		return b.Text.check("plain_text", 150)
	case "section":
		return b.Text.check("mrkdwn", 3000)
	case "context":
		return b.checkContext()
	case "rich_text":
		return checkAll(b.Elements, Element.checkPart)
	default:
		return fmt.Errorf("unexpected type %q", b.Type)
	}
}

func (b Block) checkContext() error {
	if len(b.Elements) > 10 {
		return fmt.Errorf("%d elements", len(b.Elements))
	}
	return checkAll(b.Elements, func(e Element) error { return (&Text{Type: e.Type, Text: e.Text}).check("mrkdwn", 3000) })
}

func (t *Text) check(kind string, limit int) error {
	if t == nil || t.Type != kind {
		return fmt.Errorf("no %s", kind)
	}
	if n := utf8.RuneCountInString(t.Text); n == 0 || n > limit {
		return fmt.Errorf("%d characters, of 1 to %d", n, limit)
	}
	return nil
}

// Read returns the text of all blocks in the order in which people read it.
func (m Message) Read() string {
	var b bytes.Buffer
	for _, block := range m.Blocks {
		if block.Text != nil {
			fmt.Fprintln(&b, block.Text.Text)
		}
		for _, e := range block.Elements {
			e.read(&b)
		}
	}
	return b.String()
}
