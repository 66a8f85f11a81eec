package cloudtrail

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// published are the records in testdata: real ones that others published, as
// they published them. A trimmed one lacks what its author cut.
var published = []struct {
	file       string
	event      Event
	parameters string   // a part of them
	flaws      []string // parts of what is reported
}{
	{
		// https://github.com/greenpau/argo-workflows-aws-plugin DEVELOPMENT.md
		file: "failed-accessdenied-eks-2023.json",
		event: Event{
			ID:           "899f0a00-4e04-4fab-bb35-0297ed266f62",
			Name:         "AssumeRoleWithWebIdentity",
			Source:       "sts.amazonaws.com",
			Time:         time.Date(2023, 11, 8, 15, 9, 8, 0, time.UTC),
			Region:       "us-west-2",
			AccountID:    "100000000002",
			RequestID:    "a3ead691-6855-45ed-aa48-b3714ddcff1f",
			SourceIP:     "44.238.229.20",
			UserAgent:    "aws-sdk-go/1.45.1 (go1.21.4; linux; amd64)",
			ErrorCode:    "AccessDenied",
			RawErrorCode: "AccessDenied",
			ErrorMessage: "An unknown error occurred",
			EndpointHost: "sts.us-west-2.amazonaws.com",
			RoleARN:      "arn:aws:iam::100000000002:role/sm-pipelines-k8s-awf-aws-executor-plugin",
			SessionName:  "1699456147945229070",
			Provider:     "arn:aws:iam::100000000002:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/A8242F25BFBB8F98F5321B2AE63C8B5C",
			Subject:      "system:serviceaccount:argo:awf-aws-executor-plugin",
			Audience:     "sts.amazonaws.com",
			HasAudience:  true,
		},
	},
	{
		// https://repost.aws/knowledge-center, the article on IRSA pods that cannot assume a role
		file: "failed-accessdenied-eks-repost-trimmed.json",
		event: Event{
			Name:         "AssumeRoleWithWebIdentity",
			ErrorCode:    "AccessDenied",
			RawErrorCode: "AccessDenied",
			ErrorMessage: "An unknown error occurred",
			RoleARN:      "arn:aws:iam::11112222333:role/AccessEC2role",
			SessionName:  "botocore-session-1675698641",
			Subject:      "system:serviceaccount:serverless:aws-sdk",
		},
		flaws: []string{`eventTime ""`},
	},
	{
		// https://github.com/ccbrown/cloud-snitch report_test.go
		file: "success-github-2025.json",
		event: Event{
			ID:            "ef0464cd-918e-4528-9ea3-1a081d39b393",
			Name:          "AssumeRoleWithWebIdentity",
			Source:        "sts.amazonaws.com",
			Time:          time.Date(2025, 4, 16, 2, 46, 56, 0, time.UTC),
			Region:        "us-east-1",
			AccountID:     "774305579662",
			RequestID:     "6936cb5f-948b-4139-8939-06118942c0cc",
			SourceIP:      "52.154.133.36",
			UserAgent:     "aws-sdk-nodejs/2.1112.0 linux/v20.19.0 configure-aws-credentials-for-github-actions promise",
			EndpointHost:  "sts.us-east-1.amazonaws.com",
			EndpointType:  "regional",
			ServingRegion: "us-east-1",
			RoleARN:       "arn:aws:iam::774305579662:role/cloud-snitch-github-actio-GithubActionsRoleF5CC769F-MoeCHSu77MYt",
			SessionName:   "GitHubActions",
			Duration:      3600,
			Provider:      "arn:aws:iam::774305579662:oidc-provider/token.actions.githubusercontent.com",
			Subject:       "repo:ccbrown/cloud-snitch:ref:refs/heads/main",
			Audience:      "sts.amazonaws.com",
			HasAudience:   true,
		},
	},
	{
		// https://github.com/aidansteele/jwtex README
		file: "success-github-custom-aud-2021-trimmed.json",
		event: Event{
			Name:        "AssumeRoleWithWebIdentity",
			Source:      "sts.amazonaws.com",
			AccountID:   "0123456789012",
			SourceIP:    "104.211.45.236",
			UserAgent:   "aws-cli/2.2.35 Python/3.8.8 Linux/5.8.0-1040-azure exe/x86_64.ubuntu.20 prompt/off command/sts.get-caller-identity",
			RoleARN:     "arn:aws:iam::0123456789012:role/ExampleGithubRole",
			SessionName: "botocore-session-1631674835",
			Provider:    "arn:aws:iam::0123456789012:oidc-provider/token.actions.githubusercontent.com",
			Subject:     "repo:octo-org/octo-repo:environment:prod",
			Audience:    "https://github.com/octo-org",
			HasAudience: true,
		},
		flaws: []string{`eventTime ""`},
	},
	{
		// https://github.com/elastic/integrations/issues/18396
		file: "success-eks-2026-partial.json",
		event: Event{
			Name:        "AssumeRoleWithWebIdentity",
			Source:      "sts.amazonaws.com",
			Time:        time.Date(2026, 4, 14, 21, 5, 31, 0, time.UTC),
			Region:      "us-west-2",
			Provider:    "arn:aws:iam::012345678901:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			Subject:     "system:serviceaccount:kube-namespace:kube-sa",
			Audience:    "sts.amazonaws.com",
			HasAudience: true,
		},
	},
	{
		// https://github.com/buildkite/docs pages/pipelines/security/oidc/aws.md
		file: "success-buildkite-docs-partial.json",
		event: Event{
			Name:        "AssumeRoleWithWebIdentity",
			Source:      "sts.amazonaws.com",
			Time:        time.Date(2025, 2, 18, 13, 34, 48, 0, time.UTC),
			Region:      "us-east-1",
			SourceIP:    "192.0.2.0",
			UserAgent:   "aws-cli/2.13.0 Python/3.11.4 Linux/6.7.12 exe/x86_64.ubuntu.22 prompt/off command/sts.assume-role-with-web-identity",
			RoleARN:     "arn:aws:iam::AWS_ACCOUNT_ID:role/example-pipeline-oidc-for-ssm",
			SessionName: "buildkite-job-01951944-87df-428f-ad92-90709ee78a59",
			PrincipalTags: []Tag{
				{"organization_id", "ab3883b1-9596-4312-a09c-4527ae997ba7"},
				{"organization_slug", "example-org"},
				{"pipeline_slug", "example-pipeline"},
			},
			Provider:    "arn:aws:iam::AWS_ACCOUNT_ID:oidc-provider/agent.buildkite.com",
			Subject:     "organization:example-org:pipeline:example-pipeline:ref:refs/heads/main:commit:1da177e4c3f41524e886b7f1b8a0c1fc7321cac2:step:",
			Audience:    "sts.amazonaws.com",
			HasAudience: true,
		},
	},
	{
		// https://github.com/DataDog/stratus-red-team docs, aws.persistence.iam-backdoor-role; region and address are made up
		file: "iam-UpdateAssumeRolePolicy-2024.json",
		event: Event{
			ID:           "62e290e2-ee95-4a7c-a9f8-db4ef462b12d",
			Name:         "UpdateAssumeRolePolicy",
			Source:       "iam.amazonaws.com",
			Time:         time.Date(2024, 8, 1, 13, 29, 57, 0, time.UTC),
			Region:       "ca-isob-northsouth-1r",
			AccountID:    "751203476945",
			RequestID:    "295ee6e3-1da9-416f-885d-ad65d876ef82",
			SourceIP:     "225.178.039.250",
			UserAgent:    "stratus-red-team_180e078f-4ad3-40c5-9ec3-efff37e17b25",
			EndpointHost: "iam.amazonaws.com",
			Actor:        Actor{Type: "IAMUser", ARN: "arn:aws:iam::751203476945:user/christophe", Name: "christophe"},
		},
		parameters: `"roleName": "stratus-red-team-backdoor-r-role"`,
	},
}

