package standin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Timeout is that of invocations unless a test sets another one.
const Timeout = 10 * time.Second

// Runtime is the Lambda Runtime API for one function:
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type Runtime struct {
	Timeout time.Duration // of an invocation; as the function's Timeout
	Polled  chan struct{} // closed at the first poll, when the function is ready

	server *httptest.Server
	ready  sync.Once
	queue  chan *invocation
	mu     sync.Mutex
	count  int
	open   map[string]*invocation
}

type invocation struct {
	event  []byte
	answer chan Answer
}

// Answer is what the function made of an event.
type Answer struct {
	Payload []byte        // of a success
	Err     *RuntimeError // nil on success
}

// RuntimeError is the function's report of a failure.
type RuntimeError struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

func (e *RuntimeError) Error() string { return e.Type + ": " + e.Message }

// NewRuntime starts the API. Close it at the end.
func NewRuntime() *Runtime {
	r := &Runtime{
		Timeout: Timeout,
		Polled:  make(chan struct{}),
		queue:   make(chan *invocation),
		open:    map[string]*invocation{},
	}
	mux := http.NewServeMux()
	const base = "/2018-06-01/runtime"
	mux.HandleFunc("GET "+base+"/invocation/next", r.next)
	mux.HandleFunc("POST "+base+"/invocation/{id}/response", r.response)
	mux.HandleFunc("POST "+base+"/invocation/{id}/error", r.failure)
	mux.HandleFunc("POST "+base+"/init/error", r.initError)
	r.server = httptest.NewServer(mux)
	return r
}

// Close ends the API; a function that polls it ends too.
func (r *Runtime) Close() {
	r.server.CloseClientConnections()
	r.server.Close()
}

// Address is the value of AWS_LAMBDA_RUNTIME_API.
func (r *Runtime) Address() string { return strings.TrimPrefix(r.server.URL, "http://") }

// Invoke hands an event to the function and waits for what it makes of it.
func (r *Runtime) Invoke(ctx context.Context, event []byte) (Answer, error) {
	inv := &invocation{event, make(chan Answer, 1)}
	select {
	case r.queue <- inv:
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("the function does not poll: %w", context.Cause(ctx))
	}
	select {
	case a := <-inv.answer:
		return a, nil
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("the function does not answer: %w", context.Cause(ctx))
	}
}

func (r *Runtime) next(w http.ResponseWriter, req *http.Request) {
	r.ready.Do(func() { close(r.Polled) })
	select {
	case inv := <-r.queue:
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", r.admit(inv))
		h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(r.Timeout).UnixMilli()))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:explain")
		w.Write(inv.event)
	case <-req.Context().Done():
	}
}

func (r *Runtime) admit(inv *invocation) (id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	id = fmt.Sprintf("00000000-0000-4000-8000-%012d", r.count)
	r.open[id] = inv
	return id
}

func (r *Runtime) response(w http.ResponseWriter, req *http.Request) {
	payload, _ := io.ReadAll(req.Body)
	r.finish(w, req, Answer{Payload: payload})
}

func (r *Runtime) failure(w http.ResponseWriter, req *http.Request) {
	e := &RuntimeError{}
	if err := json.NewDecoder(req.Body).Decode(e); err != nil {
		e.Type, e.Message = "Standin.InvalidError", err.Error()
	}
	r.finish(w, req, Answer{Err: e})
}

// finish accepts one answer for each invocation, as Lambda does.
func (r *Runtime) finish(w http.ResponseWriter, req *http.Request, a Answer) {
	id := req.PathValue("id")
	r.mu.Lock()
	inv := r.open[id]
	delete(r.open, id)
	r.mu.Unlock()
	if inv == nil {
		http.Error(w, `{"errorType":"InvalidRequestID"}`, http.StatusBadRequest)
		return
	}
	inv.answer <- a
	w.WriteHeader(http.StatusAccepted)
}

// initError takes what a function reports when it cannot start.
func (r *Runtime) initError(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusAccepted)
}
