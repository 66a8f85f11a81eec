package callertest

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// RequestToken is the secret by which a job asks for tokens. It is to be found
// nowhere else.
const RequestToken = "rolewhy-test-request-token-that-is-shown-nowhere"

// ServeGitHub serves the token service of a job until the test ends, and
// returns its address for ACTIONS_ID_TOKEN_REQUEST_URL. make makes the token
// for an audience.
//
// https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
func ServeGitHub(t testing.TB, make func(audience string) (string, error)) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") != "Bearer "+RequestToken || req.URL.Query().Get("api-version") != "2.0" {
			http.Error(w, "not authorized", http.StatusUnauthorized)
			return
		}
		token, err := make(req.URL.Query().Get("audience"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, map[string]any{"value": token, "count": len(token)})
	}))
	t.Cleanup(server.Close)
	return server.URL + "/idtoken?api-version=2.0"
}
