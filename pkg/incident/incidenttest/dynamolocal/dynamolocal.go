// Package dynamolocal runs DynamoDB Local for tests, which `make tools`
// installs. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
package dynamolocal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/rolewhy/rolewhy/pkg/awstest"
)

// ErrNone says what to install.
var ErrNone = errors.New("DynamoDB Local is not there: run `make tools`")

// URL is where DynamoDB Local answers, to be given to a program as
// AWS_ENDPOINT_URL_DYNAMODB. The first call in a process starts it, and it ends
// with the process. The test fails where it cannot be started.
func URL(tb testing.TB) string {
	tb.Helper()
	s, err := started()
	if err != nil {
		tb.Fatal(err)
	}
	return s.url
}

// Start is URL where there is no test that could fail.
func Start() (url string, err error) {
	s, err := started()
	if err != nil {
		return "", err
	}
	return s.url, nil
}

// Config is a configuration that leads to DynamoDB Local.
func Config(tb testing.TB) aws.Config {
	tb.Helper()
	return aws.Config{
		Region:       "eu-west-1",
		BaseEndpoint: aws.String(URL(tb)),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}
}

// server is a process that answers until stdin is closed, at the latest by the
// end of this process.
type server struct {
	url   string
	stdin io.Closer
}

// started is the one server of this process.
var started = sync.OnceValues(func() (*server, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	return start(root)
})

// start starts what is installed below root.
func start(root string) (*server, error) {
	cmd, err := command(root)
	if err != nil {
		return nil, err
	}
	address, stdin, err := awstest.Serve(cmd)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNone, err)
	}
	return &server{address, stdin}, nil
}

// command runs Local.java with what makes a short life short.
func command(root string) (*exec.Cmd, error) {
	dir := filepath.Join(root, ".tools", "dynamodb-local")
	if _, err := os.Stat(filepath.Join(dir, "Local.class")); err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNone, err)
	}
	classes := dir + string(filepath.ListSeparator) + filepath.Join(dir, "*")
	return exec.Command("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.library.path="+dir, "-cp", classes, "Local"), nil
}

// moduleRoot is the directory of go.mod above the one in which the test runs.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the directory of the test")
		}
		dir = filepath.Dir(dir)
	}
}
