package world

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awstest"
	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// Places is where all worlds are, one after the other.
type Places struct {
	Moto  *awstest.Moto
	Cloud *standin.AWS
	Slack *standin.Slack
}

// Start runs the stand-ins. root is the top of the module. Close them at the
// end.
func Start(root string) (p *Places, err error) {
	p = &Places{}
	if p.Moto, err = awstest.StartMoto(root); err != nil {
		return nil, err
	}
	if p.Cloud, err = cloud(p.Moto); err != nil {
		return nil, err
	}
	p.Slack, err = standin.NewSlack()
	return p, err
}

// cloud is AWS before moto and DynamoDB Local.
func cloud(moto *awstest.Moto) (*standin.AWS, error) {
	endpoint, err := dynamolocal.Start()
	if err != nil {
		return nil, err
	}
	dynamo, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	return standin.NewAWS(moto.URL, dynamo), nil
}

// Close ends the stand-ins.
func (p *Places) Close() error {
	p.Slack.Close()
	p.Cloud.Close()
	return p.Moto.Close()
}

// The names of the SSM parameters that hold the secrets of Slack.
const (
	WebhookParameter = "/rolewhy/webhook"
	TokenParameter   = "/rolewhy/token"
)

// MaxReceives is how often a message is handed out before it goes to the
// dead-letter queue.
const MaxReceives = 3

// World is an AWS account as a sample describes it, with what template.yaml
// makes of it: a topic, whose one subscriber is a queue, the queue of the
// events and its dead-letter queue, Slack's secrets in SSM, and an empty table
// of incidents.
type World struct {
	Config  aws.Config // of clients that look at the world
	Table   string     // of the incidents
	topic   string
	url     map[string]string // of queues, by name
	sqs     *sqs.Client
	account string
	cloud   *standin.AWS
}

// New makes the world of a sample in place of the one before.
func (p *Places) New(ctx context.Context, s *Sample) (*World, error) {
	if err := p.Moto.Reset(); err != nil {
		return nil, err
	}
	p.Cloud.Use(s.Detail.RecipientAccountID)
	p.Cloud.Trail.Clear()
	p.Slack.Take()
	cfg := aws.Config{
		Region:       s.Region,
		BaseEndpoint: &p.Cloud.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	w := &World{Config: cfg, Table: "incidents-" + rand.Text(), sqs: sqs.NewFromConfig(cfg), url: map[string]string{}, account: s.Detail.RecipientAccountID, cloud: p.Cloud}
	if err := s.seed(ctx, iam.NewFromConfig(cfg)); err != nil {
		return nil, err
	}
	if err := w.build(ctx, p.Slack.URL); err != nil {
		return nil, err
	}
	w.Forget()
	return w, nil
}

func (w *World) build(ctx context.Context, webhook string) error {
	secrets := map[string]string{WebhookParameter: webhook + "\n", TokenParameter: standin.SlackToken}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if err := w.Parameter(ctx, name, secrets[name]); err != nil {
			return err
		}
	}
	if _, err := dynamodb.NewFromConfig(w.Config).CreateTable(ctx, dynamolocal.Definition(w.Table)); err != nil {
		return err
	}
	for _, name := range []string{subscriber, dead} {
		if err := w.createQueue(ctx, name, nil); err != nil {
			return err
		}
	}
	redrive := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, w.arn("sqs", dead), MaxReceives)
	if err := w.createQueue(ctx, eventQueue, map[string]string{"RedrivePolicy": redrive, "VisibilityTimeout": "0"}); err != nil {
		return err
	}
	return w.subscribe(ctx, sns.NewFromConfig(w.Config))
}

// Parameter puts a value into SSM.
func (w *World) Parameter(ctx context.Context, name, value string) error {
	_, err := ssm.NewFromConfig(w.Config).PutParameter(ctx, &ssm.PutParameterInput{
		Name: &name, Value: &value, Type: ssmtypes.ParameterTypeSecureString,
	})
	return err
}

func (w *World) subscribe(ctx context.Context, client *sns.Client) error {
	topic, err := client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("rolewhy")})
	if err != nil {
		return err
	}
	w.topic = *topic.TopicArn
	_, err = client.Subscribe(ctx, &sns.SubscribeInput{TopicArn: &w.topic, Protocol: aws.String("sqs"), Endpoint: aws.String(w.arn("sqs", subscriber))})
	return err
}

// arn is that of something of the world outside IAM: moto has it in its
// default account.
func (w *World) arn(service, name string) string {
	partition := "aws"
	for prefix, p := range map[string]string{"cn-": "aws-cn", "us-gov-": "aws-us-gov"} {
		if strings.HasPrefix(w.Config.Region, prefix) {
			partition = p
		}
	}
	return fmt.Sprintf("arn:%s:%s:%s:123456789012:%s", partition, service, w.Config.Region, name)
}

// Forget forgets the calls of AWS and the faults so far.
func (w *World) Forget() { w.cloud.Use(w.account) }

// Env is the environment that template.yaml gives to the function, with Slack's
// webhook; more overrides it.
func (w *World) Env(more ...string) []string {
	return append([]string{
		"AWS_REGION=" + w.Config.Region,
		"AWS_ENDPOINT_URL=" + w.cloud.URL,
		"AWS_LAMBDA_FUNCTION_NAME=explain",
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=SECRETKEY", "AWS_SESSION_TOKEN=SESSIONTOKEN",
		"AWS_MAX_ATTEMPTS=1",
		config.TopicARN + "=" + w.topic,
		config.Table + "=" + w.Table,
		config.WebhookParameter + "=" + WebhookParameter,
	}, more...)
}

// Bot are the variables that replace the webhook by a bot.
func Bot(slack *standin.Slack) []string {
	return append(slack.Env(),
		config.WebhookParameter+"=",
		config.TokenParameter+"="+TokenParameter,
		config.Channel+"="+standin.SlackChannel,
	)
}

// Notification is what a subscriber of the topic gets.
type Notification struct {
	Subject, Message string
	Attributes       map[string]struct{ Type, Value string } `json:"MessageAttributes"`
}

// Received returns what the topic's subscriber got since the last call.
func (w *World) Received(ctx context.Context) ([]Notification, error) {
	bodies, err := w.drain(ctx, subscriber)
	all := make([]Notification, len(bodies))
	for i, body := range bodies {
		err = cmp.Or(err, json.Unmarshal([]byte(body), &all[i]))
	}
	return all, err
}
