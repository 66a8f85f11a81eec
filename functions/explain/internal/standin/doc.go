// Package standin holds what surrounds the function when it runs outside AWS:
// the Lambda Runtime API, a server for IAM, STS, Organizations, CloudTrail, SNS,
// SQS, SSM and DynamoDB, and Slack.
package standin
