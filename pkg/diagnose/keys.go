package diagnose

import "strings"

// keyKind says what a condition key is to a call.
type keyKind uint8

const (
	keyOwn       keyKind = iota // a claim of the token's provider
	keyGlobal                   // aws:… or sts:…
	keyOther                    // a claim of another provider
	keyMalformed                // no usable key
)

// keyReading is a condition key taken apart.
type keyReading struct {
	Kind  keyKind
	Claim string // the claim or the name behind the prefix; "" where there is none
	Host  string // of keyOther: the other provider's
	Fault string // of keyMalformed: what is wrong, in words
}

// readKey reads a condition key in the light of the token's key host. A key
// of a provider is <issuer without https://>:<claim>, path and trailing slash
// of the issuer included (IAM User Guide, reference_policies_iam-condition-keys.html#condition-keys-wif).
func readKey(key, host string) keyReading {
	if claim, ok := cutPrefixFold(key, host); ok && host != "" {
		switch {
		case claim == "":
			return malformed("", "names the provider, but no claim of it")
		case claim == ":":
			return malformed("", "ends in a colon: the claim is missing")
		case claim[0] == ':' && !strings.Contains(claim[1:], ":"):
			return keyReading{Kind: keyOwn, Claim: claim[1:]}
		case claim[0] == ':':
			return malformed(lastClaim(key), "names two claims in a row")
		}
	}
	if fault := keyFault(key, host); fault != "" {
		return malformed(lastClaim(key), fault)
	}
	i := strings.LastIndexByte(key, ':')
	prefix, claim := key[:i], key[i+1:]
	if !strings.ContainsAny(prefix, "./") {
		return keyReading{Kind: keyGlobal, Claim: claim}
	}
	return keyReading{Kind: keyOther, Claim: claim, Host: prefix}
}

// isSubject tells whether a claim is the user whom the record shows.
func (c *Case) isSubject(claim string) bool { return c.IDP.Means(claim, "sub") }

// isAudience tells whether a claim is the audience that the record shows.
func (c *Case) isAudience(claim string) bool { return c.IDP.Means(claim, "aud") }

// subjectKey is the condition key of the subject.
func (c *Case) subjectKey() string { return c.Host + ":" + c.IDP.ClaimFor("sub") }

// audienceKey is the condition key of the audience.
func (c *Case) audienceKey() string { return c.Host + ":" + c.IDP.ClaimFor("aud") }

func malformed(claim, fault string) keyReading {
	return keyReading{Kind: keyMalformed, Claim: claim, Fault: fault}
}

// keyFault says why a text that does not start with the provider's host is no
// key at all, "" where it is one.
func keyFault(key, host string) string {
	switch {
	case hasTemplateResidue(key):
		return "still holds a placeholder that a template should have filled in"
	case strings.Contains(key, "oidc-provider/"), strings.HasPrefix(strings.ToLower(key), "arn:"):
		return "starts with the provider's ARN where the issuer's host belongs"
	case strings.Contains(key, "://"):
		return "starts with https://, which is no part of a condition key"
	case strings.TrimSpace(key) != key:
		return "has white space around it"
	case !strings.Contains(key, ":") && strings.ContainsAny(key, "./"):
		return "names a provider, but no claim of it"
	case !strings.Contains(key, ":"):
		return "names no provider"
	case strings.HasSuffix(key, ":"):
		return "ends in a colon: the claim is missing"
	}
	prefix := key[:strings.LastIndexByte(key, ':')]
	if host != "" && prefix != host && strings.EqualFold(strings.Trim(prefix, "/"), strings.Trim(host, "/")) {
		if strings.HasSuffix(host, "/") {
			return "lacks the slash at the end of the issuer"
		}
		return "has a slash that the issuer does not have"
	}
	return ""
}

// hasTemplateResidue finds what is left of Go templates, Terraform,
// CloudFormation, shells and documentation when nobody filled it in.
func hasTemplateResidue(s string) bool {
	for _, mark := range []string{"${", "{{", "{.", "$(", "<", "%s", "__"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}

// lastClaim is the last part of a key, where it is one of the claims that
// every provider has.
func lastClaim(key string) string {
	last := key[strings.LastIndexByte(key, ':')+1:]
	for _, claim := range []string{"sub", "aud", "amr", "oaud", "email"} {
		if strings.EqualFold(last, claim) {
			return claim
		}
	}
	return ""
}

// repairKey is the key that a malformed or foreign one should be: the claim it
// names, or the one whose value its values mean.
func (c *Case) repairKey(f Failure) (key, claim string) {
	claim = f.Key.Claim
	if claim == "" {
		claim = "sub"
		for _, v := range f.Condition.Values {
			if c.Event.HasAudience && v.Value == c.Event.Audience {
				claim = "aud"
			}
		}
	}
	return c.Host + ":" + claim, claim
}
