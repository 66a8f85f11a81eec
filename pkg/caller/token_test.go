package caller

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// secret is in every token of these tests, and nowhere else.
const secret = "TOPSECRETTOPSECRET"

func part(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// token is a JWT with these claims, whose signature does not verify.
func token(claims string) string {
	return part(`{"alg":"RS256","kid":"k1","typ":"JWT"}`) + "." + part(claims) + "." + part(secret)
}

func TestParse(t *testing.T) {
	const payload = `{"sub":"s","exp":12345678901234567890}`
	for name, raw := range map[string]string{
		"JWT":         token(payload),
		"line feed":   "\n" + token(payload) + "\r\n",
		"Bearer":      "Bearer " + token(payload),
		"padding":     strings.Replace(token(payload), "."+part(secret), "=."+part(secret), 1),
		"JSON claims": payload,
	} {
		got, err := Parse([]byte(raw))
		if err != nil || got.Text("sub") != "s" || got.Claims["exp"] != json.Number("12345678901234567890") {
			t.Errorf("%s: %v, %v", name, got.Claims, err)
		}
		if !got.Known() || got.Complete() != (name != "JSON claims") {
			t.Errorf("%s: known %v, complete %v", name, got.Known(), got.Complete())
		}
	}
}

func TestParseWhatIsNoToken(t *testing.T) {
	header := part(`{"alg":"RS256"}`)
	for name, c := range map[string]struct {
		raw  string
		want error
	}{
		"empty":            {"", ErrNotAToken},
		"text":             {"no token " + secret, ErrNotAToken},
		"two parts":        {"a." + secret, ErrNotAToken},
		"not base64":       {header + ".!!" + secret + ".c", ErrNotAToken},
		"header no JSON":   {part(secret) + "." + part("{}") + ".c", ErrHeader},
		"payload no JSON":  {header + "." + part(secret) + ".c", ErrPayload},
		"payload a list":   {header + "." + part(`["`+secret+`"]`) + ".c", ErrPayload},
		"payload null":     {header + "." + part("null") + ".c", ErrPayload},
		"payload and more": {header + "." + part(`{} {}`) + ".c", ErrPayload},
		"broken JSON":      {`{"sub": ` + secret, ErrNotAToken},
		"two objects":      {`{} {}`, ErrNotAToken},
		"encrypted, JWE":   {"a.b.c.d." + secret, ErrNotAToken},
		"a path in a file": {"/var/run/secrets/" + secret, ErrNotAToken},
	} {
		if _, err := Parse([]byte(c.raw)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// However a token is printed, encoded or logged, its text is not there.
func TestTokenHidesItself(t *testing.T) {
	raw := token(`{"sub":"s"}`)
	held, err := Parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	within := struct {
		Token Token
		inner Token
		Place *Token
	}{held, held, &held}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "token", held, "within", within)
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "token", held, "within", within)
	said := log.String() + held.String() + held.GoString() + fmt.Errorf("x: %v", held).Error()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t"} {
		said += fmt.Sprintf(verb+verb+verb, held, &held, within)
	}
	for _, v := range []any{held, &held, within, map[string]any{"t": held}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		said += string(text)
	}
	for _, leak := range append(strings.Split(raw, "."), secret, fmt.Sprintf("%x", secret)) {
		if strings.Contains(said, leak) {
			t.Errorf("%q is in %s", leak, said)
		}
	}
	if held.Reveal() != raw {
		t.Error("the token is not what it was")
	}
}

func TestHide(t *testing.T) {
	jwt := token(`{"sub":"s"}`)
	for name, c := range map[string]struct{ in, want string }{
		"alone":         {jwt, "[token]"},
		"in text":       {"open " + jwt + ": no such file", "open [token]: no such file"},
		"no signature":  {jwt[:strings.LastIndex(jwt, ".")], "[token]"},
		"indented JSON": {part("{\n  \"alg\": \"RS256\"\n}") + "." + part(`{"sub":"s"}`) + ".x", "[token]"},
		"file name":     {"keyed.json monkey.txt eyes.json", "keyed.json monkey.txt eyes.json"},
		"host":          {"token.actions.githubusercontent.com", "token.actions.githubusercontent.com"},
	} {
		if got := Hide(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if shows := c.in != c.want; Shows(c.in) != shows {
			t.Errorf("%s: shows a token: %v", name, !shows)
		}
	}
}

func TestTokenHidesItsParts(t *testing.T) {
	raw := token(`{"sub":"somebody"}`)
	held, err := Parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(raw, ".")
	in := "header " + parts[0] + ", payload " + parts[1] + ", signature " + parts[2] + ", all " + raw
	if got, want := held.Hide(in), "header [token], payload [token], signature [token], all [token]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(token(`{"iss":"https://idp.example","sub":"s","aud":["a","b"],"exp":1,"iat":-1,"nbf":1e9}`)))
	f.Add([]byte(`{"sub":null,"aud":{},"https://aws.amazon.com/roles":[1]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		held, err := Parse(raw)
		if err != nil {
			return
		}
		e := &Evidence{Place: variables, Token: held, Role: "arn:aws:iam::111122223333:role/x"}
		for _, r := range e.Judge(now) {
			if r.Text == "" || r.Grade == "" {
				t.Errorf("an empty remark: %+v", r)
			}
		}
		held.List(now)
	})
}
