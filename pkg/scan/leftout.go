package scan

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// ofAccount is the folder of an account where services leave their logs, of an
// organization or not, as AWSLogs/o-abcdefghij/111122223333
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
var ofAccount = lazyregexp.New(`(^|/)AWSLogs/(o-[0-9a-z]+/)?[0-9]{12}$`)

// ofOthers is whether a folder is that of a service which leaves its logs
// beside those of CloudTrail. Where it lies is told by the whole path, for a
// path that was given may begin below.
func ofOthers(path string) bool {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	return filepath.Base(path) != "CloudTrail" && ofAccount.MatchString(filepath.ToSlash(filepath.Dir(path)))
}

// noEvents are what CloudTrail writes beside its events, each in a folder of
// that name and in files that have it in theirs:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
var noEvents = []string{"CloudTrail-Digest", "CloudTrail-Insight"}

// LeftOut is whether what lies below a place that was named is left out
// unasked: hidden files and folders, and what CloudTrail writes beside its
// events. The path begins below that place; slashes divide its parts.
func LeftOut(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, ".") || slices.Contains(noEvents, part) {
			return true
		}
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	return slices.ContainsFunc(noEvents, func(kind string) bool { return strings.Contains(name, "_"+kind+"_") })
}

// Foreign is a *PassedOver about a file or object whose name ends as none of a
// log does; nil of one that may be a log.
func Foreign(path string) error {
	name := path[strings.LastIndexAny(path, `/`+string(filepath.Separator))+1:]
	if kind := end(name); kind != "" && !slices.Contains(ends, kind) {
		return &PassedOver{path, kind}
	}
	return nil
}

// ends are how the names of logs end, packed or not.
var ends = []string{".json", ".jsonl", ".ndjson", ".log", ".gz", ".gzip"}

// anEnd is how a name ends that tells what is in the file.
var anEnd = lazyregexp.New(`\.[A-Za-z][0-9A-Za-z]{0,9}$`)

func end(name string) string { return strings.ToLower(anEnd.FindString(name)) }
