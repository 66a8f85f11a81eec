package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// methodAnswer is what chat.postMessage answers, as far as it is of use:
// https://docs.slack.dev/reference/methods/chat.postMessage
type methodAnswer struct {
	OK       bool
	TS       string
	Error    string
	Metadata struct{ Messages []string } `json:"response_metadata"`
}

// passing are the errors after which another try can help. Slack sends them
// with the status 200.
var passing = []string{
	"ratelimited", "rate_limited", "internal_error", "fatal_error",
	"service_unavailable", "request_timeout", "team_added_to_org",
}

// advice tells what to do about errors that a person must mend.
var advice = map[string]string{
	"not_in_channel":      "invite the app to the channel",
	"channel_not_found":   "give the id of a channel that the app may see; a private one needs an invitation",
	"is_archived":         "the channel is archived",
	"invalid_auth":        "the token is not valid",
	"not_authed":          "there is no token",
	"token_revoked":       "the token was revoked",
	"token_expired":       "the token has expired",
	"account_inactive":    "the app was removed from the workspace",
	"missing_scope":       "the token needs the scope chat:write",
	"restricted_action":   "the workspace does not let the app post there",
	"msg_blocks_too_long": "the message is too long",
	"invalid_blocks":      "the message breaks Slack's rules",
}

// readSent reads the answer to chat.postMessage and returns the time stamp of
// the message. Its errors hold no token.
func readSent(resp *http.Response, token notify.Secret) (ts string, err error) {
	const enough = 256 << 10 // the answer repeats the message
	raw, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err != nil && resp.StatusCode == http.StatusOK {
		return "", fmt.Errorf("read Slack's answer: %w", err)
	}
	var a methodAnswer
	if resp.StatusCode != http.StatusOK || json.Unmarshal(raw, &a) != nil {
		return "", refusal(resp, raw, token)
	}
	if a.OK && a.TS != "" {
		return a.TS, nil
	}
	return "", a.failure(resp, token)
}

// failure is the error of an answer that is not ok.
func (a *methodAnswer) failure(resp *http.Response, token notify.Secret) error {
	details := strings.Join(append(a.Metadata.Messages, advice[a.Error]), " ")
	text := strings.TrimSpace(cmp.Or(a.Error, "neither an error nor a time stamp") + ": " + details)
	err := fmt.Errorf("slack answered: %s", quote(strings.TrimSuffix(text, ":"), token))
	if slices.Contains(passing, a.Error) {
		return &busyError{err, retryAfter(resp.Header)}
	}
	return err
}
