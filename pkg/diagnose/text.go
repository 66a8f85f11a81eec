package diagnose

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// cutPrefixFold is strings.CutPrefix without regard to letter case.
func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if rest, ok := strings.CutPrefix(s, prefix); ok {
		return rest, true // as nearly always
	}
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func containsFold(text []byte, s string) bool {
	return bytes.Contains(bytes.ToLower(text), []byte(strings.ToLower(s)))
}

// roleName is the name of a role from its ARN: what follows the last slash.
func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// where is the place of a span in the trust policy.
func (c *Case) where(statement int, path string, span policy.Span) *report.Where {
	line, column := c.Policy.Position(span.Start)
	return &report.Where{
		Statement: statement + 1, Path: fmt.Sprintf("Statement[%d]%s", statement, path),
		Line: line, Column: column, Span: span, Length: span.End - span.Start,
	}
}

// at is the place of a condition: of its one value, or of all of them.
func (c *Case) at(f Failure) *report.Where {
	return c.where(f.Statement.Index, conditionPath(f.Condition), f.Condition.ValuesAt)
}

// atKey is the place of a condition's key.
func (c *Case) atKey(f Failure) *report.Where {
	return c.where(f.Statement.Index, conditionPath(f.Condition), f.Condition.Key.Span)
}

func conditionPath(k *policy.Condition) string {
	return fmt.Sprintf(".Condition.%s[%q]", k.Operator.Value, k.Key.Value)
}

// condition names a key in a sentence: a claim of the token's provider by the
// claim alone.
func (c *Case) condition(operator, key string) string {
	if r := readKey(key, c.Host); r.Kind == keyOwn {
		return fmt.Sprintf("%s (%s)", r.Claim, operator)
	}
	return fmt.Sprintf("%s (%s)", quote(key), operator)
}

// inStatement names a statement in a sentence.
func (c *Case) inStatement(index int) string {
	return fmt.Sprintf("statement %d of the trust policy of role %s", index+1, quoteName(roleName(c.Event.RoleARN)))
}

// list joins values for a sentence, five of them at most.
func list(values []string) string {
	const most = 5
	quoted := make([]string, 0, most)
	for _, v := range values[:min(len(values), most)] {
		quoted = append(quoted, quote(v))
	}
	if rest := len(values) - most; rest > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(quoted, ", "), rest)
	}
	return strings.Join(quoted, ", ")
}

// quote puts a value, which may be hostile, between quotes for a sentence.
func quote(s string) string { return idp.Quote(s) }

// nearest is the value that takes the fewest edits to become s.
func nearest(values []string, s string) string {
	best, distance := "", -1
	for _, v := range values {
		if d := levenshtein.ComputeDistance(bound(v), bound(s)); distance < 0 || d < distance {
			best, distance = v, d
		}
	}
	return best
}

// bound cuts a text to what is worth comparing.
func bound(s string) string { return s[:min(len(s), 512)] }

// nearestValue is the value of a condition that is nearest to s.
func nearestValue(k *policy.Condition, s string) string {
	if len(k.Values) == 1 {
		return k.Values[0].Value
	}
	return nearest(values(k), s)
}

func values(k *policy.Condition) []string { return textValues(k.Values) }

func editDistance(a, b string) int { return levenshtein.ComputeDistance(bound(a), bound(b)) }

// quoteName is a name as it is where IAM takes it as one of a role, quoted
// otherwise: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
func quoteName(s string) string {
	if len(s) <= 64 && iamName.MatchString(s) {
		return s
	}
	return quote(s)
}

// iamName has the characters that IAM takes in names, and STS in those of
// sessions.
var iamName = lazyregexp.New(`^[\w+=,.@-]+$`)

// lineStart is where the line of an offset begins.
func lineStart(text []byte, offset int) int { return bytes.LastIndexByte(text[:offset], '\n') + 1 }
