package standin

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"unicode/utf8"
)

// Slack takes messages at an incoming webhook as Slack does, and refuses what
// Slack refuses.
type Slack struct {
	URL string // of the webhook; a secret

	server   *httptest.Server
	mu       sync.Mutex
	script   []http.HandlerFunc
	messages []Message
	posts    int
}

// Message is an accepted payload, as far as tests look at it.
type Message struct {
	Text   string
	Blocks []Block
}

// Block is one of a message's blocks.
type Block struct {
	Type     string
	Text     *Text
	Elements []Text
}

// Text is a text object.
type Text struct{ Type, Text string }

// NewSlack starts a Slack with one webhook. Close it at the end.
func NewSlack() *Slack {
	s := &Slack{}
	s.server = httptest.NewServer(http.HandlerFunc(s.post))
	s.URL = s.server.URL + "/services/T00000000/B00000000/hushhushhushhushhushhush"
	return s
}

// Close ends the server.
func (s *Slack) Close() {
	s.server.CloseClientConnections()
	s.server.Close()
}

// Next makes the following posts be answered by h, one each, before Slack
// takes messages again.
func (s *Slack) Next(h ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, h...)
}

// Take returns the accepted messages and the number of posts since the last
// call, and forgets them and what was left of Next.
func (s *Slack) Take() (messages []Message, posts int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	messages, posts = s.messages, s.posts
	s.messages, s.posts, s.script = nil, 0, nil
	return messages, posts
}

// Refuse answers as Slack does where it does not take a message.
func Refuse(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func (s *Slack) post(w http.ResponseWriter, req *http.Request) {
	if s.server.URL+req.URL.Path != s.URL {
		Refuse(http.StatusNotFound, "no_service")(w, req)
		return
	}
	if h := s.scripted(); h != nil {
		h(w, req)
		return
	}
	m, err := ReadMessage(req.Body)
	if err != nil {
		Refuse(http.StatusBadRequest, "invalid_blocks: "+err.Error())(w, req)
		return
	}
	s.mu.Lock()
	s.messages = append(s.messages, m)
	s.mu.Unlock()
	io.WriteString(w, "ok")
}

func (s *Slack) scripted() (h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	if len(s.script) > 0 {
		h, s.script = s.script[0], s.script[1:]
	}
	return h
}

// ReadMessage reads a payload and holds it against Slack's limits:
// https://docs.slack.dev/reference/block-kit/blocks
func ReadMessage(r io.Reader) (m Message, err error) {
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, fmt.Errorf("invalid_payload: %w", err)
	}
	if m.Text == "" || utf8.RuneCountInString(m.Text) > 40_000 {
		return m, fmt.Errorf("text of %d characters", utf8.RuneCountInString(m.Text))
	}
	if len(m.Blocks) > 50 {
		return m, fmt.Errorf("%d blocks", len(m.Blocks))
	}
	for i, b := range m.Blocks {
		if err := b.check(); err != nil {
			return m, fmt.Errorf("block %d: %w", i, err)
		}
	}
	return m, nil
}

func (b Block) check() error {
	switch b.Type {
	case "header":
		return b.Text.check("plain_text", 150)
	case "section":
		return b.Text.check("mrkdwn", 3000)
	case "context":
		if len(b.Elements) == 0 || len(b.Elements) > 10 {
			return fmt.Errorf("%d elements", len(b.Elements))
		}
		return b.Elements[0].check("mrkdwn", 3000)
	default:
		return fmt.Errorf("unexpected type %q", b.Type)
	}
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
