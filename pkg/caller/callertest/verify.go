package callertest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
)

// presented is a token as STS takes it apart, which shares no code with the
// one that made it.
type presented struct {
	header struct{ Alg, Kid string }
	claims claims
	signed string
	proof  []byte
}

type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	Party    string `json:"azp"`
	Expiry   int64  `json:"exp"`
}

// audience is azp where the token has one.
func (c *claims) audience() string {
	if c.Party != "" {
		return c.Party
	}
	return c.Audience
}

// take reads a token, and tells whether it is one.
func take(raw string) (*presented, bool) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return nil, false
	}
	t := &presented{signed: parts[0] + "." + parts[1]}
	for i, into := range []any{&t.header, &t.claims} {
		part, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(part, into) != nil {
			return nil, false
		}
	}
	proof, err := base64.RawURLEncoding.DecodeString(parts[2])
	t.proof = proof
	return t, err == nil
}

// verify fetches the keys of the issuer and holds the signature against the
// one that the header names.
func (t *presented) verify(client *http.Client) *refusal {
	for _, key := range fetchKeys(client, t.claims.Issuer) {
		if key.Kid != t.header.Kid {
			continue
		}
		if key.Alg == t.header.Alg && key.verifies(t.signed, t.proof) {
			return nil
		}
		return invalid("The web identity token provided could not be validated") // as seen since 2026
	}
	return invalid("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements")
}

// fetchKeys goes by the discovery document. It returns none where there are
// none to be had.
func fetchKeys(client *http.Client, issuer string) []jwk {
	var discovery struct {
		Issuer string
		Keys   string `json:"jwks_uri"`
	}
	var set struct{ Keys []jwk }
	if !get(client, issuer+"/.well-known/openid-configuration", &discovery) || discovery.Issuer != issuer || !get(client, discovery.Keys, &set) {
		return nil
	}
	return set.Keys
}

func get(client *http.Client, address string, into any) bool {
	res, err := client.Get(address)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK && json.NewDecoder(res.Body).Decode(into) == nil
}

func (k *jwk) verifies(signed string, proof []byte) bool {
	digest := sha256.Sum256([]byte(signed))
	if k.Kty == "RSA" {
		public := &rsa.PublicKey{N: number(k.N), E: int(number(k.E).Int64())}
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], proof) == nil
	}
	const size = 32 // of a coordinate of P-256
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), k.point(size))
	if err != nil || len(proof) != 2*size {
		return false
	}
	return ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(proof[:size]), new(big.Int).SetBytes(proof[size:]))
}

// point is the uncompressed form of a point: 4, then both coordinates.
func (k *jwk) point(size int) []byte {
	const uncompressed = 4
	point := append([]byte{uncompressed}, number(k.X).FillBytes(make([]byte, size))...)
	return append(point, number(k.Y).FillBytes(make([]byte, size))...)
}

func number(s string) *big.Int {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return new(big.Int)
	}
	return new(big.Int).SetBytes(raw)
}
