// Package callertest serves to tests what a caller talks to: identity
// providers that publish their keys, an STS that verifies tokens against them,
// and the token service of GitHub Actions. All of it is on this machine.
package callertest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
)

// Issuer is an identity provider with two keys.
type Issuer struct {
	URL string // what its tokens have as iss; with path, without the path of the discovery document

	rsa *rsa.PrivateKey
	ec  *ecdsa.PrivateKey
}

// NewIssuer makes an issuer with keys of its own.
func NewIssuer(url string) (*Issuer, error) {
	const bits = 2048
	r, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, err
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return &Issuer{URL: url, rsa: r, ec: e}, nil
}

// The names of the keys in the header of a token.
const (
	rsaKey = "rsa-1"
	ecKey  = "ec-1"
)

// Sign makes a token with these claims by RS256 or ES256. The issuer writes
// itself into iss, unless the claims have one.
func (i *Issuer) Sign(algorithm string, claims map[string]any) (string, error) {
	if _, ok := claims["iss"]; !ok {
		claims["iss"] = i.URL
	}
	kid := map[string]string{"RS256": rsaKey, "ES256": ecKey}[algorithm]
	header, err := json.Marshal(map[string]string{"alg": algorithm, "kid": kid, "typ": "JWT"})
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed := text(header) + "." + text(payload)
	signature, err := i.signature(algorithm, signed)
	return signed + "." + text(signature), err
}

func (i *Issuer) signature(algorithm, signed string) ([]byte, error) {
	digest := sha256.Sum256([]byte(signed))
	if algorithm == "RS256" {
		return rsa.SignPKCS1v15(rand.Reader, i.rsa, crypto.SHA256, digest[:])
	}
	r, s, err := ecdsa.Sign(rand.Reader, i.ec, digest[:])
	if err != nil {
		return nil, err
	}
	const size = 32 // of a coordinate of P-256
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...), nil
}

// ServeHTTP publishes the discovery document and the keys, at the path of the
// issuer. https://openid.net/specs/openid-connect-discovery-1_0.html
func (i *Issuer) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch {
	case strings.HasSuffix(req.URL.Path, "/.well-known/openid-configuration"):
		answer(w, map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys", "response_types_supported": []string{"id_token"}})
	case strings.HasSuffix(req.URL.Path, "/keys"):
		answer(w, map[string]any{"keys": i.keys()})
	default:
		http.NotFound(w, req)
	}
}

// keys is the JWK set: RFC 7517, and RFC 7518 section 6.
func (i *Issuer) keys() []jwk {
	exponent := big.NewInt(int64(i.rsa.E)).Bytes()
	point, err := i.ec.PublicKey.Bytes() // 4, then both coordinates
	if err != nil {
		return nil
	}
	half := (len(point)-1)/2 + 1
	return []jwk{
		{Kid: rsaKey, Kty: "RSA", Alg: "RS256", Use: "sig", N: text(i.rsa.N.Bytes()), E: text(exponent)},
		{Kid: ecKey, Kty: "EC", Alg: "ES256", Use: "sig", Crv: "P-256", X: text(point[1:half]), Y: text(point[half:])},
	}
}

type jwk struct {
	Kid string `json:"kid"`
	Kty string `json:"kty"`
	Alg string `json:"alg"`
	Use string `json:"use"`
	N   string `json:"n,omitempty"`
	E   string `json:"e,omitempty"`
	Crv string `json:"crv,omitempty"`
	X   string `json:"x,omitempty"`
	Y   string `json:"y,omitempty"`
}

func text(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err) // what is encoded here can be
	}
}
