package cloudtrail

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"
)

// Change is a successful change of a role or an IAM OIDC provider.
type Change struct {
	Time     time.Time
	Name     string // eventName
	EventID  string
	By       string // ARN or name of who made it
	Via      string // the service that made it for them, else the user agent
	Account  string // where it was made
	Role     string // role name without path, for changes of roles
	Provider string // ARN, or URL as it was given, for changes of providers
	Policy   []byte // the trust policy it set, JSON; nil where it set none
}

// changeParameters is the request of every call that makes a change. The
// decoder ignores the case of names: how CloudTrail spells those of OIDC
// providers is not documented.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
type changeParameters struct {
	RoleName                 string `json:"roleName"`
	PolicyDocument           string `json:"policyDocument"`
	AssumeRolePolicyDocument string `json:"assumeRolePolicyDocument"`
	ProviderARN              string `json:"openIDConnectProviderArn"`
	URL                      string `json:"url"`
}

// ChangeNames lists the event names Change knows.
var ChangeNames = []string{
	"UpdateAssumeRolePolicy",
	"CreateRole",
	"DeleteRole",
	"UpdateRole",
	"CreateOpenIDConnectProvider",
	"DeleteOpenIDConnectProvider",
	"AddClientIDToOpenIDConnectProvider",
	"RemoveClientIDFromOpenIDConnectProvider",
	"UpdateOpenIDConnectProviderThumbprint",
}

// isChange is whether ChangeNames has the name.
func isChange(name string) bool {
	switch name {
	case "UpdateAssumeRolePolicy", "CreateRole", "DeleteRole", "UpdateRole",
		"CreateOpenIDConnectProvider", "DeleteOpenIDConnectProvider", "AddClientIDToOpenIDConnectProvider",
		"RemoveClientIDFromOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint":
		return true
	}
	return false
}

// Change is the change the record tells of. It is false for other event
// names, for calls that failed and for records that do not name what changed.
func (e *Event) Change() (Change, bool) {
	var p changeParameters
	if e.Failed() || json.Unmarshal(e.Parameters, &p) != nil {
		return Change{}, false
	}
	c := Change{
		Time:    e.Time,
		Name:    e.Name,
		EventID: e.ID,
		By:      cmp.Or(e.Actor.ARN, e.Actor.Name, e.Actor.InvokedBy),
		Via:     cmp.Or(e.Actor.InvokedBy, e.UserAgent),
		Account: e.AccountID,
	}
	switch e.Name {
	case "UpdateAssumeRolePolicy":
		c.Role, c.Policy = p.RoleName, policyText(p.PolicyDocument)
	case "CreateRole":
		c.Role, c.Policy = p.RoleName, policyText(p.AssumeRolePolicyDocument)
	case "DeleteRole", "UpdateRole":
		c.Role = p.RoleName
	case "CreateOpenIDConnectProvider":
		c.Provider = p.URL
	case "DeleteOpenIDConnectProvider", "AddClientIDToOpenIDConnectProvider",
		"RemoveClientIDFromOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint":
		c.Provider = p.ProviderARN
	}
	return c, c.Role != "" || c.Provider != ""
}

// Concerns is whether the change is one of the role or of the provider, given
// as ARNs of which either may be empty.
func (c *Change) Concerns(role, provider string) bool {
	return c.concernsRole(role) || c.concernsProvider(provider)
}

// concernsRole compares names without their case, in which no two roles of an
// account may differ alone.
func (c *Change) concernsRole(arn string) bool {
	name := roleName(arn)
	return name != "" && strings.EqualFold(c.Role, name) && c.in(arn)
}

func (c *Change) concernsProvider(arn string) bool {
	if arn == "" || c.Provider == "" {
		return false
	}
	return c.Provider == arn || strings.TrimPrefix(c.Provider, "https://") == KeyHost(arn) && c.in(arn)
}

func (c *Change) in(arn string) bool {
	return c.Account == "" || c.Account == arnField(arn, 4)
}

func policyText(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}
