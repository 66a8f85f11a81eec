package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/config"
)

// The templates as their deployment sees them.
const (
	mainTemplate = "template.yaml"
	memberRole   = "deploy/member-role.yaml"
	forwarder    = "deploy/forwarder.yaml"
	busPolicy    = "deploy/bus-policy.yaml"
)

var templates = []string{mainTemplate, memberRole, forwarder, busPolicy}

// resource is one of a template, with what all of these tests look at.
type resource struct {
	Type           string
	Condition      string
	DeletionPolicy string
	Properties     map[string]any
}

type template struct {
	Parameters map[string]struct {
		Description    string
		Default        any
		AllowedPattern string
	}
	Resources map[string]resource
	Outputs   map[string]struct{ Description string }
	Metadata  map[string]json.RawMessage
}

// regions are one of each partition; the templates must fit all of them.
var regions = []string{"eu-west-1", "us-gov-west-1", "cn-north-1"}

// deployed is what transform.py makes of the templates: each by region and
// name, and for each that has a rule the events which that lets through.
var deployed = sync.OnceValues(func() (out struct {
	Templates map[string]map[string]template
	Matches   map[string][]string
}, err error,
) {
	input, err := json.Marshal(map[string]any{"root": root, "regions": regions, "templates": templates})
	if err != nil {
		return out, err
	}
	cmd := exec.Command(filepath.Join(root, ".venv", "bin", "python"), filepath.Join("testdata", "transform.py"), string(input))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	return out, json.Unmarshal(raw, &out)
})

// transformed is a template after SAM's transformation.
func transformed(t *testing.T, name string) template {
	t.Helper()
	return must(deployed())(t).Templates[regions[0]][name]
}

// get follows names and indexes into a resource's properties, and gives the
// JSON of what is there.
func (r resource) get(path ...any) string {
	var v any = r.Properties
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			if list, _ := v.([]any); p < len(list) {
				v = list[p]
			}
		}
	}
	out, _ := json.Marshal(v)
	return string(out)
}

// The template sets what config reads, and nothing else; each variable is of a
// parameter that names it, or of a resource.
func TestTemplateSetsEveryVariable(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	set := tmpl.Resources["ExplainFunction"].Properties["Environment"].(map[string]any)["Variables"].(map[string]any)
	if diff := cmp.Diff(slices.Sorted(slices.Values(config.Variables)), slices.Sorted(maps.Keys(set))); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	for variable, value := range set {
		source := value.(map[string]any)["Ref"].(string)
		p, ok := tmpl.Parameters[source]
		if _, made := tmpl.Resources[source]; !made && (!ok || !strings.Contains(p.Description, "("+variable+")")) {
			t.Errorf("%s is set to %s, whose description does not name it", variable, source)
		}
	}
	for name, p := range tmpl.Parameters {
		if v := regexp.MustCompile(`ROLEWHY_\w+`).FindString(p.Description); v != "" && set[v] == nil {
			t.Errorf("parameter %s speaks of %s, which is not set", name, v)
		}
	}
}

// The page has a row for each parameter, with its default and its variable.
func TestParametersAreInTheDocuments(t *testing.T) {
	page := string(must(os.ReadFile(filepath.Join(root, "docs", "deploy.md")))(t))
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `?([^|`]*)`? \\| `?(\\w*)`? ?\\|").FindAllStringSubmatch(page, -1)
	var got, want []string
	for _, r := range rows {
		got = append(got, strings.TrimSpace(strings.Join(r[1:], " ")))
	}
	for name, p := range transformed(t, mainTemplate).Parameters {
		value := fmt.Sprint(p.Default)
		if value == "" {
			value = "none"
		}
		variable := regexp.MustCompile(`ROLEWHY_\w+`).FindString(p.Description)
		want = append(want, strings.TrimSpace(name+" "+value+" "+variable))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-template +docs/deploy.md):\n%s", diff)
	}
}

// What the template lets through config takes, and the other way round.
func TestParametersAreOfTheFormOfConfig(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	for _, tt := range []struct {
		parameter, variable string
		values              []string
	}{
		{"SlackWebhookParameter", config.WebhookParameter, []string{"/a", "/a/b-c", "a", "/", "/a/", "https://hooks.slack.com/x"}},
		{"SlackTokenParameter", config.TokenParameter, []string{"/a", "xoxb-1"}},
		{"SlackChannel", config.Channel, []string{"C012AB3CD", "general", "#general", "@me"}},
		{"MemberRoleName", config.MemberRole, []string{"a", "x/a", "/a", "a b", "arn:aws:iam::111122223333:role/a"}},
		{"ExternalId", config.ExternalID, []string{"ab", "a:/b", "a", "a b"}},
	} {
		pattern := regexp.MustCompile(tmpl.Parameters[tt.parameter].AllowedPattern)
		for _, value := range tt.values {
			_, err := config.Load(func(name string) string {
				if name == tt.variable {
					return value
				}
				return ""
			})
			faulty := err != nil && strings.Contains(err.Error(), tt.variable+": ")
			if pattern.MatchString(value) == faulty {
				t.Errorf("%s %q: the template takes it: %t, config: %v", tt.parameter, value, !faulty, err)
			}
		}
		if !pattern.MatchString("") {
			t.Errorf("%s cannot be left out", tt.parameter)
		}
	}
}

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
