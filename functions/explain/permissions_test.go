package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What others do with the functions' roles: Lambda reads the queue and writes
// the logs, and SNS asks the key for the function.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#events-sqs-permissions
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
var (
	usedByAWS = []string{
		"logs:CreateLogStream", "logs:PutLogEvents",
		"kms:Decrypt", "kms:GenerateDataKey",
	}
	usedByQueue = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
)

// free are those that need no permission; the command line alone makes the
// second, with a token and no credentials.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
var free = []string{"sts:GetCallerIdentity", "sts:AssumeRoleWithWebIdentity"}

// withoutResource are actions that know no resource:
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var withoutResource = []string{
	"cloudtrail:LookupEvents", "iam:ListAccountAliases", "iam:ListOpenIDConnectProviders", "iam:ListRoles", "organizations:DescribeOrganization",
}

// The functions' roles grant the actions that the code calls and AWS needs, and
// no other.
func TestTemplateGrantsWhatIsUsed(t *testing.T) {
	used := usedActions(t, "pkg/awsaccount", "pkg/incident/dynamostore", "pkg/notify/sns", "pkg/notify/slack", "functions/wiring")
	used = slices.DeleteFunc(append(used, usedByAWS...), func(action string) bool { return slices.Contains(free, action) })
	tmpl := transformed(t, mainTemplate)
	compareGrants(t, slices.Concat(used, usedByQueue), tmpl, "ExplainRole")
	compareGrants(t, used, tmpl, "FollowupRole")
}

// No function but that of the queue reads it, and each writes its own log.
func TestRolesAreOfOneFunctionEach(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	for _, name := range []string{"Explain", "Followup"} {
		if got := tmpl.Resources[name+"Function"].get("Role"); got != `{"Fn::GetAtt":["`+name+`Role","Arn"]}` {
			t.Errorf("%s has the role %s", name, got)
		}
		if own := tmpl.Resources[name+"Role"].get("Policies"); strings.Count(own, "Logs") != 1 || !strings.Contains(own, name+"Logs") {
			t.Errorf("%s writes logs by %s", name, own)
		}
	}
}

// The role of a member grants what is read in an account.
func TestMemberRoleGrantsWhatIsUsed(t *testing.T) {
	want := slices.DeleteFunc(usedActions(t, "pkg/awsaccount"), func(action string) bool {
		return !strings.HasPrefix(action, "iam:") && !strings.HasPrefix(action, "cloudtrail:")
	})
	tmpl := transformed(t, memberRole)
	compareGrants(t, want, tmpl, "MemberRole")
	role := tmpl.Resources["MemberRole"]
	if got := role.get("AssumeRolePolicyDocument", "Statement", 0, "Principal"); got != `{"AWS":{"Ref":"RolewhyRoleArns"}}` {
		t.Errorf("who may assume it: %s", got)
	}
	if got := role.get("AssumeRolePolicyDocument", "Statement", 0, "Condition"); got != `{"StringEquals":{"sts:ExternalId":{"Ref":"ExternalId"}}}` {
		t.Errorf("who may assume it: %s", got)
	}
}

func TestForwarderMayForwardOnly(t *testing.T) {
	compareGrants(t, []string{"events:PutEvents"}, transformed(t, forwarder), "ForwardRole")
}

// Only members of the organization may forward.
func TestBusPolicy(t *testing.T) {
	got := transformed(t, busPolicy).Resources["MembersForward"].get("Statement", "Condition")
	if want := `{"ForAllValues:StringEquals":{"events:source":["aws.sts","aws.iam"]},"StringEquals":{"aws:PrincipalOrgID":{"Ref":"OrganizationId"}}}`; got != want {
		t.Errorf("condition %s", got)
	}
}

func compareGrants(t *testing.T, want []string, tmpl template, role string) {
	t.Helper()
	granted := grants(t, tmpl, role)
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), slices.Sorted(maps.Keys(granted))); diff != "" {
		t.Errorf("%s: actions (-used +granted):\n%s", role, diff)
	}
	for action, everything := range granted {
		if everything != slices.Contains(withoutResource, action) {
			t.Errorf("%s: %s on every resource: %t", role, action, everything)
		}
	}
}

// grants are the actions that a role's policies allow, its own and those of the
// template that it refers to, and whether on every resource.
func grants(t *testing.T, tmpl template, role string) map[string]bool {
	t.Helper()
	r := tmpl.Resources[role]
	granted := map[string]bool{}
	for _, p := range r.Properties["Policies"].([]any) {
		grant(granted, p.(map[string]any)["PolicyDocument"])
	}
	attached, _ := r.Properties["ManagedPolicyArns"].([]any)
	for _, a := range attached {
		grant(granted, tmpl.Resources[a.(map[string]any)["Ref"].(string)].Properties["PolicyDocument"])
	}
	return granted
}

func grant(granted map[string]bool, document any) {
	for _, s := range document.(map[string]any)["Statement"].([]any) {
		s := s.(map[string]any)
		if branches, ok := s["Fn::If"].([]any); ok {
			s = branches[1].(map[string]any)
		}
		for _, action := range list(s["Action"]) {
			granted[action.(string)] = slices.Contains(list(s["Resource"]), any("*"))
		}
	}
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// usedActions are those of the SDK's operations that packages name in their
// source: by an input, a paginator or an interface of one.
func usedActions(t *testing.T, packages ...string) (actions []string) {
	t.Helper()
	for _, p := range packages {
		for _, file := range must(filepath.Glob(filepath.Join(root, p, "*.go")))(t) {
			if !strings.HasSuffix(file, "_test.go") {
				actions = append(actions, actionsOf(t, file)...)
			}
		}
	}
	slices.Sort(actions)
	actions = slices.Compact(actions)
	if len(actions) < 3 {
		t.Fatalf("found no more than %s", actions)
	}
	return actions
}

var operation = regexp.MustCompile(`^(?:(\w+)Input|New(\w+)Paginator|(\w+)APIClient|NewAssumeRoleProvider)$`)

func actionsOf(t *testing.T, file string) (actions []string) {
	t.Helper()
	f := must(parser.ParseFile(token.NewFileSet(), file, nil, 0))(t)
	services := servicesOf(f)
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, _ := s.X.(*ast.Ident)
		if m := operation.FindStringSubmatch(s.Sel.Name); from != nil && m != nil && services[from.Name] != "" {
			name := m[1] + m[2] + m[3]
			if name == "" {
				name = "AssumeRole"
			}
			actions = append(actions, services[from.Name]+":"+name)
		}
		return true
	})
	return actions
}

// servicesOf are the prefixes of actions by the names that a file imports the
// SDK's packages under.
func servicesOf(f *ast.File) map[string]string {
	services := map[string]string{}
	for _, i := range f.Imports {
		imported, _ := strconv.Unquote(i.Path.Value)
		name := path.Base(imported)
		if i.Name != nil {
			name = i.Name.Name
		}
		switch {
		case strings.HasPrefix(imported, "github.com/aws/aws-sdk-go-v2/service/"):
			services[name] = path.Base(imported)
		case strings.HasSuffix(imported, "/credentials/stscreds"):
			services[name] = "sts"
		}
	}
	return services
}
