package awstrail

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// record rebuilds a record of a row.
func record(row types.Row) ([]byte, error) {
	whole := map[string]any{}
	for i, cell := range row.Data {
		if i < len(columns) && cell.VarCharValue != nil {
			put(whole, columns[i].member, *cell.VarCharValue)
		}
	}
	if role, ok := whole["resource"]; ok {
		delete(whole, "resource")
		whole["resources"] = []any{role}
	}
	if who, ok := whole["userIdentity"].(map[string]any); ok && whole["eventName"] == "AssumeRoleWithWebIdentity" {
		provider(who)
	}
	return json.Marshal(whole)
}

// put sets a member, or one within another.
func put(whole map[string]any, member, text string) {
	outer, inner, nested := strings.Cut(member, ".")
	if !nested {
		whole[member] = value(member, text)
		return
	}
	within, ok := whole[outer].(map[string]any)
	if !ok {
		within = map[string]any{}
		whole[outer] = within
	}
	within[inner] = text
}

// value is that of a column. What is an object in a record is text in a table,
// and where it is no JSON it is left to the reader of the record to say so.
func value(member, text string) any {
	switch member {
	case "requestParameters", "additionalEventData":
		if json.Valid([]byte(text)) {
			return json.RawMessage(text)
		}
	}
	return text
}

// principal begins with the provider: its ARN, in which no colon follows on
// oidc-provider, or the host of one that is built into STS. An audience and a
// subject follow, in which there may be any number of colons.
var principal = lazyregexp.New(`^(arn:[^:]*:iam::[^:]*:oidc-provider/[^:]+|[a-z0-9.-]+\.[a-z]+):`)

// provider sets the identity provider, which the tables of AWS's documentation
// do not have, from the principal id.
func provider(who map[string]any) {
	id, _ := who["principalId"].(string)
	if found := principal.FindStringSubmatch(id); found != nil && who["identityProvider"] == nil {
		who["identityProvider"] = found[1]
	}
}
