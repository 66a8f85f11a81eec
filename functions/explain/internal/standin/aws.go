package standin

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/awstest"
)

// AWS stands before moto and DynamoDB Local: it counts the calls, chooses the
// account whose IAM is asked, can make an action fail, and answers for
// CloudTrail itself.
type AWS struct {
	URL   string         // endpoint of every service
	Trail *awstest.Trail // CloudTrail's event history of every account

	server  *httptest.Server
	moto    http.Handler
	dynamo  http.Handler
	mu      sync.Mutex
	account string
	members map[string]string // accounts by the access keys of their assumed roles
	faults  map[string]http.HandlerFunc
	calls   []string
}

// NewAWS starts the front of moto and of DynamoDB Local. Close it at the end.
func NewAWS(moto, dynamo *url.URL) *AWS {
	a := &AWS{
		Trail: awstest.NewTrail(), moto: httputil.NewSingleHostReverseProxy(moto), dynamo: httputil.NewSingleHostReverseProxy(dynamo),
		members: map[string]string{}, faults: map[string]http.HandlerFunc{},
	}
	a.server = httptest.NewServer(http.HandlerFunc(a.serve))
	a.URL = a.server.URL
	return a
}

// Close ends the server.
func (a *AWS) Close() {
	a.server.CloseClientConnections()
	a.server.Close()
}

// Use forgets calls and faults, and makes IAM, STS, Organizations and
// CloudTrail those of the account. The other services stay in moto's default
// account, 123456789012.
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
	from := awstest.Scope(req.Header)
	action := action(req.Header, body)
	account, fault := a.note(from, action)
	if fault != nil {
		fault(w, req)
		return
	}
	a.answer(w, req, body, from, account)
}

// Pass answers a request that was handed to a handler of Fail as if there were
// none.
func (a *AWS) Pass(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	from := awstest.Scope(req.Header)
	a.mu.Lock()
	account := a.accountOf(from)
	a.mu.Unlock()
	a.answer(w, req, body, from, account)
}

func (a *AWS) answer(w http.ResponseWriter, req *http.Request, body []byte, from awstest.Signature, account string) {
	action := action(req.Header, body)
	switch {
	case from.Service == "cloudtrail" && action == "LookupEvents":
		a.Trail.Handler(account).ServeHTTP(w, req)
	case from.Service == "dynamodb":
		a.dynamo.ServeHTTP(w, req)
	case from.Service == "sts" && action == "AssumeRole":
		a.assume(w, req, body)
	default:
		if account != "" && slices.Contains(inAccount, from.Service) {
			req.Header.Set("X-Moto-Account-Id", account)
		}
		a.moto.ServeHTTP(w, req)
	}
}

// inAccount are the services that are those of the account of the caller.
var inAccount = []string{"iam", "sts", "organizations"}

// assume keeps in mind of which account the credentials are that moto issues.
// It looks at no trust policy, as moto does not: refusing is a matter of Fail.
func (a *AWS) assume(w http.ResponseWriter, req *http.Request, body []byte) {
	answer := httptest.NewRecorder()
	a.moto.ServeHTTP(answer, req)
	form, _ := url.ParseQuery(string(body))
	if key := accessKeyID.FindSubmatch(answer.Body.Bytes()); key != nil {
		a.mu.Lock()
		a.members[string(key[1])] = strings.Split(form.Get("RoleArn")+":::::", ":")[4]
		a.mu.Unlock()
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

var accessKeyID = regexp.MustCompile(`<AccessKeyId>([^<]+)</AccessKeyId>`)

// note returns the account of the caller and what is to fail the call.
func (a *AWS) note(from awstest.Signature, action string) (account string, fault http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, from.Service+":"+action)
	return a.accountOf(from), a.faults[action]
}

func (a *AWS) accountOf(from awstest.Signature) string { return cmp.Or(a.members[from.Key], a.account) }

// action is a form value of the services that speak XML, else a header.
func action(h http.Header, body []byte) string {
	if target := h.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	form, _ := url.ParseQuery(string(body))
	return form.Get("Action")
}
