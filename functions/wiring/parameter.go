package wiring

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// fresh is how long a value read from SSM is used, so that a replaced webhook
// comes into force without a deployment.
const fresh = 5 * time.Minute

// parameter is a value of SSM, secret or not, read when it is first needed: an outage
// of SSM must not keep the function from starting.
type parameter struct {
	client interface {
		GetParameter(context.Context, *ssm.GetParameterInput, ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
	}
	name  string
	mu    sync.Mutex
	value notify.Secret
	until time.Time
}

// read returns the value, without the white space that a file or an editor
// may have left around it.
func (p *parameter) read(ctx context.Context) (notify.Secret, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.until) {
		return p.value, nil
	}
	out, err := p.client.GetParameter(ctx, &ssm.GetParameterInput{Name: &p.name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return notify.Secret{}, fmt.Errorf("get parameter %s: %w", p.name, err)
	}
	p.value = notify.NewSecret(strings.TrimSpace(aws.ToString(out.Parameter.Value)))
	p.until = time.Now().Add(fresh)
	return p.value, nil
}
