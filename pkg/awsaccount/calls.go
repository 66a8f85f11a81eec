package awsaccount

import (
	"context"
	"slices"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// Calls is told of calls to AWS, from several goroutines at once.
type Calls interface {
	// Called is told of a call that ended. The action is named as policies
	// name it, for example iam:GetRole; refused is whether AWS denied it.
	Called(action string, refused bool)
}

// count tells of every call once, however often it was tried.
func count(calls Calls) func(*middleware.Stack) error {
	tell := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
		middleware.InitializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleInitialize(ctx, in)
		action := strings.ToLower(awsmiddleware.GetServiceID(ctx)) + ":" + awsmiddleware.GetOperationName(ctx)
		calls.Called(action, slices.Contains(denials, code(err)))
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("CountCalls", tell), middleware.After)
	}
}
