package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var vpcEndpointPolicyDeny = &Check{
	Code:  "vpc-endpoint-policy-deny",
	Title: "A policy of the STS interface endpoint refuses the call",
	Doc: `The call came through a VPC endpoint of STS. The endpoint has a policy of its own, which must allow the action for everybody
who is no principal of AWS yet. Nothing in the role or the event shows it.

What to do: look at the policy of the endpoint that the record names.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_interface_vpc_endpoints.html",
	Errors: []string{accessDenied},
	Run:    findVPCEndpointPolicyDeny,
}

func findVPCEndpointPolicyDeny(c *Case) []Finding {
	if c.Event.VPCEndpoint == "" || !c.allowedAtTheTime() {
		return nil
	}
	certainty := report.Possible
	if c.RCPs.Exists == policy.Yes && c.Changes.Exists == policy.Yes {
		certainty = report.Likely // nothing else that could be looked at is left
	}
	return []Finding{{Finding: report.Finding{
		Certainty: certainty, Actual: c.Event.VPCEndpoint,
		Message: fmt.Sprintf("the trust policy allows this call, which came through the VPC endpoint %s: the policy of the endpoint may refuse it", quote(c.Event.VPCEndpoint)),
		Fixes: []report.Fix{{
			Target:   report.Elsewhere,
			Message:  fmt.Sprintf("see that the policy of the VPC endpoint %s allows %s for %s", quote(c.Event.VPCEndpoint), actionAssume, c.Event.RoleARN),
			Commands: awsCommand("ec2 describe-vpc-endpoints", option{"vpc-endpoint-ids", c.Event.VPCEndpoint}),
		}},
	}}}
}
