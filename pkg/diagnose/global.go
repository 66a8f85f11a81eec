package diagnose

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// sts is what is known of a key of STS itself.
func (k *call) sts(name string) policy.Values {
	switch strings.ToLower(name) {
	case "rolesessionname":
		return k.present(k.c.Event.SessionName)
	case "sourceidentity":
		if s := k.sourceIdentity(); s != "" {
			return k.exactly(s)
		}
		return k.unlessToken()
	case "transitivetagkeys":
		if len(k.c.Event.TransitiveTagKeys) > 0 {
			return policy.Values{State: policy.Present, Multi: true, List: k.c.Event.TransitiveTagKeys}
		}
		return k.unlessToken()
	case "roleauthorizedbyidp":
		if k.c.Options.Claims == nil {
			return policy.Values{}
		}
		_, listed := k.c.Options.Claims[claimRoles]
		return k.exactly(strconv.FormatBool(listed))
	}
	return policy.Values{State: policy.Absent} // sts:ExternalId and the like are not keys of this action
}

// global is what is known of a global key, by its name without "aws:"
// (IAM User Guide, reference_policies_condition-keys.html). The caller has no
// AWS principal, so the keys about one are absent.
func (k *call) global(name string) policy.Values {
	ev := k.c.Event
	low := strings.ToLower(name)
	switch low {
	case "federatedprovider":
		return k.present(ev.Provider)
	case "sourceip":
		return k.sourceIP()
	case "useragent":
		return k.present(ev.UserAgent)
	case "currenttime":
		return k.present(ev.Time.UTC().Format(time.RFC3339))
	case "epochtime":
		return k.present(strconv.FormatInt(ev.Time.Unix(), 10))
	case "securetransport":
		return k.present("true")
	case "requestedregion":
		return k.present(ev.Region)
	case "viaawsservice", "principalisawsservice":
		return k.present("false")
	case "resourceaccount":
		return k.present(ev.AccountID)
	case "sourcevpce":
		return k.endpoint(ev.VPCEndpoint)
	case "tagkeys":
		if keys := k.tagKeys(); len(keys) > 0 {
			return policy.Values{State: policy.Present, Multi: true, List: keys}
		}
		return k.unlessToken()
	}
	return k.otherGlobal(low, name)
}

func (k *call) otherGlobal(low, name string) policy.Values {
	if tag, ok := strings.CutPrefix(low, "requesttag/"); ok {
		return k.requestTag(tag)
	}
	if strings.HasPrefix(low, "resourcetag/") {
		if k.c.Role.Value.Tags == nil {
			return policy.Values{}
		}
		for key, v := range k.c.Role.Value.Tags {
			if strings.EqualFold(key, name[len("resourcetag/"):]) {
				return k.exactly(v)
			}
		}
		return policy.Values{State: policy.Absent}
	}
	switch {
	case strings.HasPrefix(low, "principal"), strings.HasPrefix(low, "multifactor"),
		slices.Contains([]string{"userid", "username", "tokenissuetime", "sourceaccount", "sourcearn", "sourceorgid", "sourceorgpaths", "sourceidentity", "calledvia", "calledviafirst", "calledvialast"}, low):
		return policy.Values{State: policy.Absent}
	case low == "sourcevpc", low == "vpcsourceip":
		return k.endpoint("")
	}
	return policy.Values{}
}

// endpoint is a key that is in the request only through a VPC endpoint.
func (k *call) endpoint(v string) policy.Values {
	if k.c.Event.VPCEndpoint == "" {
		return policy.Values{State: policy.Absent}
	}
	return k.present(v)
}

func (k *call) sourceIP() policy.Values {
	if k.c.Event.VPCEndpoint != "" {
		return policy.Values{State: policy.Absent} // aws:VpcSourceIp takes its place
	}
	if _, err := netip.ParseAddr(k.c.Event.SourceIP); err != nil {
		return policy.Values{} // the name of a service, or nothing
	}
	return k.exactly(k.c.Event.SourceIP)
}
