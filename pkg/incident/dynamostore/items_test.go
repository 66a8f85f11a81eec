package dynamostore_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// Every item ends at a time that is a lifetime away, one that was written
// before too.
func TestItemsExpire(t *testing.T) {
	cfg := dynamolocal.Config(t)
	table := dynamolocal.Table(t, cfg)
	s := dynamostore.New(cfg, table)
	i := &incident.Incident{ID: "i"}
	before := time.Now().Add(dynamostore.Life).Unix()
	for range 2 {
		_, err := s.Take(t.Context(), "all", at, 2)
		for _, err := range []error{err, s.Save(t.Context(), i), s.Count(t.Context(), "i", "event", at)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := dynamodb.NewFromConfig(cfg).Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil || len(out.Items) != 3 {
		t.Fatalf("%d items, %v", len(out.Items), err)
	}
	for _, item := range out.Items {
		expires, _ := item["expires"].(*types.AttributeValueMemberN)
		if expires == nil {
			t.Fatalf("%v never expires", item)
		}
		if sec, err := strconv.ParseInt(expires.Value, 10, 64); err != nil || sec < before || sec > time.Now().Add(dynamostore.Life).Unix() {
			t.Errorf("%v expires at %d, %v", item, sec, err)
		}
	}
}
