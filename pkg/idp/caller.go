package idp

import "cmp"

// CallerFix says in a verb phrase what to change on the caller's side, where
// the difference that the hint names can be put right there; "" where it
// cannot. want is the value of the policy, got the subject.
func (p *Provider) CallerFix(h Hint, want, got string) string {
	w, g := p.Parse(want), p.Parse(got)
	switch h.Kind {
	case KindNamespace, KindNameTwice:
		return phrase("run the pod in namespace ", w.Value("namespace"))
	case KindServiceAccount, KindReleaseName, KindMissingSuffix, KindExtraSuffix, KindAddonAccount:
		return phrase("let the pod run under the service account ", w.Value("service-account"))
	case KindEnvironmentForm:
		return phrase("move the AWS steps to a job without the environment ", g.Value("environment"))
	case KindNoEnvironment, KindOtherEnvironment:
		if p.tenant.repositoryID != "" {
			return phrase("set environment: of the job to ", w.Value("environment"))
		}
		if p.tenant.name == "team" {
			return phrase("deploy to the environment ", w.Value("environment"))
		}
	case KindOtherBranch, KindTag:
		return p.runOn(&w)
	case KindBranch:
		return phrase("run it for the tag ", cmp.Or(w.Value("tag"), w.Value("ref")))
	case KindStack:
		return phrase("run it in the stack ", w.Value("stack"))
	case KindOperation:
		return phrase("let this operation use another role than the one for ", w.Value("operation"))
	case KindRunPhase:
		return phrase("let the run in this phase use another role than the one for ", w.Value("run-phase"))
	}
	return ""
}

// runOn is how to get a run for the wanted branch.
func (p *Provider) runOn(want *Subject) string {
	if branch := want.Value("branch"); branch != "" {
		return phrase("run the job on the branch ", branch)
	}
	if want.Value("ref-type") == "branch" {
		return phrase("run the pipeline on the branch ", want.Value("ref"))
	}
	return ""
}

// phrase puts the value behind the words; "" where there is no value, or only
// a pattern.
func phrase(words, value string) string {
	if !literal(value) {
		return ""
	}
	return words + Quote(value)
}

// AudienceFix says in a verb phrase where the caller asks for the audience
// want, "" where it cannot choose or nothing is known of it.
func (p *Provider) AudienceFix(want string) string {
	if p.audienceAt == "" || !literal(want) {
		return ""
	}
	return "set " + p.audienceAt + " to " + Quote(want)
}
