package caller

import "context"

var variables = &Place{
	ID: "variables", Name: "variables of AWS", Looks: "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE",
	RoleAt: "--role, or in AWS_ROLE_ARN",
	Docs:   "https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html",
	is:     func(env Environment) bool { return env.Get("AWS_WEB_IDENTITY_TOKEN_FILE") != "" },
	look:   lookVariables,
}

func lookVariables(_ context.Context, env Environment, _ Wish, e *Evidence) {
	keysFirst(env, e)
	if e.given() {
		return
	}
	name := env.Get("AWS_WEB_IDENTITY_TOKEN_FILE")
	if name == "" {
		e.fault("AWS_WEB_IDENTITY_TOKEN_FILE is not set", "set it to the file with the token")
		return
	}
	e.fromFile(env, name)
}
