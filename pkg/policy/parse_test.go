package policy_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestParsePlaces(t *testing.T) {
	doc := mustParse(t, prettyPolicy)
	span := func(s policy.Span) string { return string(doc.Source[s.Start:s.End]) }
	s := &doc.Statements[0]
	c := &s.Conditions[1]
	tests := []struct {
		name string
		got  string
		want string
	}{
		{"version", span(doc.Version.Span), `"2012-10-17"`},
		{"effect", span(s.Effect.Span), `"Allow"`},
		{"principal", span(s.Principals[0].Span), `"arn:aws:iam::111122223333:oidc-provider/idp.example"`},
		{"principal element", strings.Join(strings.Fields(span(s.PrincipalAt)), ""), `{"Federated":"arn:aws:iam::111122223333:oidc-provider/idp.example"}`},
		{"action", span(s.Actions[0].Span), `"sts:AssumeRoleWithWebIdentity"`},
		{"action element", span(s.ActionAt), `"sts:AssumeRoleWithWebIdentity"`},
		{"operator", span(c.Operator.Span), `"StringEquals"`},
		{"key", span(c.Key.Span), `"idp.example:sub"`},
		{"value", span(c.Values[1].Span), `"two"`},
		{"values", strings.Join(strings.Fields(span(c.ValuesAt)), ""), `["one","two"]`},
		{"operator block", span(c.OperatorAt)[:1] + span(c.OperatorAt)[len(span(c.OperatorAt))-1:], `{}`},
		{"condition element", span(s.ConditionAt)[:20], "{\n                \"S"},
		{"statement", span(s.Span)[:1], `{`},
		{"document", span(doc.Span), strings.TrimSpace(prettyPolicy)},
		{"key path", doc.Path(c.Key.Span.Start), `Statement[0].Condition.StringEquals["idp.example:sub"]`},
		{"value path", doc.Path(c.Values[1].Span.Start), `Statement[0].Condition.StringEquals["idp.example:sub"][1]`},
		{"principal path", doc.Path(s.Principals[0].Span.Start), "Statement[0].Principal.Federated"},
		{"document path", doc.Path(0), ""},
		{"path behind the document", doc.Path(len(prettyPolicy) + 10), ""},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestPosition(t *testing.T) {
	doc := mustParse(t, "{\"Id\":\"é\",\n \"Statement\":[]}")
	tests := []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {6, 1, 7}, {10, 1, 10}, {12, 2, 1}, {13, 2, 2}, {1000, 2, 17},
	}
	for _, test := range tests {
		if line, column := doc.Position(test.offset); line != test.line || column != test.column {
			t.Errorf("offset %d: %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
}

func TestParseURLEncoded(t *testing.T) {
	plain := strings.Replace(typicalPolicy, "octo-repo:environment", "octo+repo é:environment", 1)
	encoded := strings.ReplaceAll(url.QueryEscape(plain), "+", "%20")
	if got := mustParse(t, encoded); string(got.Source) != plain {
		t.Errorf("decoded to %s", got.Source)
	}
	if got := mustParse(t, strings.ReplaceAll(encoded, "%2B", "+")); string(got.Source) != plain {
		t.Errorf("a plus sign was changed: %s", got.Source)
	}
	for _, broken := range []string{"%7", "%", "%7B%zz", "%7B%7d%2"} {
		var syntax *policy.SyntaxError
		if _, err := policy.Parse([]byte(broken)); !errors.As(err, &syntax) {
			t.Errorf("%s: error %v", broken, err)
		}
	}
}

func TestParseForms(t *testing.T) {
	doc := mustParse(t, ` {"Statement":{"Effect":"Deny","Principal":{"AWS":["*","111122223333"],"Federated":"a"},"NotAction":["sts:*"],`+
		`"Condition":{"Bool":{"a:b":true},"NumericLessThanIfExists":{"n":[1,-2.5e3,"4"]},"ForAnyValue:StringNotLike":{}}},"Id":"\u00e9\ud83d\ude00\/\n"}`)
	s := &doc.Statements[0]
	if !s.Deny || !s.NotAction || doc.Version.Value != "" || doc.Version.Span != (policy.Span{}) {
		t.Errorf("statement %+v", s)
	}
	var got []string
	for _, p := range s.Principals {
		got = append(got, p.Type+" "+p.Value)
	}
	for _, c := range s.Conditions {
		for _, v := range c.Values {
			got = append(got, c.Operator.Value+" "+c.Key.Value+" "+v.Value)
		}
	}
	want := "AWS *|AWS 111122223333|Federated a|Bool a:b true|NumericLessThanIfExists n 1|NumericLessThanIfExists n -2.5e3|NumericLessThanIfExists n 4"
	if strings.Join(got, "|") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, "|"), want)
	}
}

func TestParseCopiesSource(t *testing.T) {
	source := []byte(typicalPolicy)
	doc, err := policy.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	clear(source)
	if string(doc.Source) != typicalPolicy || doc.Statements[0].Sid.Value != "GitHubActions" {
		t.Error("the document shares memory with its source")
	}
}

// statementWith is a policy of one statement with more members in it.
func statementWith(members string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"p"},` + members + `}]}`
}

// TestParseWild holds what stands in real policies although it never matches.
func TestParseWild(t *testing.T) {
	tests := []struct{ name, source string }{
		{"key is an ARN", statementWith(`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"arn:aws:iam::1:oidc-provider/x:sub":"a"}}`)},
		{"key with scheme", statementWith(`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"https://x:sub":"a"}}`)},
		{"key without claim", statementWith(`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"x":"a"}}`)},
		{"template residue", trusting("arn:aws:iam::1:oidc-provider/oidc.eks.{.Region}.amazonaws.com/id/x", "{}")},
		{"unfinished template", trusting("arn:aws:iam::${ACCOUNT}:oidc-provider/<your provider>", "{}")},
		{"scheme in the provider", trusting("arn:aws:iam::1:oidc-provider/https://x", "{}")},
		{"empty Sids", `{"Statement":[{"Sid":"","Effect":"Allow","Principal":{"AWS":"1"},"Action":"*"},{"Sid":"","Effect":"Allow","Principal":{"AWS":"2"},"Action":"*"}]}`},
		{"deleted user", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"AIDAEXAMPLE"},"Action":"sts:AssumeRole"}]}`},
		{"other services spared", statementWith(`"NotAction":["s3:*"]`)},
		{"empty lists", statementWith(`"Action":[],"Condition":{"StringEquals":{"k":[]}}`)},
		{"no statements", `{"Statement":[]}`},
	}
	for _, test := range tests {
		if _, err := policy.Parse([]byte(test.source)); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	allow := `"Action":"sts:AssumeRoleWithWebIdentity"`
	tests := []struct {
		name, source string
		place        string // what the offset points at
		path, msg    string
	}{
		{"nothing", ``, ``, ``, "unexpected end, a value is missing"},
		{"not JSON", `{"Statement":x}`, `x}`, `Statement`, "expected a value"},
		{"a list", `[]`, `[]`, ``, "a policy is a JSON object"},
		{"unclosed", `{"Statement":[]`, ``, ``, "unexpected end, a comma or a closing brace is missing"},
		{"unclosed list", `{"Statement":[1`, ``, `Statement`, "unexpected end, a comma or a closing bracket is missing"},
		{"unclosed string", `{"Statement":"a`, ``, `Statement`, "unexpected end, a closing quote is missing"},
		{"trailing comma", `{"Statement":[],}`, `}`, ``, "expected a member name in double quotes"},
		{"trailing text", `{"Statement":[]} x`, `x`, ``, "unexpected text after the document"},
		{"no colon", `{"Statement" []}`, `[]}`, `Statement`, "expected a colon"},
		{"line break in a string", "{\"Id\":\"a\nb\"}", "\nb", `Id`, "control character in a string"},
		{"escape", `{"Id":"a\qb"}`, `\qb`, `Id`, "invalid escape in a string"},
		{"short escape", `{"Id":"a\u12"}`, `\u12`, `Id`, "invalid escape in a string"},
		{"number", `{"Id":01}`, `}`, `Id`, "malformed number"},
		{"fraction", `{"Id":1.}`, `}`, `Id`, "malformed number"},
		{"exponent", `{"Id":1e+}`, `}`, `Id`, "malformed number"},
		{"word", `{"Id":tru}`, `tru`, `Id`, "expected a value"},
		{"not UTF-8", "{\"Id\":\"a\xff\",\"Statement\":[]}", "\xff", `Id`, "the document is not UTF-8"},
		{"deep", strings.Repeat("[", 100), strings.Repeat("[", 67), "", "nested too deep"},
		{"unknown element", `{"statement":[]}`, `"statement"`, `statement`, "unknown element of a policy; known are Version, Id and Statement"},
		{"no statement", `{"Version":"2012-10-17"}`, `{`, ``, "the element Statement is missing"},
		{"statement of another type", `{"Statement":"x"}`, `"x"`, `Statement`, "Statement must be an object or a list of objects"},
		{"statement in a list", `{"Statement":[{` + allow + `,"Effect":"Allow","Principal":{}},1]}`, `1]`, `Statement[1]`, "a statement is a JSON object"},
		{"version", `{"Version":"2012-10-18","Statement":[]}`, `"2012-10-18"`, `Version`, "Version must be 2012-10-17 or 2008-10-17"},
		{"version as number", `{"Version":2012,"Statement":[]}`, `2012`, `Version`, "Version must be 2012-10-17 or 2008-10-17"},
		{"Id", `{"Id":1,"Statement":[]}`, `1`, `Id`, "Id must be a string"},
		{"Sid", statementWith(allow + `,"Sid":["a"]`), `["a"]`, `Statement[0].Sid`, "Sid must be a string"},
		{"Sid twice", `{"Statement":[{"Sid":"a","Effect":"Allow","Principal":{},` + allow + `},{"Sid":"a","Effect":"Deny","Principal":{},` + allow + `}]}`, `{"Sid":"a","Effect":"Deny"`, `Statement[1]`, "this Sid names another statement already"},
		{"no Effect", `{"Statement":{"Principal":{},` + allow + `}}`, `{"Principal"`, `Statement`, "the element Effect is missing"},
		{"Effect in lower case", `{"Statement":{"Effect":"allow"}}`, `"allow"`, `Statement.Effect`, "Effect must be Allow or Deny, in this letter case"},
		{"no Principal", `{"Statement":{"Effect":"Allow",` + allow + `}}`, `{"Effect"`, `Statement`, "the element Principal is missing"},
		{"NotPrincipal", statementWith(allow + `,"NotPrincipal":{"AWS":"*"}`), `"NotPrincipal"`, `Statement[0].NotPrincipal`, "IAM refuses NotPrincipal in this type of policy"},
		{"bare star", `{"Statement":{"Effect":"Allow","Principal":"*",` + allow + `}}`, `"*"`, `Statement.Principal`, `Principal must be an object such as {"Federated": "…"}`},
		{"type of principal", `{"Statement":{"Effect":"Allow","Principal":{"federated":"p"},` + allow + `}}`, `"federated"`, `Statement.Principal.federated`, "unknown type of principal; known are Federated, AWS, Service and CanonicalUser"},
		{"any provider", trusting("*", `{}`), `"*"`, `Statement[0].Principal.Federated`, `IAM refuses the Federated principal "*"`},
		{"no provider", trusting("", `{}`), `"",`[:2], `Statement[0].Principal.Federated`, "a principal must not be empty"},
		{"provider under AWS", `{"Statement":{"Effect":"Allow","Principal":{"AWS":["1","arn:aws-cn:iam::1:oidc-provider/x"]},` + allow + `}}`, `"arn:aws-cn`, `Statement.Principal.AWS[1]`, "an identity provider is a Federated principal, not an AWS one"},
		{"principal of another type", `{"Statement":{"Effect":"Allow","Principal":{"AWS":5},` + allow + `}}`, `5`, `Statement.Principal.AWS`, "a principal must be a string or a list of strings"},
		{"principal in a list", `{"Statement":{"Effect":"Allow","Principal":{"AWS":[5]},` + allow + `}}`, `5`, `Statement.Principal.AWS[0]`, "a principal must be a string or a list of strings"},
		{"no Action", statementWith(`"Sid":"a"`), `{"Effect"`, `Statement[0]`, "the element Action is missing"},
		{"both actions", statementWith(allow + `,"NotAction":"sts:*"`), `{"Effect"`, `Statement[0]`, "Action and NotAction exclude each other"},
		{"other service", statementWith(`"Action":["sts:*","s3:*"]`), `"s3:*"`, `Statement[0].Action[1]`, "a trust policy may name actions of sts only"},
		{"action without service", statementWith(`"Action":"AssumeRole"`), `"AssumeRole"`, `Statement[0].Action`, "an action is written service:Name"},
		{"action of another type", statementWith(`"Action":7`), `7`, `Statement[0].Action`, "Action must be a string or a list of strings"},
		{"action in a list", statementWith(`"NotAction":[null]`), `null`, `Statement[0].NotAction[0]`, "NotAction must be a string or a list of strings"},
		{"resource", statementWith(allow + `,"Resource":"*"`), `"Resource"`, `Statement[0].Resource`, "a trust policy has no element Resource: its resource is the role"},
		{"misspelled element", statementWith(allow + `,"condition":{}`), `"condition"`, `Statement[0].condition`, "unknown element of a statement"},
		{"condition as list", statementWith(allow + `,"Condition":[]`), `[]}`, `Statement[0].Condition`, "Condition must be an object of operators"},
		{"operator", statementWith(allow + `,"Condition":{"stringEquals":{}}`), `"stringEquals"`, `Statement[0].Condition.stringEquals`, "unknown condition operator; their names are case-sensitive"},
		{"operator as list", statementWith(allow + `,"Condition":{"Bool":[]}`), `[]}`, `Statement[0].Condition.Bool`, "a condition operator holds an object of condition keys"},
		{"null value", statementWith(allow + `,"Condition":{"Bool":{"k":null}}`), `null`, `Statement[0].Condition.Bool.k`, "a condition value must be a string, a boolean, a number or a list of them"},
		{"nested value", statementWith(allow + `,"Condition":{"Bool":{"k":[["x"]]}}`), `["x"]`, `Statement[0].Condition.Bool.k[0]`, "a condition value must be a string, a boolean, a number or a list of them"},
		{"member twice", statementWith(allow + `,"\u0045ffect":"Deny"`), `"\u0045ffect"`, `Statement[0].Effect`, "this name stands twice in one object"},
		{"operator twice", statementWith(allow + `,"Condition":{"Bool":{},"Bool":{"k":"x"}}`), `"Bool":{"k"`, `Statement[0].Condition.Bool`, "this name stands twice in one object"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.Parse([]byte(test.source))
			var syntax *policy.SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("error %v, want %s", err, test.msg)
			}
			if syntax.Msg != test.msg {
				t.Errorf("message %q, want %q", syntax.Msg, test.msg)
			}
			if rest := test.source[syntax.Offset:]; !strings.HasPrefix(rest, test.place) || test.place == "" && rest != "" {
				t.Errorf("place %q, want %q", rest, test.place)
			}
			if test.name != "deep" && syntax.Path != test.path {
				t.Errorf("path %q, want %q", syntax.Path, test.path)
			}
		})
	}
}

