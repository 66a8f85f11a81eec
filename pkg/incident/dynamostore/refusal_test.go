package dynamostore_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// The errors of a table that is not there are those of DynamoDB Local.
func TestErrorsNameActionAndTable(t *testing.T) {
	cfg := dynamolocal.Config(t)
	s := dynamostore.New(cfg, "no-such-table")
	_, getErr := s.Get(t.Context(), "i")
	_, tallyErr := s.Tally(t.Context(), "i")
	_, takeErr := s.Take(t.Context(), "i", at, 1)
	for action, err := range map[string]error{
		"GetItem": getErr, "Query": errors.Join(tallyErr, listed(t, s)), "UpdateItem": errors.Join(takeErr, s.Count(t.Context(), "i", "e", at)),
		"PutItem": s.Save(t.Context(), &incident.Incident{ID: "i"}),
	} {
		want := "dynamodb:" + action + " on table no-such-table in eu-west-1: there is no such table in this region and account"
		for line := range strings.Lines(err.Error()) {
			if !strings.HasPrefix(line, want) {
				t.Errorf("%s: %v", action, err)
			}
		}
	}
}

func TestErrorsSayWhatHelps(t *testing.T) {
	s, p := tapped(t)
	for _, c := range []struct {
		code   string
		status int
		want   string
	}{
		{"AccessDeniedException", 400, "AWS refused it, grant dynamodb:GetItem on table/TABLE"},
		{"ProvisionedThroughputExceededException", 400, "DynamoDB throttled it"},
		{"ThrottlingException", 400, "DynamoDB throttled it"},
		{"InternalServerError", http.StatusInternalServerError, "DynamoDB answered InternalServerError"},
	} {
		p.answers(c.status, c.code, "a message")
		_, err := s.Get(t.Context(), "i")
		got := regexp.MustCompile(`incidents-\w+`).ReplaceAllString(err.Error(), "TABLE")
		if want := "dynamodb:GetItem on table TABLE in eu-west-1: " + c.want; !strings.HasPrefix(got, want+": ") {
			t.Errorf("%s: %s", c.code, got)
		}
	}
	p.answers(400, "AccessDeniedException", "a message")
	if err := listed(t, s); err == nil || !strings.Contains(err.Error(), "grant dynamodb:Query on table/incidents-") || !strings.Contains(err.Error(), "/index/shelf: ") {
		t.Errorf("the index is not named: %v", err)
	}
}

func TestLostConnection(t *testing.T) {
	s, p := tapped(t)
	p.lose = 100
	if _, err := s.Get(t.Context(), "i"); !errors.Is(err, errLost) || !strings.Contains(err.Error(), "DynamoDB did not answer") {
		t.Errorf("got %v", err)
	}
}

func TestTableWithoutIndex(t *testing.T) {
	cfg := dynamolocal.Config(t)
	def := dynamolocal.Definition("no-index")
	def.GlobalSecondaryIndexes, def.AttributeDefinitions = nil, def.AttributeDefinitions[:2]
	create(t, cfg, def)
	err := listed(t, dynamostore.New(cfg, "no-index"))
	if err == nil || !strings.Contains(err.Error(), "the table has no index shelf, which template.yaml gives it") {
		t.Errorf("got %v", err)
	}
}

func create(t *testing.T, cfg aws.Config, def *dynamodb.CreateTableInput) {
	t.Helper()
	if _, err := dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), def); err != nil {
		t.Fatal(err)
	}
}

func TestIncidentTooLarge(t *testing.T) {
	s, _ := tapped(t)
	noise := make([]byte, 600<<10)
	if _, err := rand.Read(noise); err != nil {
		t.Fatal(err)
	}
	i := &incident.Incident{ID: "i", Headline: hex.EncodeToString(noise)}
	err := s.Save(t.Context(), i)
	if err == nil || !strings.Contains(err.Error(), "larger than the 400 KB that an item may have") || i.Revision != 0 {
		t.Errorf("revision %d, %v", i.Revision, err)
	}
	i = &incident.Incident{ID: "i", Event: []byte("{")}
	if err := s.Save(t.Context(), i); err == nil || !strings.Contains(err.Error(), "incident i cannot be saved") {
		t.Errorf("an event that is no JSON: %v", err)
	}
}

// What somebody else put into the table is an error that names it, and hides
// nothing else.
func TestForeignItems(t *testing.T) {
	cfg := dynamolocal.Config(t)
	table := dynamolocal.Table(t, cfg)
	s := dynamostore.New(cfg, table)
	marks := &types.AttributeValueMemberBS{Value: [][]byte{{1, 2}}}
	for _, item := range []map[string]types.AttributeValue{
		{"id": text("none"), "part": text("head"), "shelf": text("active"), "changed": text("1")},
		{"id": text("json"), "part": text("head"), "rev": &types.AttributeValueMemberN{Value: "1"}, "head": compressed("{"), "shelf": text("active"), "changed": text("2")},
		{"id": text("plain"), "part": text("head"), "rev": &types.AttributeValueMemberN{Value: "1"}, "head": &types.AttributeValueMemberB{Value: []byte("{}")}, "shelf": text("active"), "changed": text("20")},
		{"id": text("short"), "part": text("seen#2025-03-01T09:30#0"), "marks": marks},
		{"id": text("minute"), "part": text("seen#yesterday#0"), "marks": marks},
		{"id": text("none"), "part": text("seen#2025-03-01T09:30#0")},
	} {
		if _, err := dynamodb.NewFromConfig(cfg).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Save(t.Context(), &incident.Incident{ID: "sound", State: incident.Open}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, err := range s.List(t.Context(), incident.Active) {
		if err != nil {
			got = append(got, err.Error())
		} else {
			got = append(got, i.ID)
		}
	}
	for _, id := range []string{"none", "json"} {
		_, err := s.Get(t.Context(), id)
		got = append(got, err.Error())
	}
	for _, id := range []string{"none", "minute", "short"} {
		_, err := s.Tally(t.Context(), id)
		got = append(got, err.Error())
	}
	in := " in table " + table + " cannot be read: "
	want := []string{
		"sound",
		`incident "plain"` + in + "head is not compressed JSON: unexpected EOF",
		`incident "json"` + in + "head is not the JSON of an incident: unexpected EOF",
		`incident "none"` + in + "the item of an incident needs the number rev and the binary head",
		`incident "none"` + in + "the item of an incident needs the number rev and the binary head",
		`incident "json"` + in + "head is not the JSON of an incident: unexpected EOF",
		`incident "none"` + in + "an item that counts needs the string part and the binary set marks",
		`incident "minute"` + in + `part "seen#yesterday#0": want seen#, a minute, # and a digit`,
		`incident "short"` + in + `part "seen#2025-03-01T09:30#0" has a mark of 2 bytes: want 16`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func compressed(s string) types.AttributeValue {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return &types.AttributeValueMemberB{Value: b.Bytes()}
}
