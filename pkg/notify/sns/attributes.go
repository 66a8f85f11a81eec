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
// "none" stands for what the notice does not have.
func attributes(n *notify.Notice) map[string]attribute {
	values := incidentAttributes(n)
	if n.Report != nil {
		values = reportAttributes(n.Report)
	}
	values["kind"] = string(n.Kind)
	all := make(map[string]attribute, len(values))
	for name, value := range values {
		value = notify.Cut(notify.Clean(value), maxValue, "")
		all[name] = attribute{"String", cmp.Or(value, "none")}
	}
	return all
}

func reportAttributes(r *report.Report) map[string]string {
	first := report.Finding{}
	if len(r.Findings) > 0 {
		first = r.Findings[0]
	}
	return map[string]string{
		"cause":     string(first.Code),
		"certainty": string(first.Certainty),
		"caller":    string(r.Caller),
		"account":   r.Event.Account,
		"role":      r.Event.Role,
		"provider":  r.Event.Provider,
	}
}

func incidentAttributes(n *notify.Notice) map[string]string {
	i := &n.Incident
	caller := ""
	if n.Kind == notify.Security {
		caller = string(report.Stranger)
	}
	return map[string]string{
		"cause": string(i.Cause), "certainty": "", "caller": caller,
		"account": i.Account, "role": i.Role, "provider": i.Provider,
	}
}
