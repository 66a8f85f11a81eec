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
		return unlessEmpty(k.c.Event.SessionName)
	case "sourceidentity":
		if s := k.sourceIdentity(); s != "" {
			return policy.Value(s)
		}
		return k.unlessToken()
	case "transitivetagkeys":
		if len(k.c.Event.TransitiveTagKeys) > 0 {
			return policy.Values{State: policy.Present, Multi: true, List: k.c.Event.TransitiveTagKeys}
		}
		return k.unlessToken()
	case "roleauthorizedbyidp":
		if k.c.Options.Claims == nil {
			return policy.HiddenValue
		}
		_, listed := k.c.Options.Claims[claimRoles]
		return policy.Value(strconv.FormatBool(listed))
	}
	return policy.AbsentValue // sts:ExternalId and the like are not keys of this action
}

// global is what is known of a global key, by its name without "aws:"
// (IAM User Guide, reference_policies_condition-keys.html). The caller has no
// AWS principal, so the keys about one are absent.
func (k *call) global(name string) policy.Values {
	ev := k.c.Event
	low := strings.ToLower(name)
	switch low {
	case "federatedprovider":
		return unlessEmpty(ev.Provider)
	case "sourceip":
		return k.sourceIP()
	case "useragent":
		return unlessEmpty(ev.UserAgent)
	case "currenttime", "epochtime":
		return k.time(low)
	case "securetransport":
		return policy.Value("true")
	case "requestedregion":
		return unlessEmpty(ev.Region)
	case "viaawsservice", "principalisawsservice":
		return policy.Value("false")
	case "resourceaccount":
		return unlessEmpty(ev.AccountID)
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

// time is when the call was made, as a date or in seconds since 1970.
func (k *call) time(name string) policy.Values {
	at := k.c.Event.Time
	switch {
	case at.IsZero():
		return policy.HiddenValue
	case name == "epochtime":
		return policy.Value(strconv.FormatInt(at.Unix(), 10))
	}
	return policy.Value(at.UTC().Format(time.RFC3339))
}

func (k *call) otherGlobal(low, name string) policy.Values {
	if tag, ok := strings.CutPrefix(low, "requesttag/"); ok {
		return k.requestTag(tag)
	}
	if strings.HasPrefix(low, "resourcetag/") {
		if k.c.Role.Value.Tags == nil {
			return policy.HiddenValue
		}
		for key, v := range k.c.Role.Value.Tags {
			if strings.EqualFold(key, name[len("resourcetag/"):]) {
				return policy.Value(v)
			}
		}
		return policy.AbsentValue
	}
	switch {
	case strings.HasPrefix(low, "principal"), strings.HasPrefix(low, "multifactor"),
		slices.Contains([]string{"userid", "username", "tokenissuetime", "sourceaccount", "sourcearn", "sourceorgid", "sourceorgpaths", "sourceidentity", "calledvia", "calledviafirst", "calledvialast"}, low):
		return policy.AbsentValue
	case low == "sourcevpc", low == "vpcsourceip":
		return k.endpoint("")
	}
	return policy.HiddenValue
}

// endpoint is a key that is in the request only through a VPC endpoint.
func (k *call) endpoint(v string) policy.Values {
	if k.c.Event.VPCEndpoint == "" {
		return policy.AbsentValue
	}
	return unlessEmpty(v)
}

func (k *call) sourceIP() policy.Values {
	if k.c.Event.VPCEndpoint != "" {
		return policy.AbsentValue // aws:VpcSourceIp takes its place
	}
	if _, err := netip.ParseAddr(k.c.Event.SourceIP); err != nil {
		return policy.HiddenValue // the name of a service, or nothing
	}
	return policy.Value(k.c.Event.SourceIP)
}
