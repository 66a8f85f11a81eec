package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// rules are those that get events, by template: what state they are in, and
// where they send events to. The call is a read-only management event, which a
// rule in state ENABLED never matches; an edit is none.
var rules = map[string]struct {
	states map[string]string
	target string
}{
	mainTemplate: {
		map[string]string{"DeniedRule": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "EditedRule": "ENABLED"},
		`{"Fn::GetAtt":["Events","Arn"]}`,
	},
	forwarder: {
		map[string]string{"ForwardRule": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "ForwardEditsRule": "ENABLED"},
		`{"Ref":"CentralBusArn"}`,
	},
}

// Whatever EventBridge cannot hand on is kept, by queues that take it from
// these rules.
func TestRules(t *testing.T) {
	for name, want := range rules {
		tmpl, states := transformed(t, name), map[string]string{}
		for id, r := range tmpl.Resources {
			if r.Type != "AWS::Events::Rule" || r.Properties["EventPattern"] == nil {
				continue
			}
			states[id] = strings.Trim(r.get("State"), `"`)
			if got := r.get("Targets", 0, "Arn"); got != want.target {
				t.Errorf("%s: %s targets %s", name, id, got)
			}
			if got := r.get("Targets", 0, "DeadLetterConfig", "Arn"); got != `{"Fn::GetAtt":["DeadLetters","Arn"]}` {
				t.Errorf("%s: dead letters of %s to %s", name, id, got)
			}
		}
		if diff := cmp.Diff(want.states, states); diff != "" {
			t.Errorf("%s: states (-want +got):\n%s", name, diff)
		}
		checkSenders(t, tmpl, states)
	}
}

// checkSenders wants every queue to take messages from all rules and nobody
// else.
func checkSenders(t *testing.T, tmpl template, rules map[string]string) {
	t.Helper()
	for id, r := range tmpl.Resources {
		if r.Type != "AWS::SQS::QueuePolicy" {
			continue
		}
		senders := r.get("PolicyDocument", "Statement", 0, "Condition", "ArnEquals", "aws:SourceArn")
		for rule := range rules {
			if !strings.Contains(senders, `["`+rule+`","Arn"]`) {
				t.Errorf("%s takes nothing from %s: %s", id, rule, senders)
			}
		}
		if got := strings.Count(senders, "Fn::GetAtt"); got != len(rules) {
			t.Errorf("%s takes messages from %s", id, senders)
		}
	}
}

// The patterns take every sample that the function explains, every edit that
// succeeded, and nothing else, by another's implementation of patterns.
func TestPatterns(t *testing.T) {
	denied := []string{"testdata/eks-2023.json"}
	for name, s := range samples(t) {
		if s.Denied() && name != "eks-2023" {
			denied = append(denied, "events/"+name+".json")
		}
	}
	want := map[string]map[string][]string{
		mainTemplate: {"DeniedRule": denied, "EditedRule": slices.Clone(cloudtrail.ChangeNames)},
		forwarder:    {"ForwardRule": denied, "ForwardEditsRule": slices.Clone(cloudtrail.ChangeNames)},
	}
	for name, rules := range want {
		for rule, want := range rules {
			got := must(deployed())(t).Matches[name][rule]
			if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
				t.Errorf("%s: %s matched (-want +got):\n%s", name, rule, diff)
			}
		}
	}
}

// The function for incidents runs each minute, and a run is over before the
// next one that could take up what it is sending.
func TestSchedule(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	var schedules []string
	for _, r := range tmpl.Resources {
		if r.Type == "AWS::Events::Rule" && r.Properties["ScheduleExpression"] != nil {
			schedules = append(schedules, r.get("ScheduleExpression"), r.get("Targets", 0, "Arn"))
		}
	}
	if diff := cmp.Diff([]string{`"rate(1 minute)"`, `{"Fn::GetAtt":["FollowupFunction","Arn"]}`}, schedules); diff != "" {
		t.Error(diff)
	}
	for _, function := range functions {
		var seconds time.Duration
		check(t, json.Unmarshal([]byte(tmpl.Resources[function].get("Timeout")), &seconds))
		if lease := incident.Defaults().Lease; seconds*time.Second >= lease {
			t.Errorf("%s may run for %v, and others take its messages over after %v", function, seconds*time.Second, lease)
		}
	}
}

// The table is the one that the store was tested with, and what it holds is
// safe.
func TestTable(t *testing.T) {
	table := transformed(t, mainTemplate).Resources["Incidents"]
	var got dynamodb.CreateTableInput
	properties := maps.Clone(table.Properties)
	delete(properties, "SSESpecification") // whose form differs
	check(t, json.Unmarshal(must(json.Marshal(properties))(t), &got))
	got.TableName = aws.String("t")
	if diff := cmp.Diff(dynamolocal.Definition("t"), &got, cmpopts.IgnoreUnexported(
		dynamodb.CreateTableInput{}, types.AttributeDefinition{}, types.KeySchemaElement{}, types.GlobalSecondaryIndex{}, types.Projection{},
	)); diff != "" {
		t.Errorf("table (-tested +template):\n%s", diff)
	}
	for property, want := range map[string]string{
		"BillingMode":                      `"PAY_PER_REQUEST"`,
		"SSESpecification":                 `{"SSEEnabled":true}`,
		"PointInTimeRecoverySpecification": `{"PointInTimeRecoveryEnabled":true}`,
		"TimeToLiveSpecification":          `{"AttributeName":"expires","Enabled":true}`,
	} {
		if got := table.get(property); got != want {
			t.Errorf("%s is %s, want %s", property, got, want)
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
	if diff := cmp.Diff([]string{
		"BacklogAlarm", "DeadLettersAlarm", "ErrorsAlarm", "ExplainLostAlarm", "FollowupErrorsAlarm",
		"FollowupLostAlarm", "FollowupMissingAlarm", "SilenceAlarm", "UndeliveredAlarm",
	}, alarms); diff != "" {
		t.Error(diff)
	}
}

// Alarms on metrics of one's own are on such as the functions send.
func TestAlarmsAreOnMetricsThatAreSent(t *testing.T) {
	names := []string{metrics.Events.Name, metrics.Outstanding.Name, metrics.Lost.Name}
	for id, r := range transformed(t, mainTemplate).Resources {
		if r.Type != "AWS::CloudWatch::Alarm" || r.get("Namespace") != `"`+metrics.Namespace+`"` {
			continue
		}
		if name := r.Properties["MetricName"].(string); !slices.Contains(names, name) || r.get("Dimensions", 0, "Name") != `"FunctionName"` {
			t.Errorf("%s is on %s, by %s", id, name, r.get("Dimensions"))
		}
	}
}

// functions are those of the template.
var functions = []string{"ExplainFunction", "FollowupFunction"}

func TestFunctionsAsTheyAreBuilt(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	for _, name := range functions {
		logs := strings.TrimSuffix(name, "Function") + "Logs"
		for property, want := range map[string]string{
			"Runtime": `"provided.al2023"`, "Architectures": `["arm64"]`, "Handler": `"bootstrap"`,
			"LoggingConfig": `{"LogGroup":{"Ref":"` + logs + `"}}`,
		} {
			if got := tmpl.Resources[name].get(property); got != want {
				t.Errorf("%s: %s is %s, want %s", name, property, got, want)
			}
		}
		if got := tmpl.Resources[logs].get("RetentionInDays"); got != `{"Ref":"LogRetentionDays"}` {
			t.Errorf("%s are kept for %s days", logs, got)
		}
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
