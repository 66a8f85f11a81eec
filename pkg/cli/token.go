package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// Errors about tokens are constants, so that no part of a token gets into one.
var (
	errTokenInArguments = usageError("--token takes the name of a file, or - for standard input. A token among the arguments is seen by everybody who can list processes; it was not used")
	errNotAToken        = errors.New("read token: it is neither a JWT nor a JSON object of claims")
	errTokenPayload     = errors.New("read token: the payload of the JWT is no JSON object")
)

// maxToken bounds what is read as a token; STS takes 20,000 characters.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const maxToken = 1 << 20

// jwt finds tokens in text: parts in base64url, the first of them the
// beginning of a JSON object.
var jwt = regexp.MustCompile(`\be[yw][A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?`)

// withoutTokens takes tokens out of text that is going to be shown.
func withoutTokens(s string) string { return jwt.ReplaceAllString(s, "[token]") }

// readToken reads the claims of a token from a file, or from standard input
// for "-". The signature is not verified: nothing is granted on it.
func (in *invocation) readToken(name string) (map[string]any, error) {
	if jwt.MatchString(name) || strings.HasPrefix(strings.TrimSpace(name), "{") {
		return nil, errTokenInArguments
	}
	r, err := in.open(name)
	if err != nil {
		return nil, tokenOpenError(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxToken))
	if err != nil {
		return nil, errors.New("read token: the file could not be read")
	}
	return claims(raw)
}

// tokenOpenError leaves out the name, which may be a token in some form that
// is not recognized.
func tokenOpenError(err error) error {
	for _, known := range []error{fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, known) {
			return errors.New("open token: " + known.Error())
		}
	}
	return errors.New("open token: the file could not be opened")
}

// claims decodes a JWT, or claims that are JSON already.
func claims(raw []byte) (map[string]any, error) {
	raw = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("Bearer ")))
	if bytes.HasPrefix(raw, []byte("{")) {
		return claimsJSON(raw, errNotAToken)
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 3 {
		return nil, errNotAToken
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil, errNotAToken
	}
	return claimsJSON(payload, errTokenPayload)
}

func claimsJSON(raw []byte, otherwise error) (map[string]any, error) {
	var claims map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&claims); err != nil || claims == nil {
		return nil, otherwise
	}
	return claims, nil
}

// open opens a file, or standard input for "-".
func (in *invocation) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(in.Stdin), nil
	}
	return os.Open(name)
}
