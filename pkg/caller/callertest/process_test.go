package callertest_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/caller/callertest"
)

// binary is rolewhy itself, built for these tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "rolewhy")
	if err == nil {
		binary = filepath.Join(dir, "rolewhy")
		var out []byte
		if out, err = exec.Command("go", "build", "-o", binary, "github.com/rolewhy/rolewhy").CombinedOutput(); err != nil {
			err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

const (
	role       = "arn:aws:iam::111122223333:role/deploy"
	cluster    = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	actions    = "https://token.actions.githubusercontent.com"
	podSubject = "system:serviceaccount:shop:api"
	jobSubject = "repo:acme/api:environment:production"
)

// world is all that a call needs beyond the place it is made in.
type world struct {
	sts             *callertest.STS
	address         string
	cluster, github *callertest.Issuer
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{cluster: known(t)[cluster], github: known(t)[actions]}
	internet := callertest.NewInternet(t, w.cluster, w.github)
	w.sts = &callertest.STS{
		Now: time.Now, Client: internet.Client(), Trust: map[string]string{},
		Providers: map[string][]string{cluster: {"sts.amazonaws.com"}, actions: {"sts.amazonaws.com"}},
	}
	w.address = w.sts.Serve(t)
	return w
}

// known are the issuers of all tests: keys take their time to make.
func known(t *testing.T) map[string]*callertest.Issuer {
	t.Helper()
	once.Do(func() { all = map[string]*callertest.Issuer{cluster: issuer(t, cluster), actions: issuer(t, actions)} })
	return all
}

var (
	once sync.Once
	all  map[string]*callertest.Issuer
)

func issuer(t *testing.T, url string) *callertest.Issuer {
	t.Helper()
	i, err := callertest.NewIssuer(url)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// fresh are claims of a token that was just made.
func fresh(sub string) map[string]any {
	now := time.Now()
	return map[string]any{"sub": sub, "aud": "sts.amazonaws.com", "iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(), "jti": "c0ffee00"}
}

// situation is a token and what comes of the call that presents it.
type situation struct {
	name  string
	alter func(t *testing.T, w *world, claims map[string]any) // nil: the trust policy wants another sub
	sign  func(t *testing.T, own *callertest.Issuer) *callertest.Issuer
	exit  int
	want  []string // in the text, white space folded
	cause string   // code of the report, "" where there is none
}

var situations = []situation{
	{name: "denied", exit: 1, want: []string{"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity", "not visible from here: STS accepted the token", "request id 5f1d0c2e-0000-4000-8000-000000000001"}},
	{name: "let through", alter: func(_ *testing.T, w *world, claims map[string]any) { w.sts.Trust[role] = claims["sub"].(string) }, exit: 0, want: []string{"it let the call through now", "the credentials were dropped at once"}},
	{
		name: "clocks differ", exit: 1, want: []string{"doubt: the clock of this machine is 10 minutes behind that of STS"},
		alter: func(_ *testing.T, w *world, _ map[string]any) {
			w.sts.Now = func() time.Time { return time.Now().Add(10*time.Minute + 30*time.Second) }
		},
	},
	{
		name: "expired", alter: func(_ *testing.T, _ *world, claims map[string]any) {
			claims["exp"] = time.Now().Add(-3 * time.Hour).Unix()
		}, exit: 0,
		want: []string{"fault: the token expired 3 hours ago", "ExpiredTokenException: Token expired: current date/time", "cause certain: the token had expired"}, cause: "token-expired",
	},
	{
		name: "wrongly signed", exit: 0, sign: func(t *testing.T, own *callertest.Issuer) *callertest.Issuer { return issuer(t, own.URL) },
		want: []string{"InvalidIdentityToken: The web identity token provided could not be validated"}, cause: "token-invalid",
	},
	{
		name: "audience that is not registered", alter: func(_ *testing.T, _ *world, claims map[string]any) { claims["aud"] = "sts.eu-west-1.amazonaws.com" }, exit: 0,
		want: []string{"doubt: the token was asked for with an endpoint of STS", "InvalidIdentityToken: Incorrect token audience"}, cause: "provider-audience-not-registered",
	},
	{
		name: "azp", alter: func(_ *testing.T, _ *world, claims map[string]any) { claims["azp"] = "app-1" }, exit: 0,
		want: []string{`aud (azp of the token) app-1`, `oaud (aud of the token) sts.amazonaws.com`}, cause: "provider-audience-not-registered",
	},
	{
		name: "no audience", alter: func(_ *testing.T, _ *world, claims map[string]any) { delete(claims, "aud") }, exit: 0,
		want: []string{"fault: the token has no audience", "Missing a required claim: aud"}, cause: "token-invalid",
	},
	{
		name: "no provider", alter: func(_ *testing.T, w *world, _ map[string]any) { clear(w.sts.Providers) }, exit: 0,
		want: []string{"No OpenIDConnect provider found in your account for https://"}, cause: "provider-not-found",
	},
	{
		name: "keys that cannot be fetched", alter: func(t *testing.T, w *world, _ map[string]any) { w.sts.Client = callertest.NewInternet(t).Client() }, exit: 0,
		want: []string{"Couldn't retrieve verification key from your identity provider"}, cause: "provider-unreachable",
	},
}

// process runs the binary in an environment of its own.
func process(t *testing.T, vars []string, args ...string) (code int, output string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1", "AWS_REGION=eu-west-1"}, vars...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// secrets are the token, its parts, its signature in other forms, and what else
// is to be shown nowhere.
func secrets(t *testing.T, token string) []string {
	t.Helper()
	parts := strings.Split(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	return append(parts, token, string(signature), hex.EncodeToString(signature), base64.StdEncoding.EncodeToString(signature),
		callertest.RequestToken, callertest.AccessKey, callertest.SecretKey, callertest.SessionToken)
}

func leaksNothing(t *testing.T, output string, secrets []string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(output, s) {
			t.Errorf("%.40q is in the output:\n%s", s, output)
		}
	}
}

// folded is text without the rule at the left and with single blanks.
func folded(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "│", "")), " ")
}
