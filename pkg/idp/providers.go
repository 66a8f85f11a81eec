package idp

// Providers are all providers that are known, those with the most specific
// hosts first. The last stand for what only the subject tells, and for the
// rest.
var Providers = []*Provider{
	githubEnterprise, github, githubAuditLog, gheCom, ghes,
	eks, aks, gke, openshift, kops, kubernetes,
	gitlab, gitlabSelfManaged,
	bitbucket, circleci, circleciShared, buildkite, azureDevOps,
	terraform, terraformEnterprise, terrakube, spacelift, pulumi,
	vercelTeam, vercel, fly, windmill,
	entra, entraV1, google, cognito, facebook, amazon, oracle,
	auth0, okta, keycloak, sourceCoop,
	shared, githubLike, unknown,
}
