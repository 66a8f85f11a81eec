package standin

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
)

// What the stand-in for Slack knows; the first and the last are secrets.
const (
	webhookPath  = "/services/T00000000/B00000000/hushhushhushhushhushhush"
	SlackChannel = "C012AB3CD"
	SlackToken   = "xoxb-0000-hushhushhushhushhushhush"
)

// Slack takes messages as Slack does, at an incoming webhook and at
// chat.postMessage, and refuses what Slack refuses.
type Slack struct {
	URL string // of the webhook; a secret

	server   *httptest.Server
	api      *api
	mu       sync.Mutex
	script   []http.HandlerFunc
	messages []Message
	posts    int
	threads  []string // the ts of all messages of the bot
}

// NewSlack starts a Slack with one webhook and one bot. Close it at the end.
func NewSlack() (*Slack, error) {
	s := &Slack{}
	s.server = httptest.NewServer(http.HandlerFunc(s.webhook))
	s.URL = s.server.URL + webhookPath
	var err error
	s.api, err = newAPI(http.HandlerFunc(s.postMessage))
	return s, err
}

// Close ends the servers.
func (s *Slack) Close() {
	s.server.CloseClientConnections()
	s.server.Close()
	s.api.close()
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

// webhook answers as described at
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
func (s *Slack) webhook(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path != webhookPath {
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
	s.keep(m)
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

func (s *Slack) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	if m.TS != "" && m.ThreadTS == "" {
		s.threads = append(s.threads, m.TS)
	}
}

func (s *Slack) knows(thread string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.threads, thread)
}
