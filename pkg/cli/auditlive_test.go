package cli

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// liveOpen is a trust policy that lets strangers in.
const liveOpen = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme*"}}}]}`

// listing answers what an audit asks beyond a single role.
func listing(t *testing.T) {
	t.Helper()
	other := &awsOf{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := req.ParseForm(); err != nil {
			t.Error(err)
		}
		status, answer := other.answer(req.Form.Get("Action"), "")
		switch action := req.Form.Get("Action"); action {
		case "ListRoles":
			status, answer = 200, xmlOf(action, "<Roles><member><Arn>"+liveRole+"</Arn><RoleName>deploy</RoleName><Path>/</Path><AssumeRolePolicyDocument>"+
				url.PathEscape(liveOpen)+"</AssumeRolePolicyDocument></member></Roles><IsTruncated>false</IsTruncated>")
		case "ListOpenIDConnectProviders":
			status, answer = 200, xmlOf(action, "<OpenIDConnectProviderList><member><Arn>arn:aws:iam::111122223333:oidc-provider/"+liveIssuer+"</Arn></member></OpenIDConnectProviderList>")
		case "GetOpenIDConnectProvider":
			if strings.Contains(req.Form.Get("OpenIDConnectProviderArn"), "oidc.eks") {
				status, answer = 404, "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>"
			}
		}
		w.WriteHeader(status)
		w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
}

func TestAuditOfALiveAccount(t *testing.T) {
	ambient(t, withKeys...)
	listing(t)
	code, stdout, stderr := rolewhy(t, "audit", "--live", "--fail-on", "too-open")
	if code != exitUnexplained || stderr != "" || !strings.Contains(stdout, "account 111122223333: 1 role for OIDC providers, 1 provider: 1 too open") {
		t.Errorf("exits with %d: %s\n%s", code, stderr, stdout)
	}
}

func TestAuditOfFilesWithALiveAccount(t *testing.T) {
	ambient(t, withKeys...)
	listing(t)
	name := filepath.Join(t.TempDir(), "template.yaml")
	gone := strings.ReplaceAll(`Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          Effect: Allow
          Action: sts:AssumeRoleWithWebIdentity
          Principal: {Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/HOST'}
          Condition: {StringEquals: {'HOST:sub': 'system:serviceaccount:shop:orders'}}
`, "HOST", "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF")
	if err := os.WriteFile(name, []byte(gone), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := rolewhy(t, "audit", "--live", name, "--fail-on", "left-over")
	if code != exitUnexplained || stderr != "" || !strings.Contains(stdout, "Deploy ("+name) {
		t.Errorf("exits with %d: %s\n%s", code, stderr, stdout)
	}
}

func TestAuditOfRolesThatCannotBeListed(t *testing.T) {
	ambient(t, withKeys...)
	code, _, stderr := rolewhy(t, "audit", "--live")
	if code != exitFailure || !strings.Contains(stderr, "the roles of account 111122223333 could not be read") || !strings.Contains(stderr, "iam:ListRoles") {
		t.Errorf("exits with %d: %s", code, stderr)
	}
}