func TestSyntaxErrorText(t *testing.T) {
	_, err := policy.Parse([]byte("{\n \"Statement\": {\"Effect\": 1}}"))
	if want := "line 2, column 26, Statement.Effect: Effect must be Allow or Deny, in this letter case"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	_, err = policy.Parse([]byte("x"))
	if want := "line 1, column 1: expected a value"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestParseManyMembers(t *testing.T) {
	source := `{"Statement":[]` + strings.Repeat(`,"x":1`, 3000) + `}`
	_, err := policy.Parse([]byte(source))
	if err == nil || !strings.Contains(err.Error(), "too many members") {
		t.Errorf("error %v", err)
	}
}

// control returns a resource control policy of one statement.
func control(members string) string {
	return `{"Version":"2012-10-17","Statement":[{` + members + `}]}`
}

func TestParseResourceControl(t *testing.T) {
	tests := []struct{ name, source, msg string }{
		{"denies", control(`"Effect":"Deny","Principal":"*","Action":["s3:*","sts:AssumeRoleWithWebIdentity"],"Resource":"*"`), ""},
		{"spares resources", control(`"Effect":"Deny","Principal":"*","Action":"sts:*","NotResource":["arn:aws:iam::1:role/a"]`), ""},
		{"RCPFullAWSAccess", control(`"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"`), ""},
		{"allows", control(`"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"`), "a resource control policy can only deny"},
		{"old version", strings.Replace(control(`"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"`), "2012", "2008", 1), "a resource control policy has the Version 2012-10-17"},
		{"no version", `{"Statement":[]}`, "a resource control policy has the Version 2012-10-17"},
		{"principal as object", control(`"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*","Resource":"*"`), `the Principal of a resource control policy is "*"`},
		{"NotAction", control(`"Effect":"Deny","Principal":"*","NotAction":"sts:*","Resource":"*"`), "a resource control policy has no NotAction"},
		{"all actions", control(`"Effect":"Deny","Principal":"*","Action":["sts:*","*"],"Resource":"*"`), `a resource control policy names services: the Action "*" is refused`},
		{"no resource", control(`"Effect":"Deny","Principal":"*","Action":"sts:*"`), "the element Resource is missing"},
		{"both resources", control(`"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*","NotResource":"*"`), "Resource and NotResource exclude each other"},
		{"resource of another type", control(`"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":1`), "Resource must be a string or a list of strings"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.ParseResourceControl([]byte(test.source))
			var syntax *policy.SyntaxError
			if errors.As(err, &syntax) && syntax.Msg != test.msg || err == nil && test.msg != "" {
				t.Errorf("error %v, want %q", err, test.msg)
			}
		})
	}
}
