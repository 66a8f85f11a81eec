package awstrail

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/rolewhy/rolewhy/pkg/awstest"
)

var update = flag.Bool("update", false, "write the expected texts of testdata anew")

// What all tests share; moto takes seconds to start.
var (
	root = filepath.Join("..", "..")
	moto *awstest.Moto
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (code int, err error) {
	if moto, err = awstest.StartMoto(root); err != nil {
		return 1, err
	}
	defer moto.Close()
	return m.Run(), nil
}

// front stands before moto: it notes requests, and can answer one itself.
type front struct {
	*httptest.Server
	pass http.Handler // moto

	mu     sync.Mutex
	asked  []*http.Request
	answer func(http.ResponseWriter, *http.Request) bool // true: it has answered
}

func newFront(t *testing.T) *front {
	t.Helper()
	check(t, moto.Reset())
	pass := httputil.NewSingleHostReverseProxy(moto.URL)
	pass.ErrorLog = log.New(io.Discard, "", 0) // requests that are not wanted any more
	f := &front{pass: pass}
	f.Server = httptest.NewUnstartedServer(f)
	f.Config.ErrorLog = pass.ErrorLog
	f.Start()
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP notes a request and answers it.
func (f *front) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, req.Clone(req.Context()))
	answer := f.answer
	f.mu.Unlock()
	if answer == nil || !answer(w, req) {
		f.pass.ServeHTTP(w, req)
	}
}

// requests are those since the last call.
func (f *front) requests() []*http.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := f.asked
	f.asked = nil
	return asked
}

// config leads the SDK to the front.
func (f *front) config() aws.Config { return config("us-east-1", nil, f.URL) }

func config(region string, client aws.HTTPClient, url string) aws.Config {
	cfg := aws.Config{
		Region: region, HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	if url != "" {
		cfg.BaseEndpoint = &url
	}
	return cfg
}

// without is a way to a server without a network, on which the clock of
// synctest would stand still.
type without struct{ http.Handler }

// Do answers a request.
func (w without) Do(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	answer := httptest.NewRecorder()
	if req.Body == nil {
		req.Body = http.NoBody
	}
	w.ServeHTTP(answer, req)
	return answer.Result(), nil
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
