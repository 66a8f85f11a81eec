package wiring

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// fakeSSM counts the reads and decrypts only when asked to.
type fakeSSM struct {
	value string
	err   error
	reads int
}

func (f *fakeSSM) GetParameter(_ context.Context, in *ssm.GetParameterInput, _ ...func(*ssm.Options)) (*ssm.GetParameterOutput, error) {
	f.reads++
	value := "encrypted"
	if aws.ToBool(in.WithDecryption) {
		value = f.value
	}
	return &ssm.GetParameterOutput{Parameter: &types.Parameter{Value: &value}}, f.err
}

func TestParameterIsReadOnceWhileFresh(t *testing.T) {
	f := &fakeSSM{value: " https://hooks.example/old\n"}
	p := &parameter{client: f, name: "/webhook"}
	read := func(want string, reads int) {
		t.Helper()
		got, err := p.read(t.Context())
		if err != nil || got.Reveal() != want || f.reads != reads {
			t.Errorf("got %q, %v after %d reads; want %q after %d", got.Reveal(), err, f.reads, want, reads)
		}
	}
	read("https://hooks.example/old", 1)
	f.value = "https://hooks.example/new"
	read("https://hooks.example/old", 1)
	p.until = time.Now().Add(-time.Second)
	read("https://hooks.example/new", 2)
}

func TestParameterIsReadAgainAfterAFailure(t *testing.T) {
	f := &fakeSSM{value: "https://hooks.example/x", err: errors.New("refused")}
	p := &parameter{client: f, name: "/webhook"}
	if _, err := p.read(t.Context()); !errors.Is(err, f.err) || !strings.Contains(err.Error(), "/webhook") {
		t.Errorf("error %v", err)
	}
	f.err = nil
	if got, err := p.read(t.Context()); err != nil || got.Reveal() != f.value {
		t.Errorf("got %q, %v", got.Reveal(), err)
	}
}
