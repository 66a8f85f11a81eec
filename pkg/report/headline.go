package report

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
)

// longestName bounds a name within a sentence, in columns.
const longestName = 64

// longestPart bounds one of the words that make up a name.
const longestPart = 48

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
	who := "a caller whom the record does not name"
	if e.Subject != "" {
		who = shorten("subject "+e.Subject, longestName)
	}
	if name := callerName(derivedNames(e.Derived)); name != "" {
		who = name
	}
	named := e.Subject != "" || len(e.Derived) > 0 || e.Provider != ""
	if from := cmp.Or(e.ProviderName, host(e)); from != "" && named {
		who += " (" + shorten(from, longestName) + ")"
	}
	return who
}

// callers are the parts that name a caller, each with what it is called by,
// the most telling first.
var callers = []struct {
	word string
	path []string // names of derived values, from the outermost; all but the last may lack
}{
	{"repo ", []string{"owner", "repository"}},
	{"service account ", []string{"namespace", "serviceaccount"}},
	{"script ", []string{"script"}},
	{"workspace ", []string{"organization", "workspace"}},
	{"pipeline ", []string{"organization", "pipeline"}},
	{"stack ", []string{"organization", "project", "stack"}},
	{"module ", []string{"module"}},
	{"project ", []string{"group", "team", "organization", "project"}},
	{"app ", []string{"organization", "app"}},
}

func callerName(names map[string]string) string {
	for _, c := range callers {
		if names[c.path[len(c.path)-1]] == "" {
			continue
		}
		var path []string
		for _, name := range c.path {
			if s := names[name]; s != "" && !isUUID(s) {
				path = append(path, shorten(s, longestPart))
			}
		}
		if len(path) == 0 {
			path = []string{names[c.path[len(c.path)-1]]}
		}
		return c.word + strings.Join(path, "/")
	}
	return ""
}

// isUUID reports what tells a reader nothing of an owner.
func isUUID(s string) bool {
	return len(s) == 36 && strings.Count(s, "-") == 4 && strings.Trim(s, "0123456789abcdef-") == ""
}

// derivedNames ignores how the names of derived values are spelled:
// service-account, service_account or serviceaccount.
func derivedNames(derived []Pair) map[string]string {
	names := make(map[string]string, len(derived))
	for _, p := range derived {
		name := strings.Map(letter, p.Name)
		if names[name] == "" {
			names[name] = p.Value
		}
	}
	return names
}

// letter is a letter of a name in lower case, -1 for what divides its words.
func letter(r rune) rune {
	switch r {
	case '-', '_', ' ':
		return -1
	}
	return unicode.ToLower(r)
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

// inAccount names the account of the role, or the one that recorded the call,
// by its alias too where it has one.
func inAccount(e *Event) string {
	account := e.Account
	if fields := strings.SplitN(e.Role, ":", 6); len(fields) == 6 && fields[4] != "" {
		account = fields[4]
	}
	switch {
	case account == "":
		return ""
	case account == e.Account && e.AccountAlias != "":
		return " in " + shorten(e.AccountAlias, longestName) + " (" + shorten(account, longestName) + ")"
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
