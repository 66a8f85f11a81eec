package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The call is a read-only management event, which a rule in state ENABLED
// never matches. Whatever EventBridge cannot hand on is kept.
func TestRules(t *testing.T) {
	for name, target := range map[string]string{mainTemplate: `{"Fn::GetAtt":["Events","Arn"]}`, forwarder: `{"Ref":"CentralBusArn"}`} {
		rules := 0
		for id, r := range transformed(t, name).Resources {
			if r.Type != "AWS::Events::Rule" {
				continue
			}
			rules++
			if got := r.get("State"); got != `"ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"` {
				t.Errorf("%s: state %s of %s", name, got, id)
			}
			if got := r.get("Targets", 0, "Arn"); got != target {
				t.Errorf("%s: target %s", name, got)
			}
			if got := r.get("Targets", 0, "DeadLetterConfig", "Arn"); got != `{"Fn::GetAtt":["DeadLetters","Arn"]}` {
				t.Errorf("%s: dead letters to %s", name, got)
			}
		}
		if rules != 1 {
			t.Errorf("%s: %d rules", name, rules)
		}
	}
}

// The pattern takes every sample that the function explains and no other, by
// another's implementation of patterns.
func TestPatternTakesFailedCalls(t *testing.T) {
	want := []string{"testdata/eks-2023.json"}
	for name, s := range samples(t) {
		if s.Denied() && name != "eks-2023" {
			want = append(want, "events/"+name+".json")
		}
	}
	slices.Sort(want)
	for _, name := range []string{mainTemplate, forwarder} {
		got := must(deployed())(t).Matches[name]
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s: matched (-want +got):\n%s", name, diff)
		}
	}
}

func TestQueuesAreEncryptedAndEndInDeadLetters(t *testing.T) {
	for _, name := range []string{mainTemplate, forwarder} {
		tmpl := transformed(t, name)
		for id, r := range tmpl.Resources {
			if r.Type == "AWS::SQS::Queue" && r.get("SqsManagedSseEnabled") != "true" {
				t.Errorf("%s: %s is not encrypted", name, id)
			}
			if r.Type == "AWS::SQS::QueuePolicy" && !strings.Contains(r.get("PolicyDocument"), `"Bool":{"aws:SecureTransport":"false"}`) {
				t.Errorf("%s: %s lets plain HTTP in", name, id)
			}
		}
		if got := tmpl.Resources["DeadLetters"].get("MessageRetentionPeriod"); got != "1209600" {
			t.Errorf("%s: dead letters are kept for %s s", name, got)
		}
	}
	events := transformed(t, mainTemplate).Resources["Events"]
	if got := events.get("RedrivePolicy", "deadLetterTargetArn"); got != `{"Fn::GetAtt":["DeadLetters","Arn"]}` {
		t.Errorf("redrive to %s", got)
	}
	function := transformed(t, mainTemplate).Resources["ExplainFunction"]
	var visible, timeout int
	check(t, json.Unmarshal([]byte(events.get("VisibilityTimeout")), &visible))
	check(t, json.Unmarshal([]byte(function.get("Timeout")), &timeout))
	if visible < 6*timeout {
		t.Errorf("messages are visible again after %d s, and the function may take %d s", visible, timeout)
	}
}

// Alarms reach the topic, which AWS's own key for SNS would prevent.
func TestTopicIsEncryptedAndAlarmsReachIt(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	if got := tmpl.Resources["ReportTopic"].get("KmsMasterKeyId"); got != `{"Ref":"TopicKey"}` {
		t.Errorf("key %s", got)
	}
	key, policy := tmpl.Resources["TopicKey"].get("KeyPolicy"), tmpl.Resources["ReportTopicPolicy"].get("PolicyDocument")
	for _, want := range []string{`"Action":["kms:Decrypt","kms:GenerateDataKey*"]`, `"Principal":{"Service":"cloudwatch.amazonaws.com"}`} {
		if !strings.Contains(key, want) {
			t.Errorf("the key's policy has no %s: %s", want, key)
		}
	}
	for _, want := range []string{`"Principal":{"Service":"cloudwatch.amazonaws.com"}`, `"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"`} {
		if !strings.Contains(policy, want) {
			t.Errorf("the topic's policy has no %s: %s", want, policy)
		}
	}
	var alarms []string
	for id, r := range tmpl.Resources {
		if r.Type == "AWS::CloudWatch::Alarm" {
			alarms = append(alarms, id)
			if got := r.get("AlarmActions"); got != `[{"Ref":"ReportTopic"}]` {
				t.Errorf("%s tells %s", id, got)
			}
		}
	}
	slices.Sort(alarms)
	if diff := cmp.Diff([]string{"BacklogAlarm", "DeadLettersAlarm", "ErrorsAlarm", "SilenceAlarm"}, alarms); diff != "" {
		t.Error(diff)
	}
}

func TestFunctionAsItIsBuilt(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	f := tmpl.Resources["ExplainFunction"]
	for property, want := range map[string]string{
		"Runtime": `"provided.al2023"`, "Architectures": `["arm64"]`, "Handler": `"bootstrap"`,
		"LoggingConfig": `{"LogGroup":{"Ref":"ExplainLogs"}}`,
	} {
		if got := f.get(property); got != want {
			t.Errorf("%s is %s, want %s", property, got, want)
		}
	}
	if got := tmpl.Resources["ExplainLogs"].get("RetentionInDays"); got != `{"Ref":"LogRetentionDays"}` {
		t.Errorf("logs are kept for %s days", got)
	}
	for id, r := range tmpl.Resources {
		if r.Type == "AWS::Lambda::EventSourceMapping" && r.get("FunctionResponseTypes") != `["ReportBatchItemFailures"]` {
			t.Errorf("%s takes no partial answers", id)
		}
	}
}

func TestTemplatesFitEveryPartition(t *testing.T) {
	for _, name := range templates {
		for _, region := range regions {
			resources := must(deployed())(t).Templates[region][name].Resources
			if len(resources) == 0 {
				t.Errorf("%s in %s: nothing", name, region)
			}
			out := must(json.Marshal(resources))(t)
			if found := regexp.MustCompile(`arn:aws[a-z-]*:`).FindString(string(out)); found != "" {
				t.Errorf("%s in %s: an ARN begins with %s", name, region, found)
			}
		}
	}
}

// Each output and parameter is explained, and the repository's page of the
// Serverless Application Repository has what it asks for.
func TestTemplatesAreDescribed(t *testing.T) {
	for _, name := range templates {
		tmpl := transformed(t, name)
		for id, p := range tmpl.Parameters {
			if p.Description == "" {
				t.Errorf("%s: parameter %s has no description", name, id)
			}
		}
		for id, o := range tmpl.Outputs {
			if o.Description == "" {
				t.Errorf("%s: output %s has no description", name, id)
			}
		}
	}
	var meta map[string]any
	check(t, json.Unmarshal(transformed(t, mainTemplate).Metadata["AWS::ServerlessRepo::Application"], &meta))
	for _, name := range []string{"Name", "Description", "Author", "SpdxLicenseId", "LicenseUrl", "ReadmeUrl", "Labels", "HomePageUrl", "SourceCodeUrl", "SemanticVersion"} {
		if fmt.Sprint(meta[name]) == "" || meta[name] == nil {
			t.Errorf("metadata: no %s", name)
		}
	}
	for _, name := range []string{"LicenseUrl", "ReadmeUrl"} {
		if _, err := os.Stat(filepath.Join(root, fmt.Sprint(meta[name]))); err != nil {
			t.Errorf("metadata: %v", err)
		}
	}
}
