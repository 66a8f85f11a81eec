// Package awstest serves AWS to tests: moto, and what moto lacks.
package awstest

import (
	"net/http"
	"strings"
)

// Signature is who calls what where.
type Signature struct{ Key, Region, Service string }

// Scope is read off Credential=KEY/DATE/REGION/SERVICE/aws4_request in the
// header of a signed request, empty where it is not signed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
func Scope(h http.Header) (s Signature) {
	if parts := strings.Split(h.Get("Authorization"), "/"); len(parts) > 3 {
		s.Key = parts[0][strings.LastIndexByte(parts[0], '=')+1:]
		s.Region, s.Service = parts[2], parts[3]
	}
	return s
}
