package policy_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// typicalPolicy has about 700 bytes, as the trust policy of a GitHub Actions role.
const typicalPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "GitHubActions",
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"
        },
        "StringLike": {
          "token.actions.githubusercontent.com:sub": [
            "repo:octo-org/octo-repo:ref:refs/heads/main",
            "repo:octo-org/octo-repo:environment:*"
          ]
        }
      }
    }
  ]
}`

// typicalRequest is denied: the subject is another branch's.
func typicalRequest() *policy.Request {
	sub, aud := policy.Value("repo:octo-org/octo-repo:ref:refs/heads/feature"), policy.Value("sts.amazonaws.com")
	return &policy.Request{
		Action:    "sts:AssumeRoleWithWebIdentity",
		Principal: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		Condition: func(key string) policy.Values {
			switch {
			case strings.EqualFold(key, "token.actions.githubusercontent.com:sub"):
				return sub
			case strings.EqualFold(key, "token.actions.githubusercontent.com:aud"):
				return aud
			}
			return policy.HiddenValue
		},
	}
}

// TestAllocations holds the figures that the design counts on.
func TestAllocations(t *testing.T) {
	doc, r, source := mustParse(t, typicalPolicy), typicalRequest(), []byte(typicalPolicy)
	tests := []struct {
		name string
		most float64
		f    func()
	}{
		{"Parse", 25, func() { _, _ = policy.Parse(source) }},
		{"Evaluate", 8, func() { policy.Evaluate(doc, r) }},
		{"Decide", 0, func() { policy.Decide(doc, r) }},
	}
	for _, test := range tests {
		if got := testing.AllocsPerRun(100, test.f); got > test.most {
			t.Errorf("%s: %v allocations, want at most %v", test.name, got, test.most)
		}
	}
	variable := mustParse(t, strings.Replace(typicalPolicy, "sts.amazonaws.com", "${token.actions.githubusercontent.com:aud}", 1))
	if got := testing.AllocsPerRun(100, func() { policy.Decide(variable, r) }); got > 0 {
		t.Errorf("Decide with a variable: %v allocations, want none", got)
	}
}

func BenchmarkParse(b *testing.B) {
	source := []byte(typicalPolicy)
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := policy.Parse(source); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	doc, r := mustParse(b, typicalPolicy), typicalRequest()
	b.ReportAllocs()
	for b.Loop() {
		policy.Evaluate(doc, r)
	}
}

func BenchmarkDecide(b *testing.B) {
	doc, r := mustParse(b, typicalPolicy), typicalRequest()
	b.ReportAllocs()
	for b.Loop() {
		policy.Decide(doc, r)
	}
}

func BenchmarkApply(b *testing.B) {
	doc := mustParse(b, typicalPolicy)
	edit := policy.Edit{Kind: policy.AddValue, Operator: "StringLike", Key: "token.actions.githubusercontent.com:sub", New: "repo:octo-org/octo-repo:pull_request"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := doc.Apply(edit); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEvalLines(b *testing.B) {
	corpus, err := io.ReadAll(openGzip(b, "corpus.jsonl.gz"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(corpus)))
	b.ReportAllocs()
	for b.Loop() {
		if err := policy.EvalLines(bytes.NewReader(corpus), io.Discard, 2); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(bytes.Count(corpus, []byte("\n")))*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
