package dynamolocal

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAnswersOnLoopback(t *testing.T) {
	u, err := url.Parse(URL(t))
	if err != nil || u.Hostname() != "127.0.0.1" {
		t.Fatalf("%s, %v", u, err)
	}
	resp, err := http.Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if URL(t) != u.String() {
		t.Error("a second one was started")
	}
}

func TestMissingOneSaysWhatToDo(t *testing.T) {
	_, err := start(t.TempDir())
	if !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), "make tools") {
		t.Errorf("got %v", err)
	}
}
