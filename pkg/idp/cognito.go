package idp

// cognito is built in. Anybody can make an identity pool; aud names the pool,
// so that the audience decides whether a caller is one's own:
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
var cognito = &Provider{
	ID:        "cognito",
	Name:      "Amazon Cognito identity pools",
	Issuer:    "https://cognito-identity.amazonaws.com",
	Audiences: []string{"<id of the identity pool>"},
	Without:   []string{"email"},
	NotKeys:   []string{"iss", "cognito:groups", "cognito:roles", "identities"},
	Complete:  true,
	Subjects:  []Shape{{Name: "identity", Template: "{region}:{identity}"}},
	Docs:      "https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html",
	Examples: []Example{
		{
			Host: "cognito-identity.amazonaws.com", Sub: "us-east-1:d2afc870-ea1d-beef-941a-766b4ef016bb",
			Aud:   "us-east-1:8483b385-0548-2db1-8529-404cf1e78a5c",
			Parts: []string{"region=us-east-1", "identity=d2afc870-ea1d-beef-941a-766b4ef016bb"},
		},
		{
			Host: "cognito-identity-us-gov.amazonaws.com", Sub: "us-gov-west-1:54fadc07-578e-b52e-262b-52526e09f5d2",
			Aud:   "us-gov-west-1:ed406793-75fd-b4b4-4e55-61502e34af40",
			Parts: []string{"region=us-gov-west-1", "identity=54fadc07-578e-b52e-262b-52526e09f5d2"},
		},
		{
			Host: "cognito-identity.us-gov-east-1.amazonaws.com", Sub: "us-gov-east-1:54fadc07-578e-b52e-262b-52526e09f5d2",
			Aud:   "us-gov-east-1:ed406793-75fd-b4b4-4e55-61502e34af40",
			Parts: []string{"region=us-gov-east-1", "identity=54fadc07-578e-b52e-262b-52526e09f5d2"},
		},
	},
	hosts: []hostPattern{
		{"cognito-identity.amazonaws.com", ""},
		{"cognito-identity-us-gov.amazonaws.com", ""},
		{"cognito-identity.*.amazonaws.com", ""},
		{"cognito-identity.*.amazonaws.com.cn", ""},
	},
}
