package awstrail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// table is what Athena knows of a table.
type table struct {
	database, name string
	columns        map[string]string // types by name
	keys           []partitionKey
	parameters     map[string]string
}

// partitionKey is a column by which the objects of a table are told apart.
type partitionKey struct{ name, kind string }

// tableName is DATABASE.TABLE. Athena takes letters, digits and underscores,
// and hyphens in what other tools have made.
// https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
var tableName = lazyregexp.New(`^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$`)

// parseTable splits the name of a table.
func parseTable(name string) (database, table string, err error) {
	parts := tableName.FindStringSubmatch(name)
	if parts == nil || len(parts[1]) > 255 || len(parts[2]) > 255 {
		return "", "", fmt.Errorf("%.200q is no table of Athena: one is written DATABASE.TABLE", name)
	}
	return strings.ToLower(parts[1]), strings.ToLower(parts[2]), nil
}

// tableOf reads what Athena answers. Names of columns have no case.
func tableOf(database, name string, m *types.TableMetadata) (*table, error) {
	t := &table{database: database, name: name, columns: map[string]string{}, parameters: m.Parameters}
	for _, c := range m.Columns {
		t.columns[strings.ToLower(aws.ToString(c.Name))] = aws.ToString(c.Type)
	}
	for _, k := range m.PartitionKeys {
		t.keys = append(t.keys, partitionKey{strings.ToLower(aws.ToString(k.Name)), strings.ToLower(aws.ToString(k.Type))})
	}
	return t, t.check()
}

// check is whether the table has what no incident can do without.
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html
func (t *table) check() error {
	var missing []string
	for _, name := range []string{"useridentity", "eventtime", "eventname", "errorcode", "requestparameters"} {
		if t.columns[name] == "" {
			missing = append(missing, name)
		}
	}
	for _, name := range []string{"principalid", "username"} {
		if !t.has("useridentity." + name) {
			missing = append(missing, "useridentity."+name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the table %s.%s is none of CloudTrail's logs as AWS documents it: it has no column %s", t.database, t.name, strings.Join(missing, ", "))
	}
	return nil
}

// has is whether there is a column, or a field of one.
func (t *table) has(path string) bool {
	column, field, nested := strings.Cut(path, ".")
	kind, ok := t.columns[column]
	return ok && (!nested || slices.Contains(fields(kind), field))
}

// fields are the names of those of a structure, as struct<type:string,…> or
// as row(type varchar, …) in a view.
func fields(kind string) (names []string) {
	kind = strings.ToLower(kind)
	inner, ok := strings.CutPrefix(kind, "struct<")
	if !ok {
		if inner, ok = strings.CutPrefix(kind, "row("); !ok {
			return nil
		}
	}
	depth, begin := 0, true
	for i, r := range inner {
		switch {
		case strings.ContainsRune("<([", r):
			depth++
		case strings.ContainsRune(">)]", r):
			depth--
		case r == ',' && depth == 0:
			begin = true
		case begin && r != ' ':
			names = append(names, inner[i:i+strings.IndexAny(inner[i:]+" ", ": ")])
			begin = false
		}
	}
	return names
}

// element is the type of the elements of an array, as array<…> or array(…).
func element(kind string) string {
	kind = strings.ToLower(kind)
	for _, begin := range []string{"array<", "array("} {
		if inner, ok := strings.CutPrefix(kind, begin); ok {
			return inner
		}
	}
	return ""
}

// location is where the objects lie: the part of the path that is the same for
// all of them. It is empty where the table does not tell.
func (t *table) location() string {
	path := t.parameters["location"]
	if template := t.parameters["storage.location.template"]; template != "" && t.projected() {
		path, _, _ = strings.Cut(template, "${")
	}
	if path != "" && !strings.HasSuffix(path, "/") {
		path = path[:strings.LastIndex(path, "/")+1]
	}
	return path
}

// trails is whether the objects are those of CloudTrail alone, laid out as
// CloudTrail does.
func (t *table) trails() bool {
	return strings.Contains(t.parameters["location"]+"/", "/CloudTrail/") || t.projected() && strings.Contains(t.parameters["storage.location.template"], "/CloudTrail/")
}

// projected is whether Athena computes the partitions.
// https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
func (t *table) projected() bool {
	return strings.EqualFold(t.parameters["projection.enabled"], "true")
}

// projection is a setting of a partition column that Athena computes.
func (t *table) projection(key, setting string) string {
	if !t.projected() {
		return ""
	}
	wanted := "projection." + key + "." + setting
	for name, value := range t.parameters {
		if strings.EqualFold(name, wanted) {
			return value
		}
	}
	return ""
}
