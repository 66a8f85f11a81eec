// Package evidence_test holds pkg/awsaccount against AWS as far as it can be
// had here: the SDK's own clients, moto, and a stand-in for LookupEvents.
package evidence_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awstest"
)

const (
	home  = "111122223333"
	other = "444455556666"
	trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"x"}}}`
)

var (
	moto  *awstest.Moto
	cloud *standin.AWS
)

// Without moto nothing here can be told, so its lack is a failure.
func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if moto, err = awstest.StartMoto(filepath.Join("..", "..", "..", "..")); err != nil {
		return 1, err
	}
	defer moto.Close()
	cloud = standin.NewAWS(moto.URL, moto.URL)
	defer cloud.Close()
	return m.Run(), nil
}

// fresh empties AWS and returns the configuration of an account's credentials.
func fresh(t *testing.T, account string) aws.Config {
	t.Helper()
	must(t, moto.Reset())
	cloud.Trail.Clear()
	cloud.Use(account)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &cloud.URL,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
}

// createRole makes a role in the account of the configuration.
func createRole(t *testing.T, cfg aws.Config, path, name string) {
	t.Helper()
	_, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(trust),
	})
	must(t, err)
}

// calls returns what was called since Use, sorted.
func calls() []string {
	return slices.Sorted(slices.Values(cloud.Calls()))
}

// tally is an awsaccount.Calls.
type tally struct {
	mu      sync.Mutex
	refused []string
	all     int
}

func (c *tally) Called(action string, refused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	if refused {
		c.refused = append(c.refused, action)
	}
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q lacks %q", text, part)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
