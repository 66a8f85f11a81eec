package sns

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// NoticeSchema names the form of what programs get of a notice without a
// report: {"schema": …, "notice": {…}}. Of one with a report they get the report
// with the same member.
const NoticeSchema = "rolewhy.notice/1"

// data is the notice as one line of JSON, with its report where it has one.
// Where that is too long, the parts of it that matter least are left out until
// it is not.
func data(n *notify.Notice) (string, error) {
	member, err := noticeMember(n)
	if err != nil {
		return "", err
	}
	if n.Report == nil {
		return `{"schema":"` + NoticeSchema + `",` + member, nil
	}
	fitting, err := reportWithin(n.Report, maxReport-notify.JSONLen(member))
	return strings.TrimSuffix(fitting, "}") + "," + member, err
}

// noticeMember is the last member of an object, with what closes that. Its lists
// are as long as there is room for.
func noticeMember(n *notify.Notice) (member string, err error) {
	for _, most := range []int{50, 20, 5} {
		raw, err := json.Marshal(recordOf(n, most))
		if err != nil {
			return "", fmt.Errorf("encode notice: %w", err)
		}
		member = `"notice":` + string(report.EscapeJSON(raw)) + `}`
		if notify.JSONLen(member) <= maxRecord {
			break
		}
	}
	return member, nil
}

func reportWithin(r *report.Report, room int) (string, error) {
	for _, leaveOut := range shorter {
		raw, err := encode(r)
		if err != nil || notify.JSONLen(raw) <= room {
			return raw, err
		}
		r = leaveOut(marked(r))
	}
	return encode(r)
}

func encode(r *report.Report) (string, error) {
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		return "", fmt.Errorf("encode report: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}
