package awstrail

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// columns are those of the result: where each goes in a record, and where it
// comes from.
var columns = []struct{ member, from string }{
	{"eventID", "eventid"},
	{"eventName", "eventname"},
	{"eventTime", "eventtime"},
	{"eventSource", "eventsource"},
	{"awsRegion", "awsregion"},
	{"recipientAccountId", "recipientaccountid"},
	{"requestID", "requestid"},
	{"sourceIPAddress", "sourceipaddress"},
	{"userAgent", "useragent"},
	{"errorCode", "errorcode"},
	{"errorMessage", "errormessage"},
	{"vpcEndpointId", "vpcendpointid"},
	{"requestParameters", "requestparameters"},
	{"additionalEventData", "additionaleventdata"},
	{"userIdentity.type", "useridentity.type"},
	{"userIdentity.principalId", "useridentity.principalid"},
	{"userIdentity.arn", "useridentity.arn"},
	{"userIdentity.userName", "useridentity.username"},
	{"userIdentity.invokedBy", "useridentity.invokedby"},
	{"userIdentity.identityProvider", "useridentity.identityprovider"},
	{"tlsDetails.clientProvidedHostHeader", "tlsdetails.clientprovidedhostheader"},
	{"resource.type", "resources.type"},
	{"resource.ARN", "resources.arn"},
}

// query is the SQL that selects the records that matter, cloudtrail.Matters,
// and of those the partitions that are wanted. It is of the SQL that Trino,
// on which Athena runs, and DuckDB have in common.
// https://docs.aws.amazon.com/athena/latest/ug/select.html
func (t *table) query(n Narrow) string {
	var selected []string
	for _, c := range columns {
		selected = append(selected, fmt.Sprintf("CAST(%s AS varchar) AS %s", t.expression(c.from), identifier(c.member)))
	}
	conditions := []string{fmt.Sprintf("(%s\n    OR %s)", t.denials(n), t.changes())}
	conditions = append(conditions, t.within(n)...)
	return fmt.Sprintf("SELECT\n  %s\nFROM %s.%s\nWHERE %s",
		strings.Join(selected, ",\n  "), identifier(t.database), identifier(t.name), strings.Join(conditions, "\n  AND "))
}

// expression is a column, or NULL where the table does not have it. Of the
// resources of a call the first one is selected: a denied call has one.
func (t *table) expression(from string) string {
	first, isResource := strings.CutPrefix(from, "resources.")
	switch {
	case isResource && slices.Contains(fields(element(t.columns["resources"])), first):
		return "TRY(resources[1]." + first + ")"
	case isResource || !t.has(from):
		return "NULL"
	}
	return from
}

// denials is true of failed calls in the time that is wanted.
func (t *table) denials(n Narrow) string {
	conditions := []string{"eventname = 'AssumeRoleWithWebIdentity'", "(" + strings.Join(t.failed("<> ''"), " OR ") + ")"}
	if !n.From.IsZero() {
		conditions = append(conditions, "eventtime >= "+literal(n.From.UTC().Format(time.RFC3339)))
	}
	if !n.To.IsZero() {
		conditions = append(conditions, "eventtime <= "+literal(n.To.UTC().Format(time.RFC3339)))
	}
	return strings.Join(conditions, " AND ")
}

// changes is true of changes that were made.
func (t *table) changes() string {
	return fmt.Sprintf("eventname IN (%s) AND %s", literals(cloudtrail.ChangeNames), strings.Join(t.failed("= ''"), " AND "))
}

// failed compares what a failed call alone has.
func (t *table) failed(with string) (comparisons []string) {
	for _, column := range []string{"errorcode", "errormessage"} {
		if t.has(column) {
			comparisons = append(comparisons, fmt.Sprintf("COALESCE(%s, '') %s", column, with))
		}
	}
	return comparisons
}

// within narrows by account and region, in the partitions where these are
// told apart by them, and in the records else; and by the day of delivery,
// where there are partitions for it.
func (t *table) within(n Narrow) (conditions []string) {
	for _, one := range []struct {
		wanted []string
		column string
		is     func(partitionKey) bool
	}{{n.Accounts, "recipientaccountid", isAccount}, {n.Regions, "awsregion", isRegion}} {
		if len(one.wanted) == 0 {
			continue
		}
		column := one.column
		if key, ok := t.key(one.is); ok {
			column = identifier(key.name)
		}
		conditions = append(conditions, fmt.Sprintf("%s IN (%s)", column, literals(one.wanted)))
	}
	return append(conditions, t.ofDays(n)...)
}

// identifier quotes a name.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// literal is a string.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func literals(texts []string) string {
	all := make([]string, 0, len(texts))
	for _, t := range texts {
		all = append(all, literal(t))
	}
	return strings.Join(all, ", ")
}
