package awstrail

import (
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// level is how deep a folder lies in CloudTrail's layout,
// PREFIX/AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
type level int

const (
	outside   level = iota // above AWSLogs, or in no such layout
	ofLogs                 // AWSLogs, or an organization in it
	ofAccount              // of all services that log
	ofTrail                // CloudTrail's own
	ofRegion               // or below: sorted by the day of delivery
	foreign                // none of these
)

// folder is a prefix of keys that ends in a slash or is empty, or the folders
// and objects in one whose names begin with some text.
type folder struct {
	prefix          string
	beginning       bool // of names
	level           level
	account, region string // as far as it lies below them
	base            string // the folder of the region, as far as it lies in one
}

const logs = "AWSLogs/"

var organization = lazyregexp.New(`^o-[a-z0-9]{10,32}$`)

// placeOf is where a listing begins: a folder, or the beginning of names.
func placeOf(prefix string) folder {
	f := folderOf(prefix[:strings.LastIndex(prefix, "/")+1])
	f.beginning = f.prefix != prefix
	f.prefix = prefix
	return f
}

// folderOf finds the place of a folder in the layout.
func folderOf(prefix string) folder {
	f := folder{prefix: prefix}
	at := strings.LastIndex("/"+prefix, "/"+logs)
	if at < 0 {
		return f
	}
	f.level = ofLogs
	end := at + len(logs)
	for i, part := range strings.SplitAfter(prefix[end:], "/") {
		name, ok := strings.CutSuffix(part, "/")
		if end += len(part); ok && (i > 0 || !organization.MatchString(name)) {
			f.enter(name, prefix[:end])
		}
	}
	return f
}

// enter goes one folder deeper, to that of a name, which is the prefix.
func (f *folder) enter(name, prefix string) {
	switch {
	case f.level == ofLogs && accountID.MatchString(name):
		f.level, f.account = ofAccount, name
	case f.level == ofAccount && name == "CloudTrail":
		f.level = ofTrail
	case f.level == ofTrail && name != "":
		f.level, f.region, f.base = ofRegion, name, prefix
	case f.level != ofRegion:
		f.level = foreign
	}
}

// inOrganization is whether the folders in this one are accounts alone.
func (f *folder) inOrganization() bool {
	parts := strings.Split(strings.TrimSuffix(f.prefix, "/"), "/")
	return f.level == ofLogs && organization.MatchString(parts[len(parts)-1])
}

// wants is whether a folder, or what is in it, is not left out.
func (n Narrow) wants(f folder) bool {
	return (f.account == "" || len(n.Accounts) == 0 || slices.Contains(n.Accounts, f.account)) &&
		(f.region == "" || len(n.Regions) == 0 || slices.Contains(n.Regions, f.region))
}

// within are the names of the folders in this one, where the layout and what
// is asked for tell them all; else ok is false, and they are to be listed.
func (n Narrow) within(f folder) (names []string, ok bool) {
	switch {
	case f.beginning:
		return nil, false
	case f.level == ofLogs && f.inOrganization() && len(n.Accounts) > 0:
		return n.Accounts, true
	case f.level == ofAccount:
		return []string{"CloudTrail"}, true
	case f.level == ofTrail && len(n.Regions) > 0:
		return n.Regions, true
	}
	return nil, false
}

// span are the keys after which and before which those lie that are wanted of
// a region; empty where there is no bound. Keys sort by the day of delivery.
func (n Narrow) span(f folder) (after, before string) {
	if f.level != ofRegion {
		return "", ""
	}
	const day = "2006/01/02"
	first, last := n.days()
	if !first.IsZero() {
		after = f.base + first.Format(day)
	}
	if !last.IsZero() {
		before = f.base + last.Add(24*time.Hour).Format(day)
	}
	return after, before
}
