package diagnose

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
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
	return policy.AbsentValue
}

// unlessEmpty is a value that the request has, hidden where the record lacks it.
func unlessEmpty(v string) policy.Values {
	if v == "" {
		return policy.HiddenValue
	}
	return policy.Value(v)
}

// known is a value where it is known, hidden otherwise.
func known(list []string, ok bool) policy.Values {
	if !ok {
		return policy.HiddenValue
	}
	return policy.Values{State: policy.Present, List: list}
}

// claim is what is known of a claim of the token's own provider. Login with
// Amazon and Facebook have names of their own for the user and the application,
// which the record gives as subject and audience.
func (k *call) claim(name string) policy.Values {
	switch {
	case k.c.offersSubject && strings.EqualFold(name, "sub"):
		return known(k.subject[:], k.subject[0] != "")
	case k.c.offersAudience && strings.EqualFold(name, "aud"):
		return known(k.audience[:], k.c.Event.HasAudience)
	}
	offer := k.c.IDP.Offers(name, k.c.Event.Time)
	if offer.State != idp.Offered {
		return policy.AbsentValue // STS drops every other claim
	}
	switch {
	case k.c.isSubject(name):
		return known(k.subject[:], k.subject[0] != "")
	case k.c.isAudience(name):
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
			return policy.Value(d.Value)
		}
		context = context || d.Name == "ref" || d.Name == "context"
	}
	if context && strings.EqualFold(claim, "environment") {
		return policy.AbsentValue // a job with an environment has it in its subject
	}
	return policy.HiddenValue
}

// claimValues reads a claim of a token that is at hand.
// The key oaud is the token's own aud, whatever stands in azp.
func claimValues(claims map[string]any, name string, multi bool) policy.Values {
	if strings.EqualFold(name, "oaud") {
		name = "aud"
	}
	list := texts(claims[strings.ToLower(name)]) // the claims that are keys are written small
	if len(list) == 0 {
		return policy.AbsentValue
	}
	return policy.Values{State: policy.Present, List: list, Multi: multi || len(list) > 1}
}

// texts is a claim's value as condition keys hold it, nil for null.
func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
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

// unlessToken is absent where the token was seen, and hidden otherwise.
func (k *call) unlessToken() policy.Values {
	if k.c.Options.Claims != nil {
		return policy.AbsentValue
	}
	return policy.HiddenValue
}

// Request is the call of an event as a trust policy sees it, for the action
// sts:AssumeRoleWithWebIdentity. With Options.Claims every claim is known: those
// that are not among them are absent.
func Request(ev *cloudtrail.Event, o Options) *policy.Request {
	return newCase(ev, o).request(actionAssume)
}

// Requests is Request for many tokens of the provider of one event: what the
// event tells of its provider is looked up once. The event and the options give
// everything but the subject, the audience and the claims. The request that it
// returns is good until the next is asked for.
func Requests(ev *cloudtrail.Event, o Options) func(subject, audience string, claims map[string]any) *policy.Request {
	k := newCase(ev, o).call
	return func(subject, audience string, claims map[string]any) *policy.Request {
		k.subject[0], k.audience[0] = subject, audience
		k.c.Options.Claims = claims
		return k.request(actionAssume)
	}
}
