package standin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"time"
)

// api is https://slack.com behind a proxy: a program needs no setting of its
// own to be led here.
type api struct {
	server *httptest.Server
	proxy  *httptest.Server
	roots  string // file of the certificate
}

func newAPI(h http.Handler) (*api, error) {
	a := &api{server: httptest.NewUnstartedServer(h)}
	certificate, err := selfSigned("slack.com")
	if err != nil {
		return nil, err
	}
	if a.roots, err = write(certificate.Certificate[0]); err != nil {
		return nil, err
	}
	a.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	a.server.StartTLS()
	a.proxy = httptest.NewServer(http.HandlerFunc(a.connect))
	return a, nil
}

func (a *api) close() {
	a.server.CloseClientConnections()
	a.server.Close()
	a.proxy.Close()
	os.Remove(a.roots)
}

// Env leads a program's calls of https://slack.com here.
func (s *Slack) Env() []string {
	return []string{"HTTPS_PROXY=" + s.api.proxy.URL, "SSL_CERT_FILE=" + s.api.roots}
}

// connect is the proxy's one method (RFC 9110, section 9.3.6).
func (a *api) connect(w http.ResponseWriter, req *http.Request) {
	if req.Method != http.MethodConnect || req.Host != "slack.com:443" {
		http.Error(w, "no way to "+req.Host, http.StatusForbidden)
		return
	}
	there, err := net.Dial("tcp", a.server.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	here, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		there.Close()
		return
	}
	io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		defer there.Close()
		io.Copy(there, here)
	}()
	go func() {
		defer here.Close()
		io.Copy(here, there)
	}()
}

func selfSigned(host string) (c tls.Certificate, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return c, err
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

func write(certificate []byte) (file string, err error) {
	f, err := os.CreateTemp("", "slack*.pem")
	if err != nil {
		return "", err
	}
	defer f.Close()
	return f.Name(), pem.Encode(f, &pem.Block{Type: "CERTIFICATE", Bytes: certificate})
}
