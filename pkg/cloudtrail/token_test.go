package cloudtrail

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestTokensAreLeftOut(t *testing.T) {
	part := base64.RawURLEncoding.EncodeToString
	header, claims := part([]byte(`{"alg":"RS256","kid":"k"}`)), part([]byte(`{"sub":"s"}`))
	token := header + "." + claims + ".c2lnbmF0dXJl"
	tests := []struct{ name, text, want string }{
		{"alone", token, "[token]"},
		{"within a text", "Value '" + token + "' at 'roleSessionName'", "Value '[token]' at 'roleSessionName'"},
		{"cut off", token[:len(header)+4], "[token]"},
		{"two", token + " " + token, "[token] [token]"},
		{"a name that looks like one", "eyJohnson-storefront.github-pages.x", "eyJohnson-storefront.github-pages.x"},
		{"JSON that is no header", part([]byte(`{"a":1}`)) + "." + claims, part([]byte(`{"a":1}`)) + "." + claims},
		{"a header alone", header, header},
		{"none", "repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/heads/main"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := withoutTokens(tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			ev, _ := only(t, `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z","errorMessage":"`+tt.text+`",`+
				`"requestParameters":{"roleArn":"r","roleSessionName":"`+tt.text+`","principalTags":{"a":"`+tt.text+`"}}}`)
			if ev.SessionName != tt.want || ev.ErrorMessage != tt.want || ev.PrincipalTags[0].Value != tt.want {
				t.Errorf("read %q, %q and %q", ev.SessionName, ev.ErrorMessage, ev.PrincipalTags[0].Value)
			}
			ev, _ = only(t, `{"eventName":"AssumeRoleWithWebIdentity","eventTime":"2024-07-09T15:41:37Z","errorMessage":"\u003a `+tt.text+`","requestParameters":{"roleArn":"r"}}`)
			if ev.ErrorMessage != ": "+tt.want {
				t.Errorf("read %q behind an escape", ev.ErrorMessage)
			}
		})
	}
}

func FuzzWithoutTokens(f *testing.F) {
	f.Add("eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.x")
	f.Add("eyJeyJ.eyJ")
	f.Fuzz(func(t *testing.T, text string) {
		once := withoutTokens(text)
		if again := withoutTokens(once); again != once {
			t.Fatalf("%q leaves %q, and that %q", text, once, again)
		}
		if !strings.Contains(text, tokenStart) && once != text {
			t.Fatalf("%q becomes %q", text, once)
		}
	})
}