func TestPublishedRecords(t *testing.T) {
	for _, tt := range published {
		t.Run(tt.file, func(t *testing.T) {
			ev, flaws := only(t, string(readFile(t, tt.file)))
			checkFlaws(t, flaws, tt.flaws)
			if !bytes.Contains(ev.Parameters, []byte(tt.parameters)) || (ev.Parameters == nil) != (tt.parameters == "") {
				t.Errorf("parameters = %s, want %s among them", ev.Parameters, tt.parameters)
			}
			ev.Parameters = nil
			if got, want := fmt.Sprintf("%+v", *ev), fmt.Sprintf("%+v", tt.event); got != want {
				t.Errorf("read\n\t%s, want\n\t%s", got, want)
			}
		})
	}
}

// TestAudienceOfPublishedRecords is about those whose audience or subject has
// colons or blanks of its own.
func TestAudienceOfPublishedRecords(t *testing.T) {
	tests := []struct{ file, keyHost, aud, sub string }{
		{
			"success-cognito-2023.json", "cognito-identity.amazonaws.com",
			"ap-southeast-2:14deebd0-19f8-4295-a55e-8b36e60b4926", "ap-southeast-2:f33550b0-d103-4ff1-9319-1745fea988da",
		},
		{
			"success-terraform-cloud-2023-trimmed.json", "app.terraform.io", "aws.workload.identity",
			"organization:test-organization:project:Default Project:workspace:test-terraform-cloud:run_phase:plan",
		},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			ev, _ := only(t, string(readFile(t, tt.file)))
			if ev.KeyHost() != tt.keyHost || ev.Audience != tt.aud || !ev.HasAudience || ev.Subject != tt.sub {
				t.Errorf("read %q, %q, %q; want %q, %q, %q", ev.KeyHost(), ev.Audience, ev.Subject, tt.keyHost, tt.aud, tt.sub)
			}
		})
	}
}

