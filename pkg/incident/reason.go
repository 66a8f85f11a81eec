package incident

import (
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// reason is why a call failed where that lies with the provider, so that it is
// likely to be the same for many roles; "" where it lies with the role. Equal
// reasons of one provider in one account are one fault.
func reason(r *report.Report) string {
	cause := mainCause(r)
	if cause == "" || r.Verdict != report.Explained || r.Caller == report.Stranger || r.Event.Provider == "" {
		return ""
	}
	f := &r.Findings[0]
	switch cause {
	case "provider-not-found", "provider-audience-not-registered", "provider-thumbprint-mismatch", "provider-unreachable":
		return string(cause)
	case "principal-mismatch": // the cluster was replaced: all roles trust the provider of the old one
		if cloudtrail.KeyHost(f.Expected) != "" {
			return string(cause) + " " + f.Expected
		}
	case "subject-mismatch":
		return renamed(cloudtrail.KeyHost(r.Event.Provider), f)
	}
	return ""
}

// renamed is the reason where subjects of an owner came to be written in
// another way: under another name, or with ids.
func renamed(host string, f *report.Finding) string {
	p := idp.FindFor(host, f.Actual)
	got, ok := p.Owner(f.Actual)
	want, literal := p.OwnerOfPattern(f.Expected)
	if !ok || !literal || got.Name == "" {
		return ""
	}
	if want.Name != got.Name {
		return "owner " + want.Name + " is " + got.Name
	}
	for _, h := range p.Compare(f.Expected, f.Actual, f.Pattern) {
		if h.Kind == idp.KindImmutable {
			return h.Kind + " " + got.Name
		}
	}
	return ""
}
