package cloudtrail

import "strings"

// Failed is whether the call was refused.
func (e *Event) Failed() bool { return e.RawErrorCode != "" || e.ErrorMessage != "" }

const webIdentity = "AssumeRoleWithWebIdentity"

// IsWebIdentity is whether the call is AssumeRoleWithWebIdentity.
func (e *Event) IsWebIdentity() bool { return e.Name == webIdentity }

// Matters is whether the event tells of a denial or of what may have brought
// it about: a failed AssumeRoleWithWebIdentity, or one of ChangeNames that did
// not fail.
func (e *Event) Matters() bool {
	if e.IsWebIdentity() {
		return e.Failed()
	}
	return isChange(e.Name) && !e.Failed()
}

// Partition is that of the role, else of the provider, else of the region:
// "aws", "aws-cn", "aws-us-gov" and so on.
func (e *Event) Partition() string {
	for _, arn := range []string{e.RoleARN, e.Provider} {
		if partition := arnField(arn, 1); partition != "" {
			return partition
		}
	}
	for _, p := range partitions {
		if strings.HasPrefix(e.Region, p.region) {
			return p.name
		}
	}
	return "aws"
}

// partitions by how their regions begin; all other regions are in aws.
// https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json
var partitions = []struct{ region, name string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"eusc-", "aws-eusc"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
}

// RoleAccount is the account of the role, else the one the record is for.
func (e *Event) RoleAccount() string {
	if account := arnField(e.RoleARN, 4); account != "" {
		return account
	}
	return e.AccountID
}

// RoleName is the name of the role without its path, "" where the record
// names no role by an ARN.
func (e *Event) RoleName() string { return roleName(e.RoleARN) }

func roleName(arn string) string {
	path, ok := strings.CutPrefix(arnField(arn, 5), "role/")
	if !ok {
		return ""
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// KeyHost is what the condition keys of the caller's provider begin with.
func (e *Event) KeyHost() string { return KeyHost(e.Provider) }

// KeyHost is what the condition keys of a provider begin with: the issuer
// without https://. The provider is the ARN of an IAM OIDC provider, or the
// host of one that is built into STS; "" for anything else.
func KeyHost(provider string) string {
	if resource := arnField(provider, 5); resource != "" {
		if host, ok := strings.CutPrefix(resource, "oidc-provider/"); ok {
			return host
		}
		return ""
	}
	if strings.ContainsAny(provider, ":/ ") {
		return ""
	}
	return provider
}

// BuiltIn is whether the provider is built into STS, as Cognito, Google,
// Facebook and Amazon are, rather than an IAM OIDC provider.
func (e *Event) BuiltIn() bool {
	return e.KeyHost() != "" && !strings.HasPrefix(e.Provider, "arn:")
}

// arnField is a field of an ARN, from 0, "" where the text is no ARN. The
// last one, 5, is the resource with all its colons.
func arnField(arn string, i int) string {
	var fields [6]string
	rest, ok := arn, true
	for n := range 5 {
		if fields[n], rest, ok = strings.Cut(rest, ":"); !ok {
			return ""
		}
	}
	if fields[0] != "arn" {
		return ""
	}
	fields[5] = rest
	return fields[i]
}
