package config

import (
	"errors"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// The forms of values; template.yaml asks its parameters for the same ones.
var (
	// topicForm leaves out FIFO topics, which need a message group with every
	// message.
	topicForm = lazyregexp.New(`^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$`)
	// parameterForm is a path, see
	// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
	parameterForm = lazyregexp.New(`^(/[A-Za-z0-9_.-]+)+$`)
	// channelForm is an id; names of channels change:
	// https://docs.slack.dev/reference/methods/chat.postMessage#channels
	channelForm = lazyregexp.New(`^[CG][A-Z0-9]{6,}$`)
	tableForm   = lazyregexp.New(`^[A-Za-z0-9_.-]+$`)
	// roleForm and externalIDForm are IAM's and STS's own:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	roleForm       = lazyregexp.New(`^([\w+=,.@-]+/)*[\w+=,.@-]+$`)
	externalIDForm = lazyregexp.New(`^[\w+=,.@:/-]{2,}$`)
)

func (c Config) check() error {
	return errors.Join(
		match(TopicARN, c.TopicARN, topicForm.MatchString, "the ARN of a standard SNS topic"),
		checkParameter(WebhookParameter, c.WebhookParameter),
		checkParameter(TokenParameter, c.TokenParameter),
		match(Channel, c.Channel, channelForm.MatchString, "the id of a Slack channel, such as C012AB3CD"),
		match(MemberRole, c.MemberRole, roleForm.MatchString, "the name of a role, with its path if it has one and no slash before it"),
		match(ExternalID, c.ExternalID, externalIDForm.MatchString, "an external id: two or more letters, digits and _+=,.@:/-"),
		match(Table, c.Table, isTable, "the name of a DynamoDB table"),
		checkParameter(RulesParameter, c.RulesParameter),
		c.checkPairs(),
	)
}

// checkPairs finds settings that do not go together.
func (c Config) checkPairs() error {
	var errs []error
	if c.WebhookParameter != "" && c.TokenParameter != "" {
		errs = append(errs, fmt.Errorf("%s and %s are two ways to the same messages: set one of them", WebhookParameter, TokenParameter))
	}
	if c.TokenParameter != "" && c.Channel == "" {
		errs = append(errs, fmt.Errorf("%s needs %s", TokenParameter, Channel))
	}
	if c.Channel != "" && c.TokenParameter == "" {
		errs = append(errs, fmt.Errorf("%s needs %s: an incoming webhook has its own channel", Channel, TokenParameter))
	}
	if c.ExternalID != "" && c.MemberRole == "" {
		errs = append(errs, fmt.Errorf("%s needs %s", ExternalID, MemberRole))
	}
	return errors.Join(errs...)
}

// isTable is DynamoDB's own rule:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
func isTable(name string) bool {
	return len(name) >= 3 && len(name) <= 255 && tableForm.MatchString(name)
}

func match(variable, value string, is func(string) bool, what string) error {
	if value == "" || is(value) {
		return nil
	}
	return fmt.Errorf("%s: %q is not %s", variable, value, what)
}

// checkParameter does not repeat the value: it may be the secret itself, set
// here by mistake.
func checkParameter(variable, value string) error {
	if value == "" || parameterForm.MatchString(value) {
		return nil
	}
	return fmt.Errorf("%s: not the name of an SSM parameter such as /rolewhy/slack (its value belongs into that parameter, not here)", variable)
}
