package caller

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// Errors about tokens are constants, so that no part of a token gets into one.
var (
	ErrNotAToken = errors.New("read token: it is neither a JWT nor a JSON object of claims")
	ErrHeader    = errors.New("read token: the header of the JWT is no JSON object")
	ErrPayload   = errors.New("read token: the payload of the JWT is no JSON object")
)

// reason is an error of Parse without what was being done.
func reason(err error) string { return strings.TrimPrefix(err.Error(), "read token: ") }

// Token is a JSON web token that was taken apart. However it is formatted or
// encoded, it shows none of its text. The signature is not verified: nothing is
// granted on it.
type Token struct {
	Header map[string]any // nil where claims alone were given
	Claims map[string]any // numbers are json.Number

	text func() string // a function, so that reflection finds no text either
}

// Parse reads a JWT, or claims that are JSON already. The error is one of the
// constants above.
func Parse(raw []byte) (Token, error) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("Bearer ")))
	if bytes.HasPrefix(raw, []byte("{")) {
		claims, ok := object(raw)
		if !ok {
			return Token{}, ErrNotAToken
		}
		return Token{Claims: claims}, nil
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 3 {
		return Token{}, ErrNotAToken
	}
	header, err := decode(parts[0], ErrHeader)
	if err != nil {
		return Token{}, err
	}
	claims, err := decode(parts[1], ErrPayload)
	if err != nil {
		return Token{}, err
	}
	text := string(raw)
	return Token{Header: header, Claims: claims, text: func() string { return text }}, nil
}

// decode reads one part of a JWT. What is no base64url is no token.
func decode(part string, otherwise error) (map[string]any, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	if err != nil {
		return nil, ErrNotAToken
	}
	if o, ok := object(raw); ok {
		return o, nil
	}
	return nil, otherwise
}

// object decodes JSON that is one object and nothing more.
func object(raw []byte) (o map[string]any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&o); err != nil || o == nil {
		return nil, false
	}
	_, err := d.Token()
	return o, errors.Is(err, io.EOF)
}

// Known tells whether there is a token at all.
func (t Token) Known() bool { return t.Claims != nil }

// Complete tells whether the text of the token is there, which STS wants, and
// not its claims alone.
func (t Token) Complete() bool { return t.text != nil }

// Reveal is the token itself, "" where it is not complete. It is for STS, and
// for nobody else.
func (t Token) Reveal() string {
	if t.text == nil {
		return ""
	}
	return t.text()
}

// hidden stands where a token would.
const hidden = "[token]"

// String hides the token.
func (t Token) String() string { return hidden }

// GoString hides the token.
func (t Token) GoString() string { return hidden }

// Format hides the token from every verb of fmt.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalText hides the token.
func (t Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON hides the token.
func (t Token) MarshalJSON() ([]byte, error) { return json.Marshal(hidden) }

// Hide takes the token and each part of it out of text that is going to be
// shown, with whatever else looks like a token.
func (t Token) Hide(s string) string {
	if text := t.Reveal(); text != "" {
		for _, part := range append([]string{text}, strings.Split(text, ".")...) {
			if len(part) >= shortest {
				s = strings.ReplaceAll(s, part, hidden)
			}
		}
	}
	return Hide(s)
}

// shortest is how long a part of a token is at least. What is shorter says
// nothing, and may stand in any text.
const shortest = 10

// jwt finds tokens in text: parts in base64url, the first of them the
// beginning of a JSON object.
var jwt = lazyregexp.New(`\be[yw][A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?`)

// Hide takes tokens out of text that is going to be shown.
func Hide(s string) string { return jwt.ReplaceAllString(s, hidden) }

// Shows tells whether a token stands in the text.
func Shows(s string) bool { return jwt.MatchString(s) }

// Text is a claim that is text, "" where it is not there or something else.
func (t Token) Text(claim string) string {
	s, _ := t.Claims[claim].(string)
	return s
}

// Without is the claims without those that are named.
func (t Token) Without(names ...string) map[string]any {
	rest := maps.Clone(t.Claims)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}
