package cloudtrail

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// withoutTokens puts [token] in the place of every JSON Web Token in a text.
// CloudTrail leaves out the parameter that is for the token; who passes it in
// the place of another one has it in the record, and in the error about that
// one. A name that only looks like a token stays, as policies are compared with
// it.
func withoutTokens(text string) string {
	at := strings.Index(text, tokenStart)
	if at < 0 {
		return text
	}
	var b strings.Builder
	for ; at >= 0; at = strings.Index(text, tokenStart) {
		b.WriteString(text[:at])
		n := tokenLen(text[at:])
		if n == 0 {
			n = len(tokenStart)
			b.WriteString(tokenStart)
		} else {
			b.WriteString("[token]")
		}
		text = text[at+n:]
	}
	return b.String() + text
}

// tokenStart is `{"` in base64, which every header of a token begins with.
const tokenStart = "eyJ"

// tokenLen is the length of the token that text begins with, be it cut off; 0
// where it begins with none.
// https://www.rfc-editor.org/rfc/rfc7515#section-7.1
func tokenLen(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '.' && !strings.ContainsRune(base64URL, r) })
	if end < 0 {
		end = len(text)
	}
	first, rest, _ := strings.Cut(text[:end], ".")
	header, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || rest == "" || !json.Valid(header) || !bytes.Contains(header, []byte(`"alg"`)) {
		return 0
	}
	return end
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
