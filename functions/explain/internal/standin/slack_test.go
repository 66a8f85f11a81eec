package standin

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
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

func richText(elements string) string {
	return `{"type":"rich_text","elements":[` + elements + `]}`
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
		{"a context", message(`{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]}`), ""},
		{"an empty context", message(`{"type":"context","elements":[]}`), "block 0: 0 elements"},
		{"rich text", message(richText(`{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}}]}`)), ""},
		{"a list", message(richText(`{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://x"}]}]}`)), ""},
		{"a list of texts", message(richText(`{"type":"rich_text_list","style":"bullet","elements":[{"type":"text","text":"x"}]}`)), `unexpected element "text"`},
		{"empty rich text", message(richText(``)), "0 elements"},
		{"an empty line", message(richText(`{"type":"rich_text_section","elements":[]}`)), "0 elements"},
		{"an empty text", message(richText(`{"type":"rich_text_quote","elements":[{"type":"text","text":""}]}`)), `empty element "text"`},
		{"a mention", message(richText(`{"type":"rich_text_section","elements":[{"type":"broadcast","range":"channel"}]}`)), "unknown field"},
		{"an unknown block", message(`{"type":"dance"}`), "block 0: unexpected type"},
		{"an unknown field", message(`{"type":"divider","colour":"red"}`), "unknown field"},
		{"too many blocks", message(strings.Split(strings.Repeat(section("x")+"\n", 51), "\n")[:51]...), "51 blocks"},
		{"too much in all", message(strings.Split(strings.Repeat(section(strings.Repeat("x", 2000))+"\n", 7), "\n")[:7]...), "msg_blocks_too_long"},
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

func TestRead(t *testing.T) {
	m, err := ReadMessage(strings.NewReader(message(section("a"),
		richText(`{"type":"rich_text_section","elements":[{"type":"text","text":"b"},{"type":"date","timestamp":1,"format":"{date}","fallback":"c"}]},
			{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://x","text":"d"}]}]}`))))
	if want := "a\nbc\nd (https://x)\n"; err != nil || m.Read() != want {
		t.Errorf("got %q, %v; want %q", m.Read(), err, want)
	}
}

func newSlack(t *testing.T) *Slack {
	t.Helper()
	s, err := NewSlack()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestSlackFollowsItsScript(t *testing.T) {
	s := newSlack(t)
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

func TestPostMessage(t *testing.T) {
	s := newSlack(t)
	call := func(path, token, arguments string) string {
		t.Helper()
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"text":"t","blocks":[`+section("x")+`]`+arguments+`}`))
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		req.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		s.postMessage(answer, req)
		return answer.Body.String()
	}
	const method, channel = "/api/chat.postMessage", `,"channel":"` + SlackChannel + `"`
	sent := call(method, SlackToken, channel)
	var first struct{ TS string }
	if err := json.Unmarshal([]byte(sent), &first); err != nil || first.TS == "" {
		t.Fatalf("answer %s", sent)
	}
	for _, tt := range []struct{ name, path, token, arguments, want string }{
		{"reply", method, SlackToken, channel + `,"thread_ts":"` + first.TS + `"`, `"ok":true`},
		{"other thread", method, SlackToken, channel + `,"thread_ts":"1.2"`, "thread_not_found"},
		{"other token", method, "xoxb-other", channel, "invalid_auth"},
		{"other channel", method, SlackToken, `,"channel":"C9"`, "channel_not_found"},
		{"other method", "/api/chat.update", SlackToken, channel, "unknown_method"},
	} {
		if got := call(tt.path, tt.token, tt.arguments); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// A client with nothing but the environment of a program reaches the bot's
// Slack at its address.
func TestEnvLeadsToSlack(t *testing.T) {
	s := newSlack(t)
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(strings.TrimPrefix(s.Env()[1], "SSL_CERT_FILE="))
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate", err)
	}
	proxy, err := url.Parse(strings.TrimPrefix(s.Env()[0], "HTTPS_PROXY="))
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots}}}
	resp, err := client.Post("https://slack.com/api/chat.postMessage", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); !strings.Contains(string(body), "invalid_auth") {
		t.Errorf("answer %s", body)
	}
	if _, err := client.Get("https://example.com/"); err == nil {
		t.Error("the proxy leads elsewhere")
	}
}
