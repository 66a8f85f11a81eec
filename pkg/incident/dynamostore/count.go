package dynamostore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// seen is what the part of every item with marks begins with.
const seen = "seen#"

// markLength is the length of a mark: a byte with the second within the
// minute, and so much of the hash of the event's id that no two events of a
// minute have the same.
const markLength = 16

// Count implements incident.Store. The same event has the same mark in the same
// set, and adding to a set what it has changes nothing: this write needs no
// condition.
func (s *Store) Count(ctx context.Context, id, event string, at time.Time) error {
	if err := incident.CheckID(id); err != nil {
		return err
	}
	part, mark := place(event, at)
	_, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:        &s.table,
		Key:              key(id, part),
		UpdateExpression: aws.String("SET expires = :expires ADD marks :marks"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":expires": s.expires(), ":marks": &types.AttributeValueMemberBS{Value: [][]byte{mark}},
		},
	})
	return s.told(err, "UpdateItem")
}

// place is where an event is counted: the item, and the mark in it.
func place(event string, at time.Time) (part string, mark []byte) {
	hash := sha256.Sum256([]byte(event))
	mark = append([]byte{byte(at.UTC().Second())}, hash[:markLength-1]...)
	return fmt.Sprintf("%s%s#%x", seen, incident.Minute(at), hash[0]>>4), mark
}

// Tally implements incident.Store.
func (s *Store) Tally(ctx context.Context, id string) (incident.Tally, error) {
	if err := incident.CheckID(id); err != nil {
		return incident.Tally{}, err
	}
	var t incident.Tally
	pages := dynamodb.NewQueryPaginator(s.client, &dynamodb.QueryInput{
		TableName:                 &s.table,
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("id = :id AND begins_with(part, :seen)"),
		ProjectionExpression:      aws.String("part, marks"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":id": text(id), ":seen": text(seen)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return incident.Tally{}, s.told(err, "Query")
		}
		for _, item := range page.Items {
			if err := add(&t, item); err != nil {
				return incident.Tally{}, s.broken(id, err)
			}
		}
	}
	return t, nil
}

// add adds what an item with marks counts.
func add(t *incident.Tally, item map[string]types.AttributeValue) error {
	part := textOf(item, "part")
	marks, _ := item["marks"].(*types.AttributeValueMemberBS)
	if part == "" || marks == nil {
		return fmt.Errorf("an item that counts needs the string part and the binary set marks")
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(part, seen), "#")
	minute, err := time.Parse("2006-01-02T15:04", name)
	if err != nil {
		return fmt.Errorf("part %.60q: want %s, a minute, # and a digit", part, seen)
	}
	for _, mark := range marks.Value {
		if len(mark) != markLength {
			return fmt.Errorf("part %q has a mark of %d bytes: want %d", part, len(mark), markLength)
		}
		addAt(t, minute.Add(time.Duration(mark[0])*time.Second))
	}
	return nil
}

// addAt counts an event at a time.
func addAt(t *incident.Tally, at time.Time) {
	if t.Count == 0 {
		*t = incident.Tally{First: at, Last: at, Minutes: map[string]int{}}
	}
	if at.Before(t.First) {
		t.First = at
	}
	if at.After(t.Last) {
		t.Last = at
	}
	t.Count++
	t.Minutes[incident.Minute(at)]++
}
