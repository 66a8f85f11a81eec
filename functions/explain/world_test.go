package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
)

// What all end-to-end tests share; moto takes seconds to start.
var (
	root      = filepath.Join("..", "..")
	bootstrap string
	places    *world.Places
)

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "explain")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	bootstrap = filepath.Join(dir, "bootstrap")
	if err := standin.Build(root, bootstrap); err != nil {
		return 1, err
	}
	if places, err = world.Start(root); err != nil {
		return 1, err
	}
	defer places.Close()
	return m.Run(), nil
}

// stage is a world with the function running in it.
type stage struct {
	*world.World
	function *standin.Function
}

func newStage(t *testing.T, s *world.Sample, env ...string) *stage {
	t.Helper()
	w := must(places.New(t.Context(), s))(t)
	f := must(standin.StartFunction(bootstrap, w.Env(env...)...))(t)
	t.Cleanup(f.Stop)
	return &stage{w, f}
}

// limited bounds a test's wait for the function.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// put sends events to the function's queue.
func (s *stage) put(t *testing.T, events ...[]byte) {
	t.Helper()
	for _, e := range events {
		check(t, s.Put(limited(t), e))
	}
}

func (s *stage) poll(t *testing.T) world.Batch {
	t.Helper()
	b, err := s.Poll(limited(t), s.function)
	s.orLogs(t, err)
	return b
}

func (s *stage) pollAll(t *testing.T) []world.Batch {
	t.Helper()
	all, err := s.PollAll(limited(t), s.function)
	s.orLogs(t, err)
	return all
}

func (s *stage) invoke(t *testing.T, event []byte) standin.Answer {
	t.Helper()
	a, err := s.function.Invoke(limited(t), event)
	s.orLogs(t, err)
	return a
}

// orLogs tells what the function said where a test cannot go on.
func (s *stage) orLogs(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s", err, s.function.Logs())
	}
}

// received returns what the topic's subscriber got since the last call.
func (s *stage) received(t *testing.T) []world.Notification {
	t.Helper()
	return must(s.Received(t.Context()))(t)
}

// dead returns what is in the dead-letter queue, and removes it.
func (s *stage) dead(t *testing.T) []string {
	t.Helper()
	return must(s.Dead(t.Context()))(t)
}

// checkSecrets holds the function's output against the webhook, the token and
// the credentials.
func (s *stage) checkSecrets(t *testing.T) {
	t.Helper()
	for _, secret := range []string{"hushhush", "SECRETKEY", "SESSIONTOKEN"} {
		if strings.Contains(s.function.Logs()+s.function.Metrics(), secret) {
			t.Errorf("%s is in the log:\n%s", secret, s.function.Logs())
		}
	}
}

// must unwraps a result: must(f())(t).
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
