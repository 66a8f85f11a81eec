// Package dynamostore keeps incidents in a DynamoDB table, for any number of
// functions at once. Everything that it writes is one write, which is
// conditional or changes nothing when it is repeated: nobody undoes what
// somebody else did, and nothing is locked.
//
// The table has the key id and part, both strings, and holds three kinds of
// items. Each has expires, the time in seconds since 1970 at which the table's
// time to live may remove it: Life after it was last written.
//
//   - An incident: its ID, and part "head". rev is its revision, head its JSON,
//     compressed by gzip, as an item ends at 400 KB. shelf and changed are the
//     key of the index "shelf", which projects everything. writer tells one
//     attempt to save from another.
//   - What was counted for an incident within a minute: its ID, and part
//     "seen#2006-01-02T15:04#f". marks is a set with 16 bytes for each event:
//     the second within the minute, and the beginning of the SHA-256 of the
//     event's id. The last character is a digit of that hash. It spreads a
//     minute over 16 items, as a write costs by the size of its item.
//   - Permits that were taken in a window of time: "permit " and their name, and
//     the window as part. n is how many were.
//
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
package dynamostore

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

// Life is how long an item is kept after it was last written.
const Life = 90 * 24 * time.Hour

// index is the index of the table by shelf.
const index = "shelf"

// Store keeps incidents in one table. It needs dynamodb:GetItem, PutItem,
// UpdateItem and Query on it, and Query on its index.
type Store struct {
	client *dynamodb.Client
	table  string
	region string
	now    func() time.Time
	writer func() string // names an attempt to save
}

var _ incident.Store = (*Store)(nil)

// New returns the store in the table, which is in the region of the
// configuration. It makes no call yet.
func New(cfg aws.Config, table string) *Store {
	return &Store{dynamodb.NewFromConfig(cfg), table, cfg.Region, time.Now, rand.Text}
}

// Ambient is New for a person at a terminal, with the configuration of
// awsaccount.Environment, whose errors it returns.
func Ambient(ctx context.Context, region, table string) (*Store, error) {
	cfg, err := awsaccount.Environment(ctx, region)
	if err != nil {
		return nil, err
	}
	return New(cfg, table), nil
}

// Take implements incident.Store. Where an answer of DynamoDB is lost and the
// write is tried again, one permit may be lost with it; never are there more.
func (s *Store) Take(ctx context.Context, name string, window time.Time, limit int) (bool, error) {
	if err := incident.CheckID(name); err != nil || limit < 1 {
		return false, err
	}
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:           &s.table,
		Key:                 key("permit "+name, window.UTC().Format(time.RFC3339Nano)),
		UpdateExpression:    aws.String("SET expires = :expires ADD n :one"),
		ConditionExpression: aws.String("attribute_not_exists(n) OR n < :limit"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":expires": s.expires(), ":one": number(1), ":limit": number(int64(limit)),
		},
	})
	if failedCondition(err) != nil {
		return false, nil
	}
	return err == nil, s.told(err, "UpdateItem")
}

func key(id, part string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": text(id), "part": text(part)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// textOf is a string of an item, "" where it has none of the name.
func textOf(item map[string]types.AttributeValue, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func (s *Store) expires() types.AttributeValue { return number(s.now().Add(Life).Unix()) }
