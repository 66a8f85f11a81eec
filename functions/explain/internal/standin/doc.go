// Package standin holds what surrounds the function when it runs outside AWS:
// the Lambda Runtime API, a server for IAM, STS, SNS, SQS and SSM, and Slack's
// incoming webhooks.
package standin
