package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// trusting returns a policy that trusts a provider under a condition.
func trusting(provider, condition string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":%q},"Action":"sts:AssumeRoleWithWebIdentity","Condition":%s}]}`, provider, condition)
}

func TestSavable(t *testing.T) {
	const github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	tests := []struct {
		name, provider, condition string
		key                       string // the key that is missed, "" where the policy can be saved
	}{
		{"exact", github, `{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:o/r:ref:refs/heads/main"}}`, ""},
		{"pattern", github, `{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/*"}}`, ""},
		{"ignoring case", github, `{"StringEqualsIgnoreCase":{"TOKEN.actions.githubusercontent.com:SUB":"repo:o/r:pull_request"}}`, ""},
		{"any value", github, `{"ForAnyValue:StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/*"}}`, ""},
		{"all values", github, `{"ForAllValues:StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/*"}}`, "token.actions.githubusercontent.com:sub"},
		{"if it exists", github, `{"StringLikeIfExists":{"token.actions.githubusercontent.com:sub":"repo:o/*"}}`, "token.actions.githubusercontent.com:sub"},
		{"negated", github, `{"StringNotLike":{"token.actions.githubusercontent.com:sub":"repo:o/*"}}`, "token.actions.githubusercontent.com:sub"},
		{"another operator", github, `{"Null":{"token.actions.githubusercontent.com:sub":"false"}}`, "token.actions.githubusercontent.com:sub"},
		{"star", github, `{"StringLike":{"token.actions.githubusercontent.com:sub":"*"}}`, "token.actions.githubusercontent.com:sub"},
		{"star beside a subject", github, `{"StringLike":{"token.actions.githubusercontent.com:sub":["repo:o/*","?*"]}}`, "token.actions.githubusercontent.com:sub"},
		{"empty", github, `{"StringEquals":{"token.actions.githubusercontent.com:sub":""}}`, "token.actions.githubusercontent.com:sub"},
		{"no values", github, `{"StringEquals":{"token.actions.githubusercontent.com:sub":[]}}`, "token.actions.githubusercontent.com:sub"},
		{"audience only", github, `{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}`, "token.actions.githubusercontent.com:sub"},
		{"built in", "cognito-identity.amazonaws.com", `{"StringEquals":{"cognito-identity.amazonaws.com:sub":"x"}}`, "cognito-identity.amazonaws.com:aud"},
		{"path", "arn:aws:iam::1:oidc-provider/api.pulumi.com/oidc", `{"StringEquals":{"api.pulumi.com/oidc:aud":"org"}}`, ""},
		{"session name", "arn:aws:iam::1:oidc-provider/sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/", `{}`, "sts:RoleSessionName"},
		{"not shared", "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A", `{}`, ""},
		{"enterprise of its own", github + "/octo", `{}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := mustParse(t, trusting(test.provider, test.condition)).Savable(policy.SaveOptions{})
			if test.key == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			var refusal *policy.SaveError
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			want := "Trust policy with trusted principal " + test.provider + " must evaluate, using StringEquals, StringLike or StringEqualsIgnoreCase, " + test.key + " which is not scoped to all."
			if refusal.Statement != 0 || refusal.Principal != test.provider || refusal.Key != test.key || refusal.Error() != want {
				t.Errorf("got %+v, want %s", refusal, want)
			}
		})
	}
}

func TestSaveErrorsNameStatements(t *testing.T) {
	open := `"Principal":{"Federated":["gitlab.example","arn:aws:iam::1:oidc-provider/gitlab.com"]}`
	doc := mustParse(t, `{"Statement":[
		{"Effect":"Deny",`+open+`,"Action":"sts:*"},
		{"Effect":"Allow",`+open+`,"Action":"sts:AssumeRole"},
		{"Effect":"Allow",`+open+`,"NotAction":"sts:TagSession"},
		{"Effect":"Allow",`+open+`,"Action":"sts:Assume*"}]}`)
	var got []int
	for _, err := range doc.SaveErrors(policy.SaveOptions{MaxSize: 10}) {
		got = append(got, err.Statement)
	}
	if fmt.Sprint(got) != "[-1 2 3]" {
		t.Errorf("statements %v, want the document, 2 and 3", got)
	}
}

func TestSize(t *testing.T) {
	doc := mustParse(t, " {\t\"Version\" : \"2012-10-17\" ,\r\n \"Id\":\"a b\\\" é\", \"Statement\":[ ] } ")
	if want := len([]rune(`{"Version":"2012-10-17","Id":"a b\" é","Statement":[]}`)); doc.Size() != want {
		t.Errorf("size %d, want %d", doc.Size(), want)
	}
	if err := doc.Savable(policy.SaveOptions{MaxSize: doc.Size()}); err != nil {
		t.Errorf("refused at its size: %v", err)
	}
	err := doc.Savable(policy.SaveOptions{MaxSize: doc.Size() - 1})
	if err == nil || err.Error() != fmt.Sprintf("the policy has %d characters without white space, IAM allows %d", doc.Size(), doc.Size()-1) {
		t.Errorf("error %v", err)
	}
}

func TestSavableDefaultSize(t *testing.T) {
	doc := mustParse(t, trusting("idp.example", `{"StringEquals":{"idp.example:sub":"`+strings.Repeat("x", policy.DefaultMaxSize)+`"}}`))
	if doc.Savable(policy.SaveOptions{}) == nil {
		t.Error("a policy beyond IAM's quota is accepted")
	}
	if err := doc.Savable(policy.SaveOptions{MaxSize: 8192}); err != nil {
		t.Errorf("refused under a raised quota: %v", err)
	}
}
