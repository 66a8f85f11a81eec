package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// unseen turns the error of a call into what is known after it: that the thing
// is missing, or why it could not be looked at. need is the permission of the
// call and the resource it is needed on.
func unseen[T any](ctx context.Context, a *Account, account string, err error, need string) diagnose.Known[T] {
	if why := a.elsewhere(ctx, account); why != "" {
		return diagnose.Unseen[T](why)
	}
	if c := code(err); c == "NoSuchEntity" || c == "ValidationError" {
		return diagnose.Missing[T]() // IAM refuses a name that nothing can have as invalid
	}
	return diagnose.Unseen[T](why(err, need))
}

// denials are the codes with which AWS says that a permission is missing:
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
var denials = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}

func why(err error, need string) string {
	c := code(err)
	_, throttled := retry.DefaultThrottleErrorCodes[c]
	switch {
	case slices.Contains(denials, c):
		return fmt.Sprintf("AWS refused it: grant %s", need)
	case throttled:
		return fmt.Sprintf("AWS throttled it (%s): needs %s", c, need)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Sprintf("AWS did not answer in time: needs %s", need)
	case c != "":
		return fmt.Sprintf("AWS answered %s: needs %s", c, need)
	default:
		return fmt.Sprintf("AWS could not be reached: needs %s", need)
	}
}

// code returns the error code of AWS, or "".
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
