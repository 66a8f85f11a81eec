package corpus

import (
	"encoding/json"
	"fmt"
)

// trustPolicy is that of a caller's role, which admits one subject.
func (c *caller) trustPolicy() string {
	return fmt.Sprintf(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": %q
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          %q: %q,
          %q: %q
        }
      }
    }
  ]
}`, providerARN(c.issuer), c.issuer+":aud", c.audience, c.issuer+":sub", c.trusted(nil))
}

// change writes the change of a role, which sets the policy that it has.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
func (f *file) change() {
	c := &callers[f.IntN(len(callers))]
	s := &f.active[f.IntN(len(f.active))]
	f.buf = append(f.buf, '{')
	f.text("eventVersion", "1.11")
	f.assumedRole(s)
	f.text("eventTime", f.moment())
	f.text("eventSource", "iam.amazonaws.com")
	f.text("eventName", "UpdateAssumeRolePolicy")
	f.text("awsRegion", f.region)
	f.text("sourceIPAddress", s.address)
	f.text("userAgent", s.agent)
	f.object("requestParameters", func() {
		f.text("roleName", c.role)
		f.quoted("policyDocument", c.trustPolicy())
	})
	f.raw("responseElements", "null")
	f.tail(false, "iam.amazonaws.com")
}

// accountFile is what casefile.Load reads of the account.
func accountFile() []byte {
	var roles, providers []map[string]any
	seen := map[string]bool{}
	for i := range callers {
		c := &callers[i]
		roles = append(roles, map[string]any{"Arn": roleARN(c.role), "AssumeRolePolicyDocument": json.RawMessage(c.trustPolicy())})
		if !seen[c.issuer] {
			seen[c.issuer] = true
			providers = append(providers, map[string]any{"Arn": providerARN(c.issuer), "Url": c.issuer, "ClientIDList": []string{c.audience}})
		}
	}
	text, err := json.MarshalIndent(map[string]any{"roles": roles, "oidcProviders": providers, "resourceControlPolicies": []any{}}, "", "  ")
	if err != nil {
		panic(err) // it is made of strings alone
	}
	return text
}
