package notify

import (
	"net/url"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Link is a page to look at.
type Link struct{ Name, URL string }

// causesPage explains every cause under its code.
const causesPage = "https://github.com/rolewhy/rolewhy/blob/main/docs/causes.md"

// What a value must be for a link to be made of it. Values come from whoever
// made the call, and a link must lead nowhere but where it says.
var (
	roleARN   = lazyregexp.New(`^arn:(aws[a-z-]*):iam::\d{12}:role/(?:[!-~]*/)?([\w+=,.@-]+)$`)
	region    = lazyregexp.New(`^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$`)
	eventID   = lazyregexp.New(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	causeCode = lazyregexp.New(`^[a-z]+(-[a-z]+)*$`)
	pathPart  = lazyregexp.New(`^[A-Za-z0-9_-][A-Za-z0-9_.-]*$`)
	hostName  = lazyregexp.New(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

// consoles are the hosts of the AWS consoles by partition:
// https://docs.aws.amazon.com/general/latest/gr/console-service.html
var consoles = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

// LinksOf are the pages that belong to a notice: those of its report, or else
// of the role and the cause of its incident.
func LinksOf(n *Notice) []Link {
	switch {
	case n.Report != nil:
		return Links(n.Report)
	case n.Kind == Digest, n.Kind == Security:
		return nil
	}
	r := &report.Report{Event: report.Event{Role: n.Incident.Role}}
	if n.Kind != Over && n.Incident.Cause != "" {
		r.Findings = []report.Finding{{Code: n.Incident.Cause}}
	}
	return Links(r)
}

// Links are the pages that belong to a report: the role and the CloudTrail
// record in the console, the repository, and what is written on the main
// cause. Those that cannot be told for sure are left out; a stranger's
// repository is not linked.
func Links(r *report.Report) (links []Link) {
	add := func(name, page string) {
		if page != "" {
			links = append(links, Link{name, page})
		}
	}
	add("Role", rolePage(r.Event.Role))
	add("CloudTrail event", eventPage(&r.Event))
	if r.Caller != report.Stranger {
		add("Repository", repositoryPage(r))
	}
	if len(r.Findings) > 0 && causeCode.MatchString(string(r.Findings[0].Code)) {
		add("About "+string(r.Findings[0].Code), causesPage+"#"+string(r.Findings[0].Code))
	}
	return links
}

func rolePage(arn string) string {
	m := roleARN.FindStringSubmatch(arn)
	if m == nil || consoles[m[1]] == "" || len(m[2]) > 64 {
		return ""
	}
	return "https://" + consoles[m[1]] + "/iam/home#/roles/details/" + url.PathEscape(m[2]) + "?section=trust_relationships"
}

// eventPage needs the partition, which the region tells.
func eventPage(e *report.Event) string {
	if !region.MatchString(e.Region) || !IsEventID(e.ID) {
		return ""
	}
	console := consoles["aws"]
	switch {
	case strings.HasPrefix(e.Region, "cn-"):
		console = consoles["aws-cn"]
	case strings.HasPrefix(e.Region, "us-gov-"):
		console = consoles["aws-us-gov"]
	case strings.Contains(e.Region, "-iso"), strings.HasPrefix(e.Region, "eusc-"):
		return ""
	}
	return "https://" + e.Region + "." + console + "/cloudtrailv2/home?region=" + e.Region + "#/events/" + e.ID
}

// repositoryPage is the repository's page at GitHub or GitLab. An instance of
// one's own is linked only where the caller is known: its host is what the
// issuer says.
func repositoryPage(r *report.Report) string {
	host := strings.TrimPrefix(r.Event.Issuer, "https://")
	names := derived(r)
	switch github := names["owner"] + "/" + names["repository"]; {
	case host == "gitlab.com", strings.HasPrefix(r.Event.ProviderName, "GitLab") && r.Caller == report.Known:
		return page(host, names["group"]+"/"+names["project"])
	case host == "token.actions.githubusercontent.com", strings.HasPrefix(host, "token.actions.githubusercontent.com/"):
		return page("github.com", github)
	case strings.HasPrefix(host, "token.actions.") && strings.HasSuffix(host, ".ghe.com"):
		return page(strings.TrimPrefix(host, "token.actions."), github)
	case strings.HasSuffix(host, "/_services/token") && r.Caller == report.Known:
		return page(strings.TrimSuffix(host, "/_services/token"), github)
	}
	return ""
}

// IsEventID reports whether id is one that CloudTrail gives. Nothing else may
// be put into a link or a command.
func IsEventID(id string) bool { return eventID.MatchString(id) }

// page is an address of a host and a path of which every part is an ordinary
// name, "" where one is not.
func page(host, path string) string {
	if !hostName.MatchString(host) {
		return ""
	}
	for part := range strings.SplitSeq(path, "/") {
		if len(part) > 100 || !pathPart.MatchString(part) {
			return ""
		}
	}
	return "https://" + host + "/" + path
}

func derived(r *report.Report) map[string]string {
	names := map[string]string{}
	for _, p := range r.Event.Derived {
		if names[p.Name] == "" {
			names[p.Name] = p.Value
		}
	}
	return names
}
