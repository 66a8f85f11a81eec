package dynamostore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// tap sees every request on its way to DynamoDB, those that are tried again
// included.
type tap struct {
	mu       sync.Mutex
	requests []string // actions
	units    []float64
	lose     int // so many answers are lost on their way back
	answer   func() *http.Response
}

var errLost = errors.New("the connection was reset")

// Do implements aws.HTTPClient.
func (p *tap) Do(req *http.Request) (*http.Response, error) {
	_, action, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, action)
	if p.answer != nil {
		return p.answer(), nil
	}
	resp, err := http.DefaultClient.Do(req)
	if err == nil && p.lose > 0 {
		p.lose--
		return nil, errors.Join(errLost, resp.Body.Close())
	}
	return resp, err
}

// take returns the requests since it was last called.
func (p *tap) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.requests = nil }()
	return slices.Clone(p.requests)
}

// answers answers every request with an error of DynamoDB.
func (p *tap) answers(status int, code, message string) {
	body := `{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `","message":"` + message + `"}`
	p.answer = func() *http.Response {
		header := http.Header{"Content-Type": {"application/x-amz-json-1.0"}}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewBufferString(body))}
	}
}

// tapped is a store whose requests go through a tap.
func tapped(t *testing.T) (*dynamostore.Store, *tap) {
	t.Helper()
	cfg := dynamolocal.Config(t)
	table := dynamolocal.Table(t, cfg)
	p := &tap{}
	cfg.HTTPClient = p
	cfg.Retryer = func() aws.Retryer { return atOnce{retry.NewStandard()} }
	cfg.APIOptions = append(cfg.APIOptions, p.meter)
	return dynamostore.New(cfg, table), p
}

// atOnce tries again without waiting.
type atOnce struct{ aws.Retryer }

func (atOnce) RetryDelay(int, error) (time.Duration, error) { return 0, nil }

// meter asks what an update of an item costs, and keeps the answer.
func (p *tap) meter(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Meter",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			if update, ok := in.Parameters.(*dynamodb.UpdateItemInput); ok {
				update.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
			}
			out, metadata, err := next.HandleInitialize(ctx, in)
			if updated, ok := out.Result.(*dynamodb.UpdateItemOutput); ok && updated.ConsumedCapacity != nil {
				p.units = append(p.units, *updated.ConsumedCapacity.CapacityUnits)
			}
			return out, metadata, err
		}), middleware.Before)
}
