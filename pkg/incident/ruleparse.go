package incident

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Bounds of rules. A parameter of Systems Manager holds 8 KB at most.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const (
	mostRules    = 200
	mostSource   = 64 << 10 // bytes of all
	mostTold     = 100      // faults
	mostRuleText = 512      // bytes of a pattern, or of a reason
)

const sampleRule = `{"role": "deploy-*", "until": "2026-12-31"}`

// ParseRules reads a JSON list of rules, each an object of strings: "role",
// "provider", "subject" and "cause" are patterns, of which a rule needs one;
// "until" is required, a time (RFC 3339) or a date, whose day is included, in
// UTC; "why" is free. The error names every fault with its place, a line each;
// then there are no rules.
func ParseRules(src []byte) ([]Rule, error) {
	if len(src) > mostSource {
		return nil, fmt.Errorf("line 1, column 1: the rules have %d bytes; at most %d are taken", len(src), mostSource)
	}
	p := &ruleParser{src: src}
	values := p.list()
	if len(p.faults) == 0 && len(values) > mostRules {
		p.fault(0, "%d rules are too many; at most %d are taken", len(values), mostRules)
		values = nil
	}
	rules := make([]Rule, 0, len(values))
	for n, v := range values {
		p.rule = n + 1
		rules = append(rules, p.parse(v))
	}
	if err := errors.Join(p.faults...); err != nil {
		return nil, err
	}
	return rules, nil
}

// ruleParser collects faults as it goes.
type ruleParser struct {
	src    []byte
	rule   int // that is being read, from 1; 0: none yet
	faults []error
}

// value is JSON text with its offset in the source.
type value struct {
	raw json.RawMessage
	at  int
}

// fault notes what is wrong at an offset. Of too many faults the first are told.
func (p *ruleParser) fault(at int, format string, args ...any) {
	if len(p.faults) > mostTold {
		return
	}
	if len(p.faults) == mostTold {
		format, args = "there are more faults from here on", nil
	}
	before := p.src[:min(max(at, 0), len(p.src))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	place := fmt.Sprintf("line %d, column %d", line, column)
	if p.rule > 0 {
		place = fmt.Sprintf("rule %d, ", p.rule) + place
	}
	p.faults = append(p.faults, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

// list returns the elements of the source, none where it is no list.
func (p *ruleParser) list() []value {
	var all any
	err := json.Unmarshal(p.src, &all)
	var syntax *json.SyntaxError
	switch _, ok := all.([]any); {
	case errors.As(err, &syntax):
		p.fault(int(syntax.Offset)-1, "this is no JSON: %v", err)
	case !utf8.Valid(p.src):
		p.fault(firstInvalid(p.src), "this is no UTF-8")
	case !ok:
		p.fault(0, "a list of rules is expected, such as [%s]", sampleRule)
	default:
		return elements(p.src)
	}
	return nil
}

// firstInvalid is where text stops being UTF-8.
func firstInvalid(src []byte) int {
	at := 0
	for at < len(src) {
		r, size := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// elements are those of a valid JSON list.
func elements(list []byte) (all []value) {
	d := json.NewDecoder(bytes.NewReader(list))
	d.Token()
	for d.More() {
		all = append(all, next(d))
	}
	return all
}

// next is the value that the decoder is before, in text that is valid.
func next(d *json.Decoder) value {
	var raw json.RawMessage
	d.Decode(&raw)
	return value{raw, int(d.InputOffset()) - len(raw)}
}

// parse reads one rule.
func (p *ruleParser) parse(v value) (r Rule) {
	if v.raw[0] != '{' {
		p.fault(v.at, "a rule is an object, such as %s", sampleRule)
		return r
	}
	before, seen := len(p.faults), map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(v.raw))
	d.Token()
	for d.More() {
		at := v.at + int(d.InputOffset())
		at += len(p.src[at:]) - len(bytes.TrimLeft(p.src[at:], ", \t\r\n"))
		name, _ := d.Token()
		member := next(d)
		member.at += v.at
		p.member(&r, seen, name.(string), at, member)
	}
	if len(p.faults) == before {
		p.whole(r, seen, v.at)
	}
	return r
}

// whole looks for what a rule lacks.
func (p *ruleParser) whole(r Rule, seen map[string]bool, at int) {
	if !seen["until"] {
		p.fault(at, `"until" is missing: say when the rule ends, such as "2026-12-31"`)
	}
	if r.Role+r.Provider+r.Subject+r.Cause == "" {
		p.fault(at, `there is no pattern: give one of "role", "provider", "subject" and "cause"`)
	}
}

// text is that of a JSON string.
func text(v value) (s string) {
	json.Unmarshal(v.raw, &s) // it is known to be a string
	return s
}

// member reads one member of a rule, whose name is at an offset.
func (p *ruleParser) member(r *Rule, seen map[string]bool, name string, at int, v value) {
	if seen[name] {
		p.fault(at, "%.40q is given twice", name)
	}
	seen[name] = true
	fields := map[string]*string{"role": &r.Role, "provider": &r.Provider, "subject": &r.Subject, "cause": &r.Cause, "why": &r.Why}
	field, ok := fields[name]
	switch {
	case !ok && name != "until":
		p.fault(at, `%.40q is no member of a rule; "role", "provider", "subject", "cause", "until" and "why" are`, name)
	case v.raw[0] != '"':
		p.fault(v.at, "%q is to be a string", name)
	case len(text(v)) > mostRuleText:
		p.fault(v.at, "%q is longer than %d bytes", name, mostRuleText)
	case strings.TrimSpace(text(v)) == "":
		p.fault(v.at, "%q is empty; leave it out where it does not matter", name)
	case name == "until":
		p.until(r, v)
	case name == "cause" && !isCause(text(v)):
		p.fault(v.at, `%.60q matches no cause; "rolewhy causes" lists them`, text(v))
	default:
		*field = text(v)
	}
}

// until reads the end of a rule. That of a date is the last moment of the day,
// so that it is shown as the same date.
func (p *ruleParser) until(r *Rule, v value) {
	if day, err := time.Parse(time.DateOnly, text(v)); err == nil {
		r.Until = day.AddDate(0, 0, 1).Add(-1)
		return
	}
	at, err := time.Parse(time.RFC3339, text(v))
	if err != nil {
		p.fault(v.at, `%.60q is no time; write it as 2026-12-31 or 2026-12-31T18:00:00Z`, text(v))
	}
	r.Until = at.UTC()
}

// isCause is whether a pattern matches the code of any cause.
func isCause(pattern string) bool {
	return slices.ContainsFunc(diagnose.Checks, func(c *diagnose.Check) bool { return policy.Like(pattern, string(c.Code)) })
}
