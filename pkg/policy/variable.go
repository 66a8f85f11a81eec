package policy

import (
	"strings"
	"unicode/utf8"
)

// Policy variables stand in the values of String and Arn operators, and in
// Resource, of documents of Version 2012-10-17.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

// expansion tells what the replaced variables of a value leave uncertain.
type expansion struct {
	reason Reason // why the value is not known in full: UnresolvedVariable, HiddenVariable, MultivaluedVariable, or none
	soft   bool   // a variable brought in * or ?
}

// hasVariable reports whether a value may hold a policy variable.
func hasVariable(value string) bool { return strings.Contains(value, "${") }

// cutVariable splits text behind the first complete ${…} in it. Without one,
// such as in "${" alone, rest is empty and ok false: IAM's documentation does
// not say what an unfinished variable is, so it stands for itself.
func cutVariable(text string) (before, name, rest string, ok bool) {
	start := strings.Index(text, "${")
	if start < 0 {
		return text, "", "", false
	}
	length := strings.IndexByte(text[start:], '}')
	if length < 0 {
		return text, "", "", false
	}
	return text[:start], text[start+2 : start+length], text[start+length+1:], true
}

// cutDefault splits ${key, 'default'}.
func cutDefault(name string) (key, fallback string, ok bool) {
	key, fallback, ok = strings.Cut(name, ",")
	key = strings.TrimSpace(key)
	fallback = strings.TrimSpace(fallback)
	if !ok || len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return key, "", false
	}
	return key, fallback[1 : len(fallback)-1], true
}

// expand appends a value to tokens, its variables replaced. wild tells whether *
// and ? of the policy are wildcards. The tokens are handed from one function to
// the next, not kept in a struct, so that a buffer of the caller's stays on its
// stack.
func (r *Request) expand(tokens []rune, value string, wild bool) ([]rune, expansion) {
	var e expansion
	for {
		before, name, rest, ok := cutVariable(value)
		tokens = appendTokens(tokens, before, wild, anyToken, oneToken)
		if !ok {
			return tokens, e
		}
		tokens = r.appendVariable(tokens, &e, name, wild)
		value = rest
	}
}

func (r *Request) appendVariable(tokens []rune, e *expansion, name string, wild bool) []rune {
	switch name {
	case "*", "?", "$":
		return append(tokens, rune(name[0]))
	}
	key, fallback, hasDefault := cutDefault(name)
	got := r.Condition(key)
	value, reason := fallback, NoReason
	switch {
	case got.State == Hidden:
		reason = HiddenVariable
	case got.State == Present && (got.Multi || len(got.List) != 1):
		reason = MultivaluedVariable
	case got.State == Present:
		value = got.List[0]
	case !hasDefault:
		reason = UnresolvedVariable
	}
	if reason != NoReason {
		if e.reason != UnresolvedVariable { // one without any value decides the matter
			e.reason = reason
		}
		return append(tokens, openToken)
	}
	e.soft = e.soft || wild && hasWildcard(value)
	return appendTokens(tokens, value, wild, softAnyToken, softOneToken)
}

// appendTokens appends s with the given tokens for * and ? where these are wild.
func appendTokens(tokens []rune, s string, wild bool, star, question rune) []rune {
	for i, c := range s {
		switch {
		case wild && c == '*':
			c = star
		case wild && c == '?':
			c = question
		case c == utf8.RuneError:
			c = strictRune(s[i:])
		}
		tokens = append(tokens, c)
	}
	return tokens
}

// expandText is the value as a reader would write it, with what could not be
// replaced left as it stands in the policy.
func (r *Request) expandText(value string) string {
	var b strings.Builder
	for {
		before, name, rest, ok := cutVariable(value)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		key, fallback, hasDefault := cutDefault(name)
		switch got := r.Condition(key); {
		case name == "*" || name == "?" || name == "$":
			b.WriteString(name)
		case got.State == Present && !got.Multi && len(got.List) == 1:
			b.WriteString(got.List[0])
		case got.State == Absent && hasDefault:
			b.WriteString(fallback)
		default:
			b.WriteString("${" + name + "}")
		}
		value = rest
	}
}
