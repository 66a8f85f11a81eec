package diagnose

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Claims that STS reads from a token beside those it offers as keys
// (IAM User Guide: id_session-tags.html, id_credentials_temp_control-access_monitor.html).
const (
	claimTags   = "https://aws.amazon.com/tags"
	claimSource = "https://aws.amazon.com/source_identity"
	claimRoles  = "https://aws.amazon.com/roles"
)

// call is the request context of one call: of the denied one, or of a
// neighbour that differs from it in the subject or the audience.
type call struct {
	c         *Case
	subject   [1]string // "" where the record does not tell; a list, as condition keys want it
	audience  [1]string
	derived   []idp.Derived // of derivedOf, read off it when first asked for
	derivedOf string
	req       policy.Request
}

func newCall(c *Case, subject string) *call {
	k := &call{c: c, subject: [1]string{subject}, audience: [1]string{c.Event.Audience}}
	k.req = policy.Request{Principal: c.Event.Provider, RoleARN: c.Event.RoleARN, Condition: k.value}
	return k
}

// as turns the call into the same one by another subject.
func (k *call) as(subject string) { k.subject[0] = subject }

// request is the call with one of the actions it needs. The value is reused.
func (k *call) request(action string) *policy.Request {
	k.req.Action = action
	return &k.req
}

// value tells what is known of a condition key in this call. The keys are
// those of the IAM User Guide, reference_policies_iam-condition-keys.html.
func (k *call) value(key string) policy.Values {
	for name, list := range k.c.Options.Context {
		if strings.EqualFold(name, key) {
			return policy.Values{State: policy.Present, List: list, Multi: len(list) > 1}
		}
	}
	if claim, ok := cutPrefixFold(key, k.c.Host); ok && strings.HasPrefix(claim, ":") && k.c.Host != "" {
		return k.claim(claim[1:])
	}
	prefix, name, _ := strings.Cut(key, ":")
	switch {
	case strings.EqualFold(prefix, "aws"):
		return k.global(name)
	case strings.EqualFold(prefix, "sts"):
		return k.sts(name)
	}
	return policy.Values{State: policy.Absent}
}

func (k *call) present(v string) policy.Values {
	if v == "" {
		return policy.Values{}
	}
	return k.exactly(v)
}

func (k *call) exactly(v string) policy.Values { return policy.Value(v) }

// known is a value where it is known, hidden otherwise.
func known(list []string, ok bool) policy.Values {
	if !ok {
		return policy.Values{}
	}
	return policy.Values{State: policy.Present, List: list}
}

// claim is what is known of a claim of the token's own provider. Login with
// Amazon and Facebook have names of their own for the user and the application,
// which the record gives as subject and audience.
func (k *call) claim(name string) policy.Values {
	offer := k.c.IDP.Offers(name, k.c.Event.Time)
	if offer.State != idp.Offered {
		return policy.Values{State: policy.Absent} // STS drops every other claim
	}
	switch strings.ToLower(name) {
	case "sub", "id", "user_id":
		return known(k.subject[:], k.subject[0] != "")
	case "aud", "app_id":
		return known(k.audience[:], k.c.Event.HasAudience)
	}
	if k.c.Options.Claims != nil {
		return claimValues(k.c.Options.Claims, name, offer.Multi)
	}
	return k.readOff(name)
}

// readOff is what the subject tells of another claim of the token.
func (k *call) readOff(claim string) policy.Values {
	if k.derived == nil || k.derivedOf != k.subject[0] {
		k.derived, k.derivedOf = k.c.IDP.Derived(k.subject[0]), k.subject[0]
	}
	context := false
	for _, d := range k.derived {
		if d.Claim != "" && strings.EqualFold(d.Claim, claim) {
			return k.exactly(d.Value)
		}
		context = context || d.Name == "ref" || d.Name == "context"
	}
	if context && strings.EqualFold(claim, "environment") {
		return policy.Values{State: policy.Absent} // a job with an environment has it in its subject
	}
	return policy.Values{}
}

// claimValues reads a claim of a token that is at hand.
// The key oaud is the token's own aud, whatever stands in azp.
func claimValues(claims map[string]any, name string, multi bool) policy.Values {
	if strings.EqualFold(name, "oaud") {
		name = "aud"
	}
	for claim, v := range claims {
		if strings.EqualFold(claim, name) {
			list := texts(v)
			return policy.Values{State: policy.Present, List: list, Multi: multi || len(list) > 1}
		}
	}
	return policy.Values{State: policy.Absent}
}

// texts is a claim's value as condition keys hold it.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, texts(e)...)
		}
		return all
	case bool:
		return []string{strconv.FormatBool(v)}
	case json.Number:
		return []string{v.String()}
	}
	return []string{fmt.Sprint(v)}
}

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

// unlessToken is absent where the token was seen, and hidden otherwise.
func (k *call) unlessToken() policy.Values {
	if k.c.Options.Claims != nil {
		return policy.Values{State: policy.Absent}
	}
	return policy.Values{}
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

func (k *call) requestTag(low string) policy.Values {
	for _, t := range k.c.Event.PrincipalTags {
		if strings.EqualFold(t.Key, low) {
			return k.exactly(t.Value)
		}
	}
	for key, v := range tokenTags(k.c.Options.Claims) {
		if strings.EqualFold(key, low) {
			return k.exactly(v)
		}
	}
	if k.tagged() {
		return policy.Values{State: policy.Absent}
	}
	return k.unlessToken()
}

// tagged tells whether the token is known to carry session tags.
func (k *call) tagged() bool {
	return len(k.c.Event.PrincipalTags) > 0 || len(tokenTags(k.c.Options.Claims)) > 0
}

func (k *call) tagKeys() []string {
	var keys []string
	for _, t := range k.c.Event.PrincipalTags {
		keys = append(keys, t.Key)
	}
	if len(keys) == 0 {
		for key := range tokenTags(k.c.Options.Claims) {
			keys = append(keys, key)
		}
		slices.Sort(keys)
	}
	return keys
}

// tokenTags reads the session tags of a token, in the nested form of the claim
// or in the flattened one.
func tokenTags(claims map[string]any) map[string]string {
	var tags map[string]string
	add := func(key string, v any) {
		if list := texts(v); len(list) > 0 {
			if tags == nil {
				tags = map[string]string{}
			}
			tags[key] = list[0]
		}
	}
	if nested, ok := claims[claimTags].(map[string]any); ok {
		if m, ok := nested["principal_tags"].(map[string]any); ok {
			for key, v := range m {
				add(key, v)
			}
		}
	}
	for name, v := range claims {
		if key, ok := strings.CutPrefix(name, claimTags+"/principal_tags/"); ok {
			add(key, v)
		}
	}
	return tags
}

// sourceIdentity is the source identity that the token sets, "" where none is
// known.
func (k *call) sourceIdentity() string {
	if k.c.Event.SourceIdentity != "" {
		return k.c.Event.SourceIdentity
	}
	s, _ := k.c.Options.Claims[claimSource].(string)
	return s
}
