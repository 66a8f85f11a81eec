package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// ShellQuote quotes s as one word for a shell. Words that need no quotes come
// back as they are. Characters that a reader could not see, line feeds among
// them, are spelled in octal within $'…', which POSIX took up in 2024 and
// bash, zsh and ksh have always known; everything else is within '…'.
func ShellQuote(s string) string {
	if bareWord.MatchString(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		n := strings.IndexFunc(s, unquotable)
		if n == 0 {
			n = len(s) - len(strings.TrimLeftFunc(s, unquotable))
			writeOctal(&b, s[:n])
		} else {
			if n < 0 {
				n = len(s)
			}
			b.WriteString("'" + strings.ReplaceAll(s[:n], "'", `'\''`) + "'")
		}
		s = s[n:]
	}
	if b.Len() == 0 {
		return "''"
	}
	return b.String()
}

// unquotable takes in bytes that are not UTF-8: some are controls elsewhere.
func unquotable(r rune) bool { return r == utf8.RuneError || invisible(r) }

var bareWord = lazyregexp.New(`^[A-Za-z0-9_/:@.,+][A-Za-z0-9_/:@.,+=-]*$`)

func writeOctal(b *strings.Builder, s string) {
	b.WriteString("$'")
	for i := range len(s) {
		fmt.Fprintf(b, `\%03o`, s[i])
	}
	b.WriteString("'")
}

// isRoleName is IAM's own rule.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
func isRoleName(s string) bool { return len(s) <= 64 && iamName.MatchString(s) }

var iamName = lazyregexp.New(`^[\w+=,.@-]+$`)

// policyCommand is the command of the AWS CLI that gives the role a trust
// policy, "" where role is no role or the policy no JSON.
func policyCommand(role, policy string) string {
	name := roleName(role)
	document, err := compactJSON(policy)
	if err != nil || !isRoleName(name) {
		return ""
	}
	option := "--role-name " + name
	if strings.HasPrefix(name, "-") {
		option = "--role-name=" + name
	}
	return "aws iam update-assume-role-policy " + option + " --policy-document " + ShellQuote(document)
}

func compactJSON(src string) (string, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(src)); err != nil {
		return "", fmt.Errorf("compact policy: %w", err)
	}
	return string(escapeJSON(b.Bytes())), nil
}

// roleName is the last part of a role's ARN, "" where it is not one.
func roleName(arn string) string {
	_, path, ok := strings.Cut(arn, ":role/")
	if !ok {
		return ""
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}
