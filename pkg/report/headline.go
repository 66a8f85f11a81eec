package report

import (
	"cmp"
	"fmt"
	"strings"
)

// longestName bounds a name within a sentence, in columns.
const longestName = 64

// Headline says in one line who could not get which role, for example "repo
// acme/api (GitHub Actions) could not assume role deploy in 111122223333". It
// is escaped and of bounded length.
func Headline(r *Report) string {
	e := &r.Event
	did := "could not assume"
	switch {
	case r.Verdict == NotADenial && e.Role == "":
		return "no denied call"
	case r.Verdict == NotADenial:
		did = "was not denied"
	}
	return fmt.Sprintf("%s %s %s%s", caller(e), did, roleInWords(e.Role), inAccount(e))
}

// caller names the caller as people call it, by what was read off the sub.
func caller(e *Event) string {
	names := derivedNames(e.Derived)
	who := "a caller without a subject"
	switch {
	case names["repository"] != "":
		who = "repo " + repository(names)
	case names["serviceaccount"] != "" && names["namespace"] != "":
		who = "service account " + names["namespace"] + "/" + names["serviceaccount"]
	case names["workspace"] != "":
		who = "workspace " + names["workspace"]
	case names["pipeline"] != "":
		who = "pipeline " + names["pipeline"]
	case names["project"] != "":
		who = "project " + names["project"]
	case e.Subject != "":
		who = "subject " + e.Subject
	}
	who = shorten(who, longestName)
	if from := cmp.Or(e.ProviderName, host(e)); from != "" {
		who += " (" + shorten(from, longestName) + ")"
	}
	return who
}

// repository is the full name of a repository, whether its owner was read off
// apart from it or not.
func repository(names map[string]string) string {
	if owner := names["owner"]; owner != "" && !strings.Contains(names["repository"], "/") {
		return owner + "/" + names["repository"]
	}
	return names["repository"]
}

// derivedNames ignores how the names of derived values are spelled:
// service-account, service_account or serviceaccount.
func derivedNames(derived []Pair) map[string]string {
	names := make(map[string]string, len(derived))
	for _, p := range derived {
		name := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(p.Name))
		if names[name] == "" {
			names[name] = p.Value
		}
	}
	return names
}

// host is the host of the issuer.
func host(e *Event) string {
	if e.Issuer != "" {
		return strings.TrimPrefix(e.Issuer, "https://")
	}
	_, host, _ := strings.Cut(e.Provider, ":oidc-provider/")
	return host
}

func roleInWords(arn string) string {
	switch {
	case arn == "":
		return "a role that the record does not name"
	case roleName(arn) != "":
		return "role " + shorten(roleName(arn), longestName)
	default:
		return "role " + shorten(arn, longestName)
	}
}

// inAccount names the account of the role, or the one that recorded the call.
func inAccount(e *Event) string {
	account := e.Account
	if fields := strings.SplitN(e.Role, ":", 6); len(fields) == 6 && fields[4] != "" {
		account = fields[4]
	}
	if account == "" {
		return ""
	}
	return " in " + shorten(account, longestName)
}

// circumstances tells when, where and with which error the call failed.
func circumstances(e *Event) string {
	var parts []string
	if !e.Time.IsZero() {
		parts = append(parts, e.Time.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	for _, s := range []string{e.Region, e.ErrorCode} {
		if s != "" {
			parts = append(parts, shorten(s, longestName))
		}
	}
	return strings.Join(parts, " · ")
}
