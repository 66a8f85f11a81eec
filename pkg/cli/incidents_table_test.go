package cli

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// The incidents of a table are told as those in memory are, found with the
// credentials and the region of the environment.
func TestIncidentsOfATable(t *testing.T) {
	cfg := dynamolocal.Config(t)
	keys, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ambient(t, "AWS_ENDPOINT_URL_DYNAMODB="+dynamolocal.URL(t), "AWS_REGION="+cfg.Region,
		"AWS_ACCESS_KEY_ID="+keys.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+keys.SecretAccessKey)
	table := dynamolocal.Table(t, cfg)
	stock(t, dynamostore.New(cfg, table), sampleIncidents())
	t.Setenv("ROLEWHY_TABLE", table)
	for _, args := range [][]string{{"incidents"}, {"incidents", "--all", "-o", "json"}, {"incidents", "show", "4f0a"}} {
		code, stdout, stderr := rolewhy(t, args...)
		if code != exitExplained || stderr != "" || !strings.Contains(stdout, "condition-not-met") {
			t.Errorf("%v: exit %d, %s\n%s", args, code, stderr, stdout)
		}
	}
	_, want, _ := incidentsOf(t, stocked(t), "--all", "-o", "json")
	if _, got, _ := rolewhy(t, "incidents", "--all", "-o", "json"); got != want {
		t.Errorf("from the table:\n%s\nfrom memory:\n%s", got, want)
	}
}

func TestNoTableOfIncidents(t *testing.T) {
	for _, tt := range []struct {
		name string
		vars []string
		want string
	}{
		{name: "no such table", vars: append(withKeys, "AWS_ENDPOINT_URL_DYNAMODB="+dynamolocal.URL(t)), want: "there is no such table in this region and account"},
		{name: "no region", vars: withKeys[:2], want: "no AWS region is set: give --region"},
		{name: "no credentials", vars: []string{"AWS_REGION=eu-west-1"}, want: "no AWS credentials were found: set AWS_PROFILE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ambient(t, tt.vars...)
			code, stdout, stderr := rolewhy(t, "incidents", "--table", "nobody-made-it")
			if code != exitFailure || stdout != "" || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit %d, %q, %q", code, stdout, stderr)
			}
		})
	}
}
