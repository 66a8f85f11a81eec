package wiring

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Lines name what is known where they are written, and nothing of elsewhere.
func TestWith(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(handler{slog.NewTextHandler(&b, nil)}).With("kind", "alert")
	request := Request(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r1"}))
	one, two := With(request, "messageId", "m1"), With(request, "messageId", "m2", "received", 3)
	for _, tt := range []struct {
		ctx  context.Context
		want string
	}{
		{t.Context(), "kind=alert\n"},
		{Request(t.Context()), "kind=alert\n"},
		{request, "kind=alert requestId=r1\n"},
		{one, "kind=alert requestId=r1 messageId=m1\n"},
		{two, "kind=alert requestId=r1 messageId=m2 received=3\n"},
	} {
		b.Reset()
		log.InfoContext(tt.ctx, "sent")
		if got := b.String(); !strings.HasSuffix(got, "msg=sent "+tt.want) {
			t.Errorf("logged %s, want %s", got, tt.want)
		}
	}
}

func TestWithinAGroup(t *testing.T) {
	var b bytes.Buffer
	slog.New(handler{slog.NewTextHandler(&b, nil)}).WithGroup("g").InfoContext(With(t.Context(), "a", 1), "sent")
	if !strings.HasSuffix(b.String(), "msg=sent g.a=1\n") {
		t.Errorf("logged %s", b.String())
	}
}
