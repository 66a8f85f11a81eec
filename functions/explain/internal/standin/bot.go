package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

var messageCount atomic.Int64

// postMessage answers as described at
// https://docs.slack.dev/reference/methods/chat.postMessage
func (s *Slack) postMessage(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/api/chat.postMessage" {
		apiError(w, "unknown_method")
		return
	}
	if h := s.scripted(); h != nil {
		h(w, req)
		return
	}
	m, problem := s.read(req)
	if problem != "" {
		apiError(w, problem)
		return
	}
	m.TS = fmt.Sprintf("1700000000.%06d", messageCount.Add(1))
	s.keep(m)
	fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":%q}`, m.Channel, m.TS)
}

// read returns the message of a request, or what is wrong with it.
func (s *Slack) read(req *http.Request) (m Message, problem string) {
	body, token, err := payload(req)
	if err != nil {
		return m, "invalid_json"
	}
	m, err = ReadMessage(bytes.NewReader(body))
	switch {
	case token != SlackToken:
		return m, "invalid_auth"
	case err != nil:
		return m, "invalid_blocks: " + err.Error()
	case m.Channel != SlackChannel:
		return m, "channel_not_found"
	case m.ThreadTS != "" && !s.knows(m.ThreadTS):
		return m, "thread_not_found"
	}
	return m, ""
}

// payload returns the arguments as JSON, in whichever of Slack's two forms
// they came, and the token.
func payload(req *http.Request) (body []byte, token string, err error) {
	token = strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") {
		body, err = io.ReadAll(req.Body)
		return body, token, err
	}
	if err := req.ParseForm(); err != nil {
		return nil, "", err
	}
	arguments := map[string]any{}
	for name, values := range req.PostForm {
		arguments[name] = values[0]
	}
	if blocks := req.PostForm.Get("blocks"); blocks != "" {
		arguments["blocks"] = json.RawMessage(blocks)
	}
	body, err = json.Marshal(arguments)
	if token == "" {
		token = req.PostForm.Get("token")
	}
	return body, token, err
}

func apiError(w http.ResponseWriter, problem string) {
	fmt.Fprintf(w, `{"ok":false,"error":%q}`, problem)
}
