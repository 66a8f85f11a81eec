package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// gap is why something is not seen.
type gap struct {
	why     string
	passing bool // asking again soon may tell more
}

// denials are the codes with which AWS says that a permission is missing:
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
var denials = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}

// refused is the gap that the error of a call leaves. need is the permission
// of the call and the resource it is needed on.
func refused(err error, need string) *gap {
	c := code(err)
	_, throttled := retry.DefaultThrottleErrorCodes[c]
	switch {
	case slices.Contains(denials, c):
		return &gap{"AWS refused it: grant " + need, false}
	case throttled:
		return &gap{fmt.Sprintf("AWS throttled it (%s): needs %s", c, need), true}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &gap{"AWS did not answer in time: needs " + need, true}
	case c != "":
		return &gap{fmt.Sprintf("AWS answered %s: needs %s", c, need), true}
	default:
		return &gap{"AWS could not be reached: needs " + need, true}
	}
}

// hollow is the gap that an answer leaves which lacks what it should hold, as
// that of a proxy may.
func hollow(need string) *gap { return &gap{"AWS answered without it: needs " + need, true} }

// absent is whether IAM says that there is no such thing. It refuses a name
// that nothing can have as invalid.
func absent(err error) bool {
	c := code(err)
	return c == "NoSuchEntity" || c == "ValidationError"
}

// code returns the error code of AWS, or "".
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
