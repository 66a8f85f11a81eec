package awstrail

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// What partition columns are called: the documentation of AWS has account,
// region, timestamp, and year, month and day.
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-org-wide-trail.html
func isAccount(k partitionKey) bool {
	return slices.Contains([]string{"account", "accountid", "awsaccount", "awsaccountid", "recipientaccountid"}, plain(k.name))
}

func isRegion(k partitionKey) bool {
	return slices.Contains([]string{"region", "awsregion"}, plain(k.name))
}

func named(name string) func(partitionKey) bool {
	return func(k partitionKey) bool { return plain(k.name) == name }
}

func plain(name string) string { return strings.NewReplacer("_", "", "-", "").Replace(name) }

// key is the partition column that is sought.
func (t *table) key(is func(partitionKey) bool) (partitionKey, bool) {
	i := slices.IndexFunc(t.keys, is)
	if i < 0 {
		return partitionKey{}, false
	}
	return t.keys[i], true
}

// ofDays narrows by the partitions of days. A column that is not known to hold
// days narrows nothing: rather too much is read than too little.
func (t *table) ofDays(n Narrow) []string {
	first, last := n.days()
	by, ok := t.days()
	if !ok {
		return nil
	}
	var conditions []string
	for _, bound := range []struct {
		at   time.Time
		than string
	}{{first, ">="}, {last, "<="}} {
		if !bound.at.IsZero() {
			conditions = append(conditions, fmt.Sprintf("%s %s %s", by.column, bound.than, by.literal(bound.at.Format(by.layout))))
		}
	}
	return conditions
}

// days are partitions by the day of delivery, or by its month or year.
type days struct {
	column  string              // what is compared with a day
	layout  string              // of a day there
	literal func(string) string // of such a text in SQL
	// How long a partition is.
	years, months, days int
}

// days finds the partitions by time.
func (t *table) days() (by days, ok bool) {
	for _, k := range t.keys {
		layout, projected := layoutOf(t.projection(k.name, "format"))
		switch {
		case k.kind == "date":
			return days{identifier(k.name), time.DateOnly, func(d string) string { return "DATE " + literal(d) }, 0, 0, 1}, true
		case projected && t.projection(k.name, "type") == "date":
			return days{identifier(k.name), layout, literal, 0, 0, 1}, true
		}
	}
	return t.numbers()
}

// numbers compares columns of years, months and days, be they strings or
// numbers.
func (t *table) numbers() (by days, ok bool) {
	by.literal = func(d string) string { return d }
	for _, part := range []struct {
		name, layout        string
		years, months, days int
	}{{"year", "2006", 1, 0, 0}, {"month", "01", 0, 1, 0}, {"day", "02", 0, 0, 1}} {
		k, there := t.key(named(part.name))
		if !there {
			break
		}
		column := fmt.Sprintf("CAST(%s AS integer)", identifier(k.name))
		if by.column != "" {
			column = "(" + by.column + ") * 100 + " + column
		}
		by.column, by.layout = column, by.layout+part.layout
		by.years, by.months, by.days = part.years, part.months, part.days
	}
	return by, by.column != ""
}

// whole widens a time to that of the partitions that are selected, which are
// read to their ends. The lateness, which is added to the end once more, is
// taken off.
func (by *days) whole(n Narrow) (from, to time.Time) {
	first, last := n.days()
	if !first.IsZero() {
		from = by.begin(first)
	}
	if !last.IsZero() {
		to = by.begin(last).AddDate(by.years, by.months, by.days-1).Add(-lateness)
	}
	return from, to
}

// begin is when the partition of a day begins.
func (by *days) begin(day time.Time) time.Time {
	switch {
	case by.years > 0:
		return time.Date(day.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	case by.months > 0:
		return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return day
}

// dayFormat is a day as a projection of dates writes it, in the letters of
// Java: from the year to the day, so that days sort as their texts do.
// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
var dayFormat = lazyregexp.New(`^yyyy[-/_.]?MM[-/_.]?dd$`)

func layoutOf(format string) (layout string, ok bool) {
	if !dayFormat.MatchString(format) {
		return "", false
	}
	return strings.NewReplacer("yyyy", "2006", "MM", "01", "dd", "02").Replace(format), true
}

// narrows is what of n the partitions tell apart: what else there is, Athena
// reads whole.
func (t *table) narrows(n Narrow) (by Narrow, notes []string) {
	if _, ok := t.key(isAccount); ok {
		by.Accounts = n.Accounts
	} else if len(n.Accounts) > 0 {
		notes = append(notes, "The table has no partitions by account: Athena reads those of all.")
	}
	if _, ok := t.key(isRegion); ok {
		by.Regions = n.Regions
	} else if len(n.Regions) > 0 {
		notes = append(notes, "The table has no partitions by region: Athena reads those of all.")
	}
	if period, ok := t.days(); ok {
		by.From, by.To = period.whole(n)
	} else if !n.From.IsZero() || !n.To.IsZero() {
		notes = append(notes, "The table has no partitions that are known to be days: Athena reads what there is of all time.")
	}
	if len(t.keys) > 0 && !t.projected() {
		notes = append(notes, "Partitions that were added one by one are taken to lie below the location of the table.")
	}
	return by, notes
}

// injected tells of partition columns that Athena cannot do without a value
// for.
// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-dynamic-id-partitioning.html
func (t *table) injected(n Narrow) error {
	for _, k := range t.keys {
		given := isAccount(k) && len(n.Accounts) > 0 || isRegion(k) && len(n.Regions) > 0
		if t.projection(k.name, "type") == "injected" && !given {
			return fmt.Errorf("the table %s.%s can be read by given values of its column %s alone: say which accounts and regions", t.database, t.name, k.name)
		}
	}
	return nil
}
