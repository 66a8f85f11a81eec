package caller

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var terraform = &Place{
	ID: "terraform", Name: "HCP Terraform", Looks: "TFC_RUN_ID, TFC_WORKLOAD_IDENTITY_TOKEN and those with a tag behind it",
	RoleAt: "--role, or in TFC_AWS_RUN_ROLE_ARN of the workspace",
	Docs:   "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/manual-generation",
	is: func(env Environment) bool {
		return env.Get("TFC_RUN_ID") != "" || len(workloadTokens(env)) > 0
	},
	look: lookTerraform,
}

const workloadToken = "TFC_WORKLOAD_IDENTITY_TOKEN"

func lookTerraform(_ context.Context, env Environment, _ Wish, e *Evidence) {
	e.Detail = strings.TrimSpace("workspace " + env.Get("TFC_WORKSPACE_NAME"))
	if id := env.Get("TFC_RUN_ID"); e.Session == "" && id != "" {
		e.Session = "terraform-" + id
	}
	names := workloadTokens(env)
	switch {
	case e.given():
	case len(names) == 0:
		e.fault("the run has no token: no variable "+workloadToken+" is set",
			"set TFC_WORKLOAD_IDENTITY_AUDIENCE in the workspace, which puts a token into the environment of the run; TFC_AWS_PROVIDER_AUTH alone keeps it from sight")
	default:
		e.found([]byte(env.Get(names[0])), "the variable "+names[0])
		if len(names) > 1 {
			e.note(fmt.Sprintf("the run has several tokens: %s; --token with a file looks at another one", strings.Join(names, ", ")))
		}
	}
	phase := map[string]string{"plan": "TFC_AWS_PLAN_ROLE_ARN", "apply": "TFC_AWS_APPLY_ROLE_ARN"}[e.Token.Text("terraform_run_phase")]
	e.roleFrom(env, phase, "TFC_AWS_RUN_ROLE_ARN", "AWS_ROLE_ARN")
}

// workloadTokens are the variables that hold tokens, that without a tag first.
func workloadTokens(env Environment) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(env.Variables)) {
		if (name == workloadToken || strings.HasPrefix(name, workloadToken+"_")) && env.Get(name) != "" {
			names = append(names, name)
		}
	}
	return names
}
