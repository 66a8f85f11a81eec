package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// circleciShapes: the second form is that of CIRCLE_OIDC_TOKEN_V2.
var circleciShapes = []Shape{
	{Name: "version 2", Template: "org/{organization}/project/{project}/user/{user}/vcs-origin/{vcs-origin*}/vcs-ref/{ref*}"},
	{Name: "version 1", Template: "org/{organization}/project/{project}/user/{user}"},
}

// circleciGenerated: a schedule runs as the user who made it.
var circleciGenerated = map[string]string{"user": "is whoever started the run"}

// circleci has an issuer per organization; its audience is the id of the
// organization unless the job asks for another:
// https://circleci.com/docs/openid-connect-tokens/
var circleci = &Provider{
	ID:        "circleci",
	Name:      "CircleCI",
	Issuer:    "https://oidc.circleci.com/org/<organization id>",
	Open:      policy.No,
	Audiences: []string{"<organization id>"},
	Claims:    since2026("oidc.circleci.com/project-id"),
	NotKeys: []string{
		"iss", "oidc.circleci.com/context-ids", "oidc.circleci.com/vcs-origin", "oidc.circleci.com/vcs-ref",
		"oidc.circleci.com/job-id", "oidc.circleci.com/org-id", "oidc.circleci.com/ssh-rerun",
	},
	Subjects: circleciShapes,
	Docs:     "https://circleci.com/docs/openid-connect-tokens/",
	Examples: []Example{
		{
			Host: "oidc.circleci.com/org/0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f",
			Sub:  "org/0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f/project/aa11bb22-2222-4c1d-9e2f-0a1b2c3d4e5f/user/ee55ff66-3333-4c1d-9e2f-0a1b2c3d4e5f",
			Aud:  "0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f",
			Parts: []string{
				"organization=0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f", "project=aa11bb22-2222-4c1d-9e2f-0a1b2c3d4e5f",
				"user=ee55ff66-3333-4c1d-9e2f-0a1b2c3d4e5f",
			},
		},
		{
			Host:  "oidc.circleci.com/org/0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f",
			Sub:   "org/o1/project/p1/user/u1/vcs-origin/github.com/acme/api/vcs-ref/refs/heads/feature/x",
			Aud:   "0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f",
			Parts: []string{"organization=o1", "project=p1", "user=u1", "vcs-origin=github.com/acme/api", "ref=refs/heads/feature/x"},
		},
	},
	audienceAt: "the claim aud in circleci run oidc get --claims",
	closed:     true,
	details:    []string{"user"},
	hosts:      []hostPattern{{"oidc.circleci.com", "/org/*"}},
	tenant:     tenantParts{name: "organization", id: "organization", repository: "project"},
	claimOf:    map[string]string{"project": "oidc.circleci.com/project-id"},
	changing:   []string{"user", "ref"},
	generated:  circleciGenerated,
}
