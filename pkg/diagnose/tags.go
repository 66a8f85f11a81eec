package diagnose

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func (k *call) requestTag(low string) policy.Values {
	for _, t := range k.c.Event.PrincipalTags {
		if strings.EqualFold(t.Key, low) {
			return policy.Value(t.Value)
		}
	}
	for key, v := range tokenTags(k.c.Options.Claims) {
		if strings.EqualFold(key, low) {
			return policy.Value(v)
		}
	}
	if k.tagged() {
		return policy.AbsentValue
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
