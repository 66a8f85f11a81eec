package casefile

import (
	"cmp"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// readRole reads a role as GetRole and GetAccountAuthorizationDetails give it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
func readRole(at node, m map[string]node) (diagnose.Role, error) {
	arn, err1 := at.arn(m, "role/", "arn:aws:iam::123456789012:role/NAME")
	document, err2 := m["AssumeRolePolicyDocument"].document()
	created, err3 := m["CreateDate"].time()
	maxSession, err4 := m["MaxSessionDuration"].integer()
	tags, err5 := m["Tags"].tags()
	return diagnose.Role{
		ARN: arn, TrustPolicy: document, Created: created, MaxSession: maxSession, Tags: tags,
	}, cmp.Or(err1, err2, err3, err4, err5)
}

// readProvider reads a provider as GetOpenIDConnectProvider gives it, with
// its ARN.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
func readProvider(at node, m map[string]node) (provider, error) {
	arn, err1 := at.arn(m, "oidc-provider/", "arn:aws:iam::123456789012:oidc-provider/HOST")
	p, err2 := readProviderDetails(m)
	p.ARN = arn
	p.URL = cmp.Or(p.URL, cloudtrail.KeyHost(arn))
	return p, cmp.Or(err1, err2)
}

func readProviderDetails(m map[string]node) (provider, error) {
	url, err1 := m["Url"].text()
	clients, err2 := m["ClientIDList"].texts()
	thumbprints, err3 := m["ThumbprintList"].texts()
	created, err4 := m["CreateDate"].time()
	return provider{
		Provider: diagnose.Provider{
			URL:       strings.TrimPrefix(url, "https://"),
			ClientIDs: clients, Thumbprints: thumbprints, Created: created,
		},
		nameOnly: !m["ClientIDList"].present(),
	}, cmp.Or(err1, err2, err3, err4)
}

// arn reads the member Arn, which is of a resource of a kind.
func (n node) arn(m map[string]node, kind, example string) (string, error) {
	arn, err := m["Arn"].text()
	if err != nil {
		return "", err
	}
	if !isARN(arn, kind) {
		return "", node{path: n.member("Arn")}.errorf("an ARN such as %s is expected, not %q", example, arn)
	}
	return arn, nil
}

// fromDetails reads the output of get-account-authorization-details. It lists
// no providers; whoever has merged them in finds them here.
func fromDetails(top map[string]node) (*File, error) {
	f := &File{account: newAccount()}
	f.providers.lacking = "get-account-authorization-details lists no identity providers, and the account file has no OpenIDConnectProviderList"
	if err := f.roles.read(top["RoleDetailList"], readRole); err != nil {
		return nil, err
	}
	if cut, err := top["IsTruncated"].boolean(); err != nil {
		return nil, err
	} else if cut {
		f.roles.present, f.roles.lacking = false, "the account file has the first page of the roles alone (IsTruncated)"
	}
	err := f.providers.read(top["OpenIDConnectProviderList"], func(at node, m map[string]node) (provider, error) {
		if m["Arn"].present() {
			return readProvider(at, m)
		}
		return f.providerByURL(at, m)
	})
	return f, err
}

// fromRole reads the role that get-role prints. Of other roles it tells nothing.
func fromRole(at node) (*File, error) {
	f := &File{account: newAccount()}
	m, err := at.object()
	if err != nil {
		return nil, err
	}
	role, err := readRole(at, m)
	f.roles.items, f.roles.lacking = []diagnose.Role{role}, "the account file holds one role"
	return f, err
}

// providerByURL reads what get-open-id-connect-provider prints. It does not
// print the ARN, which follows from the URL and the account of the roles.
func (f *File) providerByURL(at node, m map[string]node) (provider, error) {
	p, err := readProviderDetails(m)
	if err != nil {
		return p, err
	}
	if p.URL == "" || len(f.roles.items) == 0 {
		return p, at.errorf("an Arn is expected")
	}
	prefix, _, _ := strings.Cut(f.roles.items[0].ARN, ":role/")
	p.ARN = prefix + ":oidc-provider/" + p.URL
	return p, nil
}

// accountOf is the account in an ARN that was found good.
func accountOf(arn string) string { return strings.SplitN(arn, ":", 6)[4] }

// isARN is whether a text is the ARN of an IAM resource of a kind.
func isARN(arn, kind string) bool {
	fields := strings.SplitN(arn, ":", 6)
	return len(fields) == 6 && fields[0] == "arn" && fields[2] == "iam" && strings.HasPrefix(fields[5], kind)
}
