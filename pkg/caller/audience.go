package caller

// Audience is the claim that STS compares with the client ids of the provider
// and puts into the condition key aud: azp where the token has one. Of several
// audiences it is the first, though what STS makes of those is not documented.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func Audience(claims map[string]any) (audience string, ok bool) {
	if azp, ok := claims["azp"].(string); ok && azp != "" {
		return azp, true
	}
	all := Audiences(claims)
	if len(all) == 0 {
		return "", false
	}
	return all[0], true
}

// Audiences are the values of the claim aud, which is text or a list of texts
// (RFC 7519, section 4.1.3).
func Audiences(claims map[string]any) (all []string) {
	switch aud := claims["aud"].(type) {
	case string:
		return []string{aud}
	case []any:
		for _, v := range aud {
			if s, ok := v.(string); ok {
				all = append(all, s)
			}
		}
	}
	return all
}
