package corpus

import (
	"fmt"
	"time"
)

const webIdentity = "AssumeRoleWithWebIdentity"

// caller is a workload of one's own with the role that it may assume, and a
// subject that the role's trust policy refuses.
type caller struct {
	role, issuer, audience string
	trusted, refused       func(*file) string
	agent, session         string
}

const (
	gitHub = "token.actions.githubusercontent.com"
	eks    = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	gitLab = "gitlab.com"
	hcp    = "app.terraform.io"
)

// callers are one for each of so many workloads of every provider.
var callers = func() (all []caller) {
	for i := range 20 {
		repo := fmt.Sprintf("repo:acme/service-%02d:", i)
		group := fmt.Sprintf("project_path:acme/tool-%02d:ref_type:branch:ref:", i)
		space := fmt.Sprintf("system:serviceaccount:team-%02d:", i)
		run := fmt.Sprintf("organization:acme:project:platform:workspace:network-%02d:run_phase:", i)
		all = append(
			all,
			caller{
				fmt.Sprintf("deploy-service-%02d", i), gitHub, "sts.amazonaws.com", fixed(repo + "ref:refs/heads/main"), branch(repo + "ref:refs/heads/"),
				"aws-sdk-js/3.716.0 ua/2.1 os/linux#6.8.0-1021-azure lang/js md/nodejs#20.19.0 api/sts#3.716.0 configure-aws-credentials-for-github-actions", "GitHubActions",
			},
			caller{
				fmt.Sprintf("pod-team-%02d", i), eks, "sts.amazonaws.com", fixed(space + "worker"), fixed(space + "default"),
				"aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.2 md/GOARCH#arm64 md/GOOS#linux api/sts#1.33.17", "1760000000000000000",
			},
			caller{
				fmt.Sprintf("tool-%02d", i), gitLab, "https://gitlab.com", fixed(group + "main"), branch(group),
				"aws-cli/2.24.10 md/awscrt#0.23.8 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.9 md/prompt#off md/command#sts.assume-role-with-web-identity", "gitlab",
			},
			caller{
				fmt.Sprintf("network-%02d", i), hcp, "aws.workload.identity", fixed(run + "apply"), fixed(run + "plan"),
				"APN/1.0 HashiCorp/1.0 Terraform/1.10.5 (+https://www.terraform.io) terraform-provider-aws/5.88.0", "terraform-run-0123456789abcdef",
			},
		)
	}
	return all
}()

func fixed(sub string) func(*file) string { return func(*file) string { return sub } }

// branch makes up a branch of a hundred.
func branch(prefix string) func(*file) string {
	return func(f *file) string { return fmt.Sprintf("%sfeature-%02d", prefix, f.IntN(100)) }
}

func providerARN(issuer string) string { return "arn:aws:iam::" + account + ":oidc-provider/" + issuer }

func roleARN(name string) string { return "arn:aws:iam::" + account + ":role/" + name }

// webIdentity writes the call of a workload, one that succeeds or one that is
// denied, as records of both kinds that others published have it.
func (f *file) webIdentity(denied bool) {
	c := &callers[f.IntN(len(callers))]
	sub := c.trusted(f)
	if denied {
		sub = c.refused(f)
	}
	f.buf = append(f.buf, '{')
	f.text("eventVersion", "1.11")
	f.object("userIdentity", func() {
		f.text("type", "WebIdentityUser")
		f.text("principalId", providerARN(c.issuer)+":"+c.audience+":"+sub)
		f.text("userName", sub)
		f.text("identityProvider", providerARN(c.issuer))
	})
	f.text("eventTime", f.moment())
	f.text("eventSource", "sts.amazonaws.com")
	f.text("eventName", webIdentity)
	f.text("awsRegion", f.region)
	f.text("sourceIPAddress", f.address())
	f.text("userAgent", c.agent)
	if denied {
		f.text("errorCode", "AccessDenied")
		f.text("errorMessage", "An unknown error occurred")
	}
	f.object("requestParameters", func() {
		f.text("roleArn", roleARN(c.role))
		f.text("roleSessionName", c.session)
		f.number("durationSeconds", 3600)
	})
	f.answer(c, sub, denied)
	f.raw("resources", `[{"accountId":"`+account+`","type":"AWS::IAM::Role","ARN":"`+roleARN(c.role)+`"}]`)
	f.tail(true, "sts."+f.region+".amazonaws.com")
}

// answer writes what the call returned.
func (f *file) answer(c *caller, sub string, denied bool) {
	if denied {
		f.raw("responseElements", "null")
		return
	}
	f.object("responseElements", func() {
		f.object("credentials", func() {
			f.text("accessKeyId", "ASIA"+f.random(16, upper))
			f.text("sessionToken", "IQoJb3JpZ2luX2Vj"+f.random(900+f.IntN(300), base64Text)+"=")
			f.text("expiration", f.begin.Add(time.Hour).Format("Jan 2, 2006, 3:04:05 PM"))
		})
		f.text("subjectFromWebIdentityToken", sub)
		f.object("assumedRoleUser", func() {
			f.text("assumedRoleId", "AROA"+f.random(17, upper)+":"+c.session)
			f.text("arn", "arn:aws:sts::"+account+":assumed-role/"+c.role+"/"+c.session)
		})
		f.text("provider", providerARN(c.issuer))
		f.text("audience", c.audience)
	})
	f.object("additionalEventData", func() {
		f.text("identityProviderConnectionVerificationMethod", "IAMTrustStore")
		f.object("RequestDetails", func() {
			f.text("awsServingRegion", f.region)
			f.text("endpointType", "regional")
		})
	})
}
