package cloudtrail

import (
	"encoding/json"
	"errors"
	"fmt"
)

// changeParameters is the request of every call that makes a change. The
// decoder ignores the case of names: how CloudTrail spells those of OIDC
// providers is not documented.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
type changeParameters struct {
	RoleName                 json.RawMessage `json:"roleName"`
	PolicyDocument           json.RawMessage `json:"policyDocument"`
	AssumeRolePolicyDocument json.RawMessage `json:"assumeRolePolicyDocument"`
	ProviderARN              json.RawMessage `json:"openIDConnectProviderArn"`
	URL                      json.RawMessage `json:"url"`
}

// read reads what a change, of which the name is known, was made of.
func (c *Change) read(parameters json.RawMessage) (err error) {
	var p changeParameters
	switch {
	case len(parameters) == 0:
		return errors.New("the record has no requestParameters")
	case parameters[0] != '{':
		return fmt.Errorf("its requestParameters are %s where an object is expected", kindOf(parameters[0]))
	}
	if err := json.Unmarshal(parameters, &p); err != nil {
		return fmt.Errorf("its requestParameters cannot be read: %w", err)
	}
	switch c.Name {
	case "UpdateAssumeRolePolicy":
		return c.readRole(p.RoleName, "policyDocument", p.PolicyDocument)
	case "CreateRole":
		return c.readRole(p.RoleName, "assumeRolePolicyDocument", p.AssumeRolePolicyDocument)
	case "DeleteRole", "UpdateRole":
		return c.readRole(p.RoleName, "", nil)
	case "CreateOpenIDConnectProvider":
		c.Provider, err = nameIn("url", p.URL)
	default:
		c.Provider, err = nameIn("openIDConnectProviderArn", p.ProviderARN)
	}
	return err
}

// readRole reads the name of a role and the trust policy it got, of which the
// member is named.
func (c *Change) readRole(role json.RawMessage, member string, policy json.RawMessage) (err error) {
	if c.Role, err = nameIn("roleName", role); err == nil {
		c.Policy, err = policyIn(member, policy)
	}
	return err
}

// nameIn is the text of a member that every request has.
func nameIn(member string, raw json.RawMessage) (name string, err error) {
	switch {
	case missing(raw):
		return "", fmt.Errorf("its requestParameters have no %s", member)
	case raw[0] != '"':
		return "", fmt.Errorf("its %s is %s where a string is expected", member, kindOf(raw[0]))
	}
	if err = json.Unmarshal(raw, &name); err == nil && name == "" {
		err = fmt.Errorf("its %s is empty", member)
	}
	return name, err
}

// policyIn is a trust policy: JSON as text, as CloudTrail writes it, or as the
// object itself, as some make of it who pass records on. It is nil where the
// record leaves it out.
func policyIn(member string, raw json.RawMessage) ([]byte, error) {
	switch {
	case missing(raw):
		return nil, nil
	case raw[0] == '{':
		return raw, nil
	case raw[0] != '"':
		return nil, fmt.Errorf("its %s is %s where a policy is expected", member, kindOf(raw[0]))
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || text == "" {
		return nil, err
	}
	return []byte(text), nil
}

// missing is whether a member is not there, or null.
func missing(raw json.RawMessage) bool { return len(raw) == 0 || raw[0] == 'n' }
