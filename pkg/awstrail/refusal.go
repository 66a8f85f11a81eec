package awstrail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// denials are the codes with which AWS says that a permission is missing:
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/athena/latest/APIReference/CommonErrors.html
var denials = []string{"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation", "Forbidden", "NotAuthorized"}

// decryption is how a service words that it may not use the key of what it is
// asked for.
var decryption = lazyregexp.New(`kms:Decrypt(?:.{1,40}?(arn:[\w-]+:kms:[\w:/-]+))?`)

// refused is the error about a place that AWS would not list or read. need is
// the permission of the call and what it is needed on.
func refused(place string, err error, need string) error {
	return &scan.InputError{Name: place, Err: reason(err, need)}
}

// reason words an error of AWS. Where there was none of a service, the error
// of the network or of the context is within.
func reason(err error, need string) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		var answer *smithyhttp.ResponseError
		if errors.As(err, &answer) && answer.HTTPStatusCode() > 0 {
			return fmt.Errorf("AWS answered with the status %d and nothing that can be read (needs %s)", answer.HTTPStatusCode(), need)
		}
		return fmt.Errorf("AWS could not be reached (needs %s): %w", need, err)
	}
	code, message := api.ErrorCode(), short(api.ErrorMessage())
	switch {
	case slices.Contains(denials, code) && strings.Contains(message, "kms:"):
		return fmt.Errorf("AWS refused it: grant %s", decrypt(message))
	case slices.Contains(denials, code):
		return fmt.Errorf("AWS refused it: grant %s", need)
	case code == "InvalidObjectState":
		return errArchived
	case message == "":
		return fmt.Errorf("AWS answered %s (needs %s)", code, need)
	}
	return fmt.Errorf("AWS answered %s: %s", code, message)
}

var errArchived = errors.New("the object is archived: restore it first, as `aws s3api restore-object` does")

// decrypt is the permission that a message about a key asks for.
func decrypt(message string) string {
	if found := decryption.FindStringSubmatch(message); found != nil && found[1] != "" {
		return "kms:Decrypt on " + found[1]
	}
	return "kms:Decrypt on the key that the object is encrypted with"
}

// short is a text of a service as one line that is not too long.
func short(text string) string {
	const most = 300
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
