package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..", "..")

func TestShowsBothMessages(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, root, filepath.Join(root, "events", "stranger-miner.json")); err != nil {
		t.Fatal(err)
	}
	_, mail, _ := strings.Cut(out.String(), "=== SNS, as mail: rolewhy: Stranger refused")
	mail, slack, _ := strings.Cut(mail, "=== Slack\n")
	for name, message := range map[string]string{"mail": mail, "Slack": slack} {
		if !strings.Contains(message, "subject-mismatch") || !strings.Contains(message, "free-coins-4412") {
			t.Errorf("%s:\n%s\nof\n%s", name, message, out.String())
		}
	}
	for _, secret := range []string{"hushhush", "SECRETKEY"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("it shows %s", secret)
		}
	}
}

func TestSaysThatThereIsNoSuchEvent(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, root, "nowhere.json"); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("error %v", err)
	}
}
