package sns

import (
	"cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// maxValue bounds the value of an attribute, in bytes. A role's ARN is at most
// 624 characters long.
const maxValue = 1000

// attributes are what subscriptions can filter by. SNS takes no empty value;
// "none" stands for what the report does not have.
func attributes(r *report.Report) map[string]attribute {
	first := report.Finding{}
	if len(r.Findings) > 0 {
		first = r.Findings[0]
	}
	values := map[string]string{
		"cause":     string(first.Code),
		"certainty": string(first.Certainty),
		"caller":    string(r.Caller),
		"account":   r.Event.Account,
		"role":      r.Event.Role,
		"provider":  r.Event.Provider,
	}
	all := make(map[string]attribute, len(values))
	for name, value := range values {
		value = notify.Cut(notify.Clean(value), maxValue, "")
		all[name] = attribute{"String", cmp.Or(value, "none")}
	}
	return all
}
