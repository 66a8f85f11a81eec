package callertest

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Internet has the hosts of issuers on this machine, by https.
type Internet struct {
	server  *httptest.Server
	issuers map[string]*Issuer // by host
}

// NewInternet serves issuers until the test ends.
func NewInternet(t testing.TB, issuers ...*Issuer) *Internet {
	n := &Internet{issuers: map[string]*Issuer{}}
	for _, i := range issuers {
		host, _, _ := strings.Cut(strings.TrimPrefix(i.URL, "https://"), "/")
		n.issuers[host] = i
	}
	n.server = httptest.NewTLSServer(n)
	t.Cleanup(n.server.Close)
	return n
}

// ServeHTTP gives each request to the issuer of its host.
func (n *Internet) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if i, ok := n.issuers[req.Host]; ok {
		i.ServeHTTP(w, req)
		return
	}
	http.NotFound(w, req)
}

// Client reaches every host at this server. The certificate is that of the
// server, whatever the host: which one it is, is not the matter here.
func (n *Internet) Client() *http.Client {
	address := n.server.Listener.Addr().String()
	pool := n.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}}
}
