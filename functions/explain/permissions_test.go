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

// What others do with the function's role: Lambda reads the queue and writes
// the logs, and SNS asks the key for the function.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#events-sqs-permissions
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
var usedByAWS = []string{
	"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
	"logs:CreateLogStream", "logs:PutLogEvents",
	"kms:Decrypt", "kms:GenerateDataKey",
}

// free needs no permission:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const free = "sts:GetCallerIdentity"

// withoutResource are actions that know no resource:
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var withoutResource = []string{
	"cloudtrail:LookupEvents", "iam:ListAccountAliases", "iam:ListOpenIDConnectProviders", "iam:ListRoles", "organizations:DescribeOrganization",
}

// The function's role grants the actions that the code calls and AWS needs,
// and no other.
func TestTemplateGrantsWhatIsUsed(t *testing.T) {
	want := append(usedActions(t, "pkg/awsaccount", "pkg/notify/sns", "pkg/notify/slack", "functions/explain"), usedByAWS...)
	want = slices.DeleteFunc(want, func(action string) bool { return action == free })
	compareGrants(t, want, transformed(t, mainTemplate).Resources["ExplainRole"])
}

// The role of a member grants what is read in an account.
func TestMemberRoleGrantsWhatIsUsed(t *testing.T) {
	want := slices.DeleteFunc(usedActions(t, "pkg/awsaccount"), func(action string) bool {
		return !strings.HasPrefix(action, "iam:") && !strings.HasPrefix(action, "cloudtrail:")
	})
	role := transformed(t, memberRole).Resources["MemberRole"]
	compareGrants(t, want, role)
	if got := role.get("AssumeRolePolicyDocument", "Statement", 0, "Condition"); got != `{"StringEquals":{"sts:ExternalId":{"Ref":"ExternalId"}}}` {
		t.Errorf("who may assume it: %s", got)
	}
}

func TestForwarderMayForwardOnly(t *testing.T) {
	compareGrants(t, []string{"events:PutEvents"}, transformed(t, forwarder).Resources["ForwardRole"])
}

// Only members of the organization may forward.
func TestBusPolicy(t *testing.T) {
	got := transformed(t, busPolicy).Resources["MembersForward"].get("Statement", "Condition")
	if want := `{"ForAllValues:StringEquals":{"events:source":"aws.sts"},"StringEquals":{"aws:PrincipalOrgID":{"Ref":"OrganizationId"}}}`; got != want {
		t.Errorf("condition %s", got)
	}
}

func compareGrants(t *testing.T, want []string, role resource) {
	t.Helper()
	granted := grants(t, role)
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), slices.Sorted(maps.Keys(granted))); diff != "" {
		t.Errorf("actions (-used +granted):\n%s", diff)
	}
	for action, everything := range granted {
		if everything != slices.Contains(withoutResource, action) {
			t.Errorf("%s on every resource: %t", action, everything)
		}
	}
}

// grants are the actions that a role's policies allow, and whether on every
// resource.
func grants(t *testing.T, role resource) map[string]bool {
	t.Helper()
	granted := map[string]bool{}
	for _, p := range role.Properties["Policies"].([]any) {
		document := p.(map[string]any)["PolicyDocument"].(map[string]any)
		for _, s := range document["Statement"].([]any) {
			s := s.(map[string]any)
			if branches, ok := s["Fn::If"].([]any); ok {
				s = branches[1].(map[string]any)
			}
			for _, action := range list(s["Action"]) {
				granted[action.(string)] = slices.Contains(list(s["Resource"]), any("*"))
			}
		}
	}
	return granted
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
