package diagnose

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// option is an option of a command with its value, which may be hostile.
type option struct{ name, value string }

// awsCommand is a command of the AWS CLI, ready to paste. Values are joined to
// their options, so that none can pass for an option itself. There is no
// command for a value that the CLI would load from a file, or that no shell can
// hand over
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html).
func awsCommand(words string, options ...option) []string {
	var b strings.Builder
	b.WriteString("aws " + words)
	for _, o := range options {
		if strings.ContainsRune(o.value, 0) || strings.HasPrefix(o.value, "file://") || strings.HasPrefix(o.value, "fileb://") {
			return nil
		}
		b.WriteString(" --" + o.name + "=" + report.ShellQuote(o.value))
	}
	return []string{b.String()}
}

// hostName is the name of a host with or without a port, as commands take it.
var hostName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?$`)
