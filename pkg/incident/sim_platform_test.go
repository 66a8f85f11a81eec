package incident_test

import (
	"fmt"
	"strings"
)

// caller is somebody who calls a role, under subjects that change from job to
// job without making it another.
type caller struct {
	name    string // within its role
	pattern string // what a trust policy says to let it in
	subject func(job int) string
}

// platform is a kind of issuer.
type platform struct {
	host     string // %s: what sets one apart from another of the same kind
	audience string
	callers  func(role string) []caller
}

// who is a caller whose subjects are a format with the number of the job.
func who(name, pattern, subject string) caller {
	return caller{name, pattern, func(job int) string {
		if !strings.Contains(subject, "%") {
			return subject
		}
		return fmt.Sprintf(subject, job)
	}}
}

// platforms: one's own clusters, and what is open to all.
var platforms = map[string]platform{
	"eks": {"oidc.eks.eu-west-1.amazonaws.com/id/%s", "sts.amazonaws.com", func(role string) []caller {
		return []caller{
			who("account", "system:serviceaccount:shop:"+role, "system:serviceaccount:shop:"+role),
			// Crossplane makes such endings anew.
			who("generated", "system:serviceaccount:crossplane:"+role+"-*", "system:serviceaccount:crossplane:"+role+"-6b36ca%06d"),
		}
	}},
	"github": {"token.actions.githubusercontent.com", "sts.amazonaws.com", func(role string) []caller {
		repo := "repo:larkfield/" + role
		callers := []caller{
			who("branches", repo+":ref:refs/heads/*", repo+":ref:refs/heads/feature-%d"),
			who("production", repo+":environment:production", repo+":environment:production"),
			who("renamed", "repo:larkspur/"+role+":ref:refs/heads/*", "repo:larkspur/"+role+":ref:refs/heads/feature-%d"),
			who("immutable", "repo:larkfield@4412/"+role+"@7781:ref:refs/heads/*", "repo:larkfield@4412/"+role+"@7781:ref:refs/heads/feature-%d"),
		}
		for i := range 12 {
			stage := fmt.Sprintf("stage-%d", i)
			callers = append(callers, who(stage, repo+":environment:"+stage, repo+":environment:"+stage))
		}
		return callers
	}},
	"gitlab": {"gitlab.com", "https://gitlab.com", func(role string) []caller {
		project := "project_path:larkfield/" + role
		return []caller{
			who("branches", project+":ref_type:branch:ref:*", project+":ref_type:branch:ref:feature-%d"),
			who("tools", project+"-tools:ref_type:branch:ref:*", project+"-tools:ref_type:branch:ref:feature-%d"),
		}
	}},
	"terraform": {"app.terraform.io", "aws.workload.identity", func(role string) []caller {
		workspace := "organization:larkfield:project:core:workspace:" + role
		return []caller{
			who("plan", workspace+":run_phase:plan", workspace+":run_phase:plan"),
			who("apply", workspace+":run_phase:apply", workspace+":run_phase:apply"),
		}
	}},
	"buildkite": {"agent.buildkite.com", "sts.amazonaws.com", func(role string) []caller {
		pipeline := "organization:larkfield:pipeline:" + role
		return []caller{
			who("build", pipeline+":ref:refs/heads/*", pipeline+":ref:refs/heads/main:commit:%040x:step:deploy"),
			who("nightly", pipeline+"-nightly:ref:refs/heads/*", pipeline+"-nightly:ref:refs/heads/main:commit:%040x:step:deploy"),
		}
	}},
}

// The ways in which a trust policy is wrong.
const (
	otherNames = iota // it names what the callers were called once
	otherAudience
	denies
	otherPrincipal
	otherAction
	waysToBeWrong
)

// trust writes the trust policy of a role that lets in the callers of those
// names and no other. In any way but otherNames it lets in nobody at all.
func (r *role) trust(way int, names ...string) version {
	v := version{admits: map[string]bool{}}
	patterns := []string{}
	for _, c := range r.callers[:2] {
		patterns = append(patterns, strings.Replace(c.pattern, r.name, r.name+"-old", 1))
	}
	for _, c := range r.callers {
		for _, name := range names {
			if c.name == name {
				patterns, v.admits[name] = append(patterns, c.pattern), way == otherNames
			}
		}
	}
	v.policy = r.document(way, patterns)
	return v
}

func (r *role) document(way int, patterns []string) []byte {
	principal, action, audience, deny := r.issuer.arn, "sts:AssumeRoleWithWebIdentity", r.issuer.audience, ""
	switch way {
	case otherAudience:
		audience = "sts.eu-west-1.amazonaws.com"
	case denies:
		deny = `, {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}`
	case otherPrincipal:
		principal = fmt.Sprintf("arn:aws:iam::%s:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/%032X", r.account, len(r.versions)+1000*int(r.name[len(r.name)-1]))
	case otherAction:
		action = "sts:AssumeRole"
	}
	return fmt.Appendf(nil, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": %q}, "Action": %q,
  "Condition": {"StringEquals": {"%[3]s:aud": %[4]q}, "StringLike": {"%[3]s:sub": ["%[5]s"]}}}%[6]s]}`,
		principal, action, r.issuer.host, audience, strings.Join(patterns, `", "`), deny)
}
