package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
)

// What all end-to-end tests share; moto takes seconds to start.
var (
	root         = filepath.Join("..", "..")
	bootstrap    string
	moto         *standin.Moto
	cloud        *standin.AWS
	slackService *standin.Slack
)

func TestMain(m *testing.M) {
	code, err := runTests(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runTests(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "explain")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	bootstrap = filepath.Join(dir, "bootstrap")
	if err := standin.Build(root, bootstrap); err != nil {
		return 1, err
	}
	if moto, err = standin.StartMoto(root); err != nil {
		return 1, err
	}
	defer moto.Close()
	cloud = standin.NewAWS(moto)
	defer cloud.Close()
	slackService = standin.NewSlack()
	defer slackService.Close()
	return m.Run(), nil
}

const webhookParameter = "/rolewhy/webhook"

// world is an AWS account as a sample describes it, with a topic whose one
// subscriber is a queue, and the Slack webhook in SSM.
type world struct {
	region, topic, queue string
	sqs                  *sqs.Client
}

func newWorld(t *testing.T, s *sample) *world {
	t.Helper()
	must(t, moto.Reset())
	cloud.Use(s.Detail.RecipientAccountID)
	slackService.Take()
	cfg := aws.Config{
		Region:       s.Region,
		BaseEndpoint: &cloud.URL,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	s.seed(t, iam.NewFromConfig(cfg))
	_, err := ssm.NewFromConfig(cfg).PutParameter(t.Context(), &ssm.PutParameterInput{
		Name: aws.String(webhookParameter), Value: aws.String(slackService.URL + "\n"), Type: ssmtypes.ParameterTypeSecureString,
	})
	must(t, err)
	w := &world{region: s.Region, sqs: sqs.NewFromConfig(cfg)}
	w.subscribe(t, sns.NewFromConfig(cfg))
	cloud.Use(s.Detail.RecipientAccountID)
	return w
}

func (w *world) subscribe(t *testing.T, client *sns.Client) {
	t.Helper()
	ctx := t.Context()
	topic, err := client.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("rolewhy")})
	must(t, err)
	queue, err := w.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("subscriber")})
	must(t, err)
	w.topic, w.queue = *topic.TopicArn, *queue.QueueUrl
	arn := strings.Replace(w.topic, ":sns:", ":sqs:", 1)
	arn = arn[:strings.LastIndexByte(arn, ':')] + ":subscriber"
	_, err = client.Subscribe(ctx, &sns.SubscribeInput{TopicArn: &w.topic, Protocol: aws.String("sqs"), Endpoint: &arn})
	must(t, err)
}

// received returns the text that the topic's subscriber got, or "".
func (w *world) received(t *testing.T) string {
	t.Helper()
	out, err := w.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &w.queue, MaxNumberOfMessages: 10})
	must(t, err)
	if len(out.Messages) == 0 {
		return ""
	}
	if len(out.Messages) > 1 {
		t.Errorf("%d SNS messages, want 1", len(out.Messages))
	}
	var envelope struct{ Subject, Message string }
	must(t, json.Unmarshal([]byte(*out.Messages[0].Body), &envelope))
	if envelope.Subject == "" {
		t.Error("the SNS message has no subject")
	}
	return envelope.Message
}

// checkSecrets holds the function's log against the webhook and the
// credentials.
func (w *world) checkSecrets(t *testing.T, f function) {
	t.Helper()
	for _, secret := range []string{"hushhush", "SECRETKEY", "SESSIONTOKEN"} {
		if strings.Contains(f.Logs(), secret) {
			t.Errorf("%s is in the log:\n%s", secret, f.Logs())
		}
	}
}

type function struct{ *standin.Function }

func (w *world) start(t *testing.T) function {
	t.Helper()
	f, err := standin.StartFunction(
		bootstrap,
		"AWS_REGION="+w.region,
		"AWS_ENDPOINT_URL="+cloud.URL,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=SECRETKEY", "AWS_SESSION_TOKEN=SESSIONTOKEN",
		"AWS_MAX_ATTEMPTS=1",
		"ROLEWHY_SNS_TOPIC_ARN="+w.topic,
		"ROLEWHY_SLACK_WEBHOOK_PARAMETER="+webhookParameter,
	)
	must(t, err)
	t.Cleanup(f.Stop)
	return function{f}
}

func (f function) invoke(t *testing.T, event []byte) standin.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	a, err := f.Invoke(ctx, event)
	if err != nil {
		t.Fatalf("%v\n%s", err, f.Logs())
	}
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
