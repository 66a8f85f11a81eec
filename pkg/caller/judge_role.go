package caller

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// roleARN is the form of a role's ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
var roleARN = lazyregexp.New(`^arn:(aws[a-z-]*):iam::\d{12}:role/[\x21-\x7e]+$`)

// judgeRole looks at the form of the role's ARN alone.
func (e *Evidence) judgeRole() []Remark {
	switch {
	case e.Role == "" && !e.Token.Known():
		return nil // which does not matter yet
	case e.Role == "":
		return one(Doubt, "which role the call is for is not known here", "give it with "+e.Place.RoleAt)
	case !roleARN.MatchString(e.Role):
		return one(Fault, fmt.Sprintf("%s, from %s, is no ARN of a role", quote(e.Role), e.RoleFrom), "write it as arn:aws:iam::123456789012:role/NAME")
	case strings.Count(e.Role, "arn:aws") > 1:
		return one(Doubt, fmt.Sprintf("the ARN %s has another one within: to STS it is a role with a long path", quote(e.Role)), "write the ARN once")
	}
	return nil
}

// partition is that of the role, "aws" where it does not tell.
func partition(role string) string {
	if m := roleARN.FindStringSubmatch(role); m != nil {
		return m[1]
	}
	return "aws"
}

// quote makes a value of strangers fit for a message.
func quote(s string) string { return idp.Quote(s) }

// few is how many values a list names.
const few = 5

func list(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	quoted := make([]string, 0, few)
	for i, v := range values {
		if i == few {
			quoted = append(quoted, fmt.Sprintf("%d more", len(values)-few))
			break
		}
		quoted = append(quoted, quote(v))
	}
	return strings.Join(quoted, ", ")
}

// compact is a claim as JSON in one line, fit for a message.
func compact(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "something else"
	}
	return quote(string(raw))
}
