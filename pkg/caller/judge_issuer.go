package caller

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// legacyIssuer is that of tokens that Kubernetes kept in secrets before it
// projected them. They have no expiry and no audience.
// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
const legacyIssuer = "kubernetes/serviceaccount"

const issuerFix = "have the issuer write its https address, exactly as the IAM OIDC provider has it"

// judgeIssuer holds iss against what an IAM OIDC provider can be made for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html#manage-oidc-provider-prerequisites
func judgeIssuer(e *Evidence, _ time.Time) []Remark {
	iss := e.Token.Text("iss")
	u, err := url.Parse(iss)
	switch {
	case iss == "":
		return one(Fault, "the token names no issuer (iss)", issuerFix)
	case iss == legacyIssuer:
		return one(Fault, "this is the legacy token of a service account, which no IAM OIDC provider can stand for",
			"use a projected token with the audience sts.amazonaws.com: the file that AWS_WEB_IDENTITY_TOKEN_FILE names")
	case err != nil || u.Host == "":
		return one(Fault, fmt.Sprintf("the issuer %s is no address", quote(iss)), issuerFix)
	case u.Scheme != "https":
		return one(Fault, fmt.Sprintf("the issuer %s is no https address", quote(iss)), issuerFix)
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return one(Fault, fmt.Sprintf("the issuer %s has more than host and path, which no IAM OIDC provider can have", quote(iss)), issuerFix)
	case u.Port() != "":
		return one(Fault, fmt.Sprintf("the issuer %s names a port, which no IAM OIDC provider can have", quote(iss)), "serve the issuer on port 443 and leave the port out")
	case inward(u.Hostname()):
		return one(Doubt, fmt.Sprintf("the issuer %s has a name of an inner network: STS fetches its keys over the internet", quote(iss)),
			"give the issuer a public address, as service-account-issuer does for a cluster")
	}
	return nil
}

// inward tells whether a host is known to be of an inner network.
// https://www.rfc-editor.org/rfc/rfc6762 (.local), https://www.rfc-editor.org/rfc/rfc6761 (localhost)
func inward(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
	}
	for _, end := range []string{".local", ".localhost", ".internal", ".svc"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}
