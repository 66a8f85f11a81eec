package wiring

import (
	"context"
	"log/slog"
	"slices"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

type logged struct{}

// With makes the log lines of everything that gets the context name the
// arguments, as slog.Logger.With does.
func With(ctx context.Context, args ...any) context.Context {
	var line slog.Record
	line.Add(args...)
	attrs := slices.Clone(attrsOf(ctx))
	line.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	return context.WithValue(ctx, logged{}, attrs)
}

// Request makes the log lines of an invocation name its request.
func Request(ctx context.Context) context.Context {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		return With(ctx, "requestId", lc.AwsRequestID)
	}
	return ctx
}

func attrsOf(ctx context.Context) []slog.Attr {
	attrs, _ := ctx.Value(logged{}).([]slog.Attr)
	return attrs
}

// handler adds what With gave to the context.
type handler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(attrsOf(ctx)...)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
