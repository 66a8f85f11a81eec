package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

// What all end-to-end tests share; moto takes seconds to start.
var (
	root      = filepath.Join("..", "..")
	bootstrap string // of this function
	following string // that of functions/followup
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
	bootstrap, following = filepath.Join(dir, "explain"), filepath.Join(dir, "followup")
	for _, b := range []string{bootstrap, following} {
		if err := standin.Build(root, filepath.Base(b), b); err != nil {
			return 1, err
		}
	}
	if places, err = world.Start(root); err != nil {
		return 1, err
	}
	defer places.Close()
	return m.Run(), nil
}

// stage is a world with the functions running in it.
type stage struct {
	*world.World
	function *standin.Function
	follower *standin.Function // nil until it is needed
	env      []string
}

func newStage(t *testing.T, s *world.Sample, env ...string) *stage {
	t.Helper()
	st := &stage{World: must(places.New(t.Context(), s))(t), env: env}
	st.function = st.start(t, bootstrap)
	return st
}

// start runs a function in the world.
func (s *stage) start(t *testing.T, bootstrap string) *standin.Function {
	t.Helper()
	f := must(standin.StartFunction(bootstrap, s.Env(append(s.env, "AWS_LAMBDA_FUNCTION_NAME="+filepath.Base(bootstrap))...)...))(t)
	t.Cleanup(f.Stop)
	return f
}

// followUp runs functions/followup once, as its schedule does.
func (s *stage) followUp(t *testing.T) {
	t.Helper()
	if s.follower == nil {
		s.follower = s.start(t, following)
	}
	a, err := s.follower.Invoke(limited(t), []byte(`{"source":"aws.events","detail-type":"Scheduled Event"}`))
	if err == nil && a.Err != nil {
		err = a.Err
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, s.follower.Logs())
	}
}

// later makes it later and runs functions/followup.
func (s *stage) later(t *testing.T, d time.Duration) {
	t.Helper()
	check(t, s.Later(t.Context(), d))
	s.followUp(t)
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
func (s *stage) received(t *testing.T) (all []*world.Notice) {
	t.Helper()
	for _, n := range must(s.Received(t.Context()))(t) {
		all = append(all, must(n.Read())(t))
	}
	return all
}

// told are the kinds of what the topic's subscriber got since the last call,
// and the number of messages that Slack took.
func (s *stage) told(t *testing.T) (kinds []string, posts int) {
	t.Helper()
	for _, n := range s.received(t) {
		kinds = append(kinds, n.Kind)
	}
	messages, _ := places.Slack.Take()
	return kinds, len(messages)
}

// dead returns what is in the dead-letter queue, and removes it.
func (s *stage) dead(t *testing.T) []string {
	t.Helper()
	return must(s.Dead(t.Context()))(t)
}

// logs are what both functions said.
func (s *stage) logs() string {
	if s.follower == nil {
		return s.function.Logs()
	}
	return s.function.Logs() + "\nfollowup:\n" + s.follower.Logs()
}

// checkSecrets holds what the functions say against the webhook, the token and
// the credentials.
func (s *stage) checkSecrets(t *testing.T) {
	t.Helper()
	said := s.logs() + s.function.Metrics()
	for _, secret := range []string{"hushhush", "SECRETKEY", "SESSIONTOKEN"} {
		if strings.Contains(said, secret) {
			t.Errorf("%s is in the log:\n%s", secret, said)
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

// incident is the only one of a call that there is.
func (s *stage) incident(t *testing.T) *incident.Incident {
	t.Helper()
	all := slices.DeleteFunc(must(s.Incidents(t.Context()))(t), func(i *incident.Incident) bool { return i.Kind != incident.Call })
	if len(all) != 1 {
		t.Fatalf("%d incidents", len(all))
	}
	return all[0]
}

// calls are those of AWS since the last call of Forget, in the order of their
// names, without those of the test's own queue.
func (s *stage) calls() []string {
	return slices.Sorted(slices.Values(slices.DeleteFunc(places.Cloud.Calls(), func(call string) bool {
		return strings.HasPrefix(call, "sqs:")
	})))
}