// TestCredentialsAreDropped puts a secret wherever a success has credentials.
func TestCredentialsAreDropped(t *testing.T) {
	const token, key = "SECRETSESSIONTOKEN", "ASIASECRETACCESSKEY"
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no records: %v", err)
	}
	for _, file := range files {
		record := string(compact(t, readFile(t, filepath.Base(file))))
		secret := `"responseElements":{"credentials":{"accessKeyId":"` + key + `","sessionToken":"` + token + `"}},`
		record = "{" + secret + record[1:]
		inputs := map[string]string{
			"whole":           record,
			"field unusable":  strings.Replace(record, `"eventTime":`, `"eventTime":1,"x":`, 1),
			"no record":       strings.Replace(record, `"eventName":`, `"name":`, 1),
			"credentials bad": strings.Replace(record, `"accessKeyId":`, `"accessKeyId" `, 1),
			"broken behind":   strings.Replace(record, token+`"`, token+`" `+token, 1),
			"cut off":         record[:strings.Index(record, token)+8],
		}
		for name, input := range inputs {
			for _, w := range wrappings {
				wrapped := w.wrap([][]byte{[]byte(input)})
				for ev, err := range NewReader(bytes.NewReader(wrapped), "input").Events() {
					if text := fmt.Sprintf("%+v %s %v", ev, parametersOf(ev), err); strings.Contains(text, "SECRET") {
						t.Errorf("%s, %s, %s: a credential in %s", file, name, w.name, text)
					}
				}
			}
		}
	}
}

func parametersOf(ev *Event) string {
	if ev == nil {
		return ""
	}
	return string(ev.Parameters) + string(ev.Case)
}

// only reads an input of one event.
func only(t *testing.T, input string) (*Event, []error) {
	t.Helper()
	var event *Event
	var flaws []error
	for ev, err := range NewReader(strings.NewReader(input), "input").Events() {
		switch {
		case err != nil:
			flaws = append(flaws, err)
		case event != nil:
			t.Fatal("more than one event")
		default:
			event = ev
		}
	}
	if event == nil {
		t.Fatalf("no event, %v", flaws)
	}
	return event, flaws
}

func checkFlaws(t *testing.T, got []error, want []string) {
	t.Helper()
	for i, flaw := range got {
		if i >= len(want) || !strings.Contains(flaw.Error(), want[i]) {
			t.Errorf("reported %v", flaw)
		}
	}
	if len(got) < len(want) {
		t.Errorf("reported %v, want %q", got, want)
	}
}
