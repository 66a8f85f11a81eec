package standin

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// AWS stands before moto: it counts the calls, chooses the account whose IAM
// is asked, and can make an action fail.
type AWS struct {
	URL string // endpoint of every service

	server  *httptest.Server
	moto    http.Handler
	mu      sync.Mutex
	account string
	faults  map[string]http.HandlerFunc
	calls   []string
}

// NewAWS starts the front of moto. Close it at the end.
func NewAWS(moto *Moto) *AWS {
	proxy := httputil.NewSingleHostReverseProxy(moto.URL)
	a := &AWS{moto: proxy, faults: map[string]http.HandlerFunc{}}
	a.server = httptest.NewServer(http.HandlerFunc(a.serve))
	a.URL = a.server.URL
	return a
}

// Close ends the server.
func (a *AWS) Close() {
	a.server.CloseClientConnections()
	a.server.Close()
}

// Use forgets calls and faults, and makes IAM and STS those of the account.
// The other services stay in moto's default account, 123456789012.
func (a *AWS) Use(account string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.account, a.calls, a.faults = account, nil, map[string]http.HandlerFunc{}
}

// Fail makes the action, for example "GetRole", be answered by h until Use.
func (a *AWS) Fail(action string, h http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults[action] = h
}

// Calls lists the calls since Use as service:Action.
func (a *AWS) Calls() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.calls...)
}

// Deny is an error answer of the services that speak XML (IAM, STS, SNS).
func Deny(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>0</RequestId></ErrorResponse>", code, message)
	}
}

// Hang answers nothing until the caller gives up. The server notices that only
// once the body is read.
func Hang(_ http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	<-req.Context().Done()
}

func (a *AWS) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	service, action := service(req.Header), action(req.Header, body)
	account, fault := a.note(service, action)
	if fault != nil {
		fault(w, req)
		return
	}
	if account != "" && (service == "iam" || service == "sts") {
		req.Header.Set("X-Moto-Account-Id", account)
	}
	a.moto.ServeHTTP(w, req)
}

func (a *AWS) note(service, action string) (account string, fault http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, service+":"+action)
	return a.account, a.faults[action]
}

// service is read off the scope of the signature:
// Credential=KEY/DATE/REGION/SERVICE/aws4_request.
func service(h http.Header) string {
	if parts := strings.Split(h.Get("Authorization"), "/"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}

// action is a form value of the services that speak XML, else a header.
func action(h http.Header, body []byte) string {
	if target := h.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	form, _ := url.ParseQuery(string(body))
	return form.Get("Action")
}
