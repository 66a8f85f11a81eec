package standin

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

func message(blocks ...string) string {
	return `{"text":"t","blocks":[` + strings.Join(blocks, ",") + `]}`
}

func section(text string) string {
	quoted, _ := json.Marshal(text)
	return `{"type":"section","text":{"type":"mrkdwn","text":` + string(quoted) + `}}`
}

// A stand-in that takes everything would prove nothing.
func TestReadMessageRefusesWhatSlackRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, payload string
		err           string // "" where Slack takes it
	}{
		{"small", message(section("x")), ""},
		{"a full section", message(section(strings.Repeat("é", 3000))), ""},
		{"a section too long", message(section(strings.Repeat("x", 3001))), "block 0: 3001 characters"},
		{"an empty section", message(section("x"), section("")), "block 1: 0 characters"},
		{"a section of plain text", message(`{"type":"section","text":{"type":"plain_text","text":"x"}}`), "block 0: no mrkdwn"},
		{"a header too long", message(`{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("x", 151) + `"}}`), "block 0: 151 characters"},
		{"a formatted header", message(`{"type":"header","text":{"type":"mrkdwn","text":"x"}}`), "block 0: no plain_text"},
		{"an empty context", message(`{"type":"context","elements":[]}`), "block 0: 0 elements"},
		{"an unknown block", message(`{"type":"dance"}`), "block 0: unexpected type"},
		{"too many blocks", message(strings.Split(strings.Repeat(section("x")+"\n", 51), "\n")[:51]...), "51 blocks"},
		{"no text", `{"blocks":[]}`, "text of 0 characters"},
		{"no JSON", `text`, "invalid_payload"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadMessage(strings.NewReader(tt.payload))
			if (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}

func TestSlackFollowsItsScript(t *testing.T) {
	s := NewSlack()
	defer s.Close()
	post := func(url string) (int, string) {
		t.Helper()
		resp, err := http.Post(url, "application/json", strings.NewReader(message(section("x"))))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	s.Next(Refuse(http.StatusTooManyRequests, "rate_limited", "Retry-After", "1"))
	for _, want := range []struct {
		url    string
		status int
		body   string
	}{
		{s.URL + "x", 404, "no_service"},
		{s.URL, 429, "rate_limited"},
		{s.URL, 200, "ok"},
	} {
		if status, body := post(want.url); status != want.status || body != want.body {
			t.Errorf("%s: %d %s, want %d %s", want.url, status, body, want.status, want.body)
		}
	}
	if messages, posts := s.Take(); len(messages) != 1 || posts != 2 {
		t.Errorf("%d messages of %d posts, want 1 of 2", len(messages), posts)
	}
}
