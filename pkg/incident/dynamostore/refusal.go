package dynamostore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// denials are the codes with which AWS says that a permission is missing:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
var denials = []string{"AccessDenied", "AccessDeniedException"}

// failedCondition is the refusal of a write whose condition does not hold, nil
// for every other outcome.
func failedCondition(err error) *types.ConditionalCheckFailedException {
	var failed *types.ConditionalCheckFailedException
	errors.As(err, &failed)
	return failed
}

// told says which action on the table failed, and what would help; nil of nil.
func (s *Store) told(err error, action string) error {
	return s.toldOf(err, action, "table/"+s.table)
}

// toldOf is told for an action that needs its permission on another resource
// than the table.
func (s *Store) toldOf(err error, action, resource string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("dynamodb:%s on table %s in %s: %s: %w", action, s.table, s.region, advice(err, action, resource), err)
}

// advice is what the one who runs the deployment can do about a failed call.
func advice(err error, action, resource string) string {
	code, message := answer(err)
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	switch {
	case slices.Contains(denials, code):
		return fmt.Sprintf("AWS refused it, grant dynamodb:%s on %s", action, resource)
	case code == "ResourceNotFoundException":
		return "there is no such table in this region and account"
	case code == "ValidationException" && strings.Contains(message, "specified index"):
		return "the table has no index " + index + ", which template.yaml gives it"
	case code == "ValidationException" && strings.Contains(message, "tem size"):
		return "an incident is larger than the 400 KB that an item may have"
	case throttled:
		return "DynamoDB throttled it"
	case code == "":
		return "DynamoDB did not answer"
	default:
		return "DynamoDB answered " + code
	}
}

// answer is the code and the message of an error of AWS, "" for others.
func answer(err error) (code, message string) {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode(), api.ErrorMessage()
	}
	return "", ""
}

// broken says that an item of an incident is not one that this store wrote.
func (s *Store) broken(id string, err error) error {
	return fmt.Errorf("incident %.80q in table %s cannot be read: %w", id, s.table, err)
}
