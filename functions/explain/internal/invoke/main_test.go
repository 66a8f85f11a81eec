package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..", "..")

func TestShowsBothMessages(t *testing.T) {
	for _, tt := range []struct {
		event, sns string
		words      []string
	}{
		{"subject-mismatch.json", "=== SNS, as mail: rolewhy: ", []string{"subject-mismatch", "load-balancer-controller"}},
		{"stranger-miner.json", "=== SNS, as data: rolewhy: Strangers refused", []string{"free-coins-4412"}},
	} {
		t.Run(tt.event, func(t *testing.T) {
			var out bytes.Buffer
			if err := run(t.Context(), &out, root, filepath.Join(root, "events", tt.event)); err != nil {
				t.Fatal(err)
			}
			_, sns, _ := strings.Cut(out.String(), tt.sns)
			sns, slack, _ := strings.Cut(sns, "=== Slack\n")
			for _, word := range tt.words {
				if !strings.Contains(sns, word) || !strings.Contains(slack, word) {
					t.Errorf("%s is not in both messages:\n%s", word, out.String())
				}
			}
			for _, secret := range []string{"hushhush", "SECRETKEY"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("it shows %s", secret)
				}
			}
		})
	}
}

func TestSaysThatThereIsNoSuchEvent(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, root, "nowhere.json"); err == nil || !strings.Contains(err.Error(), "nowhere.json") {
		t.Errorf("error %v", err)
	}
}
