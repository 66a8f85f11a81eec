package cloudtrail

import (
	"cmp"
	"fmt"
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
	Policy   []byte // the trust policy it set, JSON; nil where it set none, or where the record leaves it out
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
func isChange[T string | []byte](name T) bool {
	switch string(name) {
	case "UpdateAssumeRolePolicy", "CreateRole", "DeleteRole", "UpdateRole",
		"CreateOpenIDConnectProvider", "DeleteOpenIDConnectProvider", "AddClientIDToOpenIDConnectProvider",
		"RemoveClientIDFromOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint":
		return true
	}
	return false
}

// Change is the change the record tells of. It is false, with no error, for
// other event names, for other services and for calls that failed. An error says
// what of a change cannot be read: with true it is the policy alone, and false
// where it cannot be told what was changed.
func (e *Event) Change() (Change, bool, error) {
	if !isChange(e.Name) || e.Failed() || !e.ofIAM() {
		return Change{}, false, nil
	}
	c := Change{
		Time:    e.Time,
		Name:    e.Name,
		EventID: e.ID,
		By:      cmp.Or(e.Actor.ARN, e.Actor.Name, e.Actor.InvokedBy),
		Via:     cmp.Or(e.Actor.InvokedBy, e.UserAgent),
		Account: e.AccountID,
	}
	err := c.read(e.Parameters)
	if err != nil {
		err = fmt.Errorf("%s changed a role or a provider, but %w", e.Name, err)
	}
	return c, c.Role != "" || c.Provider != "", err
}

// ofIAM is whether IAM was called: others have calls of the same names. In
// every partition the name of the service begins so.
func (e *Event) ofIAM() bool { return e.Source == "" || strings.HasPrefix(e.Source, "iam.") }

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
