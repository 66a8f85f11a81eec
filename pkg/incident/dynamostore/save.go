package dynamostore

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// head is the part of an incident itself, and the attribute with its JSON.
const head = "head"

// changedLayout sorts as the times do.
const changedLayout = "2006-01-02T15:04:05.000000Z"

// Get implements incident.Store. The read is strongly consistent.
func (s *Store) Get(ctx context.Context, id string) (*incident.Incident, error) {
	if err := incident.CheckID(id); err != nil {
		return nil, err
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: key(id, head), ConsistentRead: aws.Bool(true)})
	if err != nil || len(out.Item) == 0 {
		return nil, s.told(err, "GetItem")
	}
	i, err := decode(out.Item)
	if err != nil {
		return nil, s.broken(id, err)
	}
	return i, nil
}

// Save implements incident.Store. Where an answer of DynamoDB is lost and the
// write is tried again, the second attempt finds what the first one wrote: that
// is no conflict.
func (s *Store) Save(ctx context.Context, i *incident.Incident) error {
	if err := incident.CheckID(i.ID); err != nil {
		return err
	}
	put, err := s.put(i)
	if err != nil {
		return err
	}
	_, err = s.client.PutItem(ctx, put)
	if failed := failedCondition(err); failed != nil {
		if !same(failed.Item, put.Item) {
			return incident.ErrConflict
		}
		err = nil
	}
	if err != nil {
		return s.told(err, "PutItem")
	}
	i.Revision++
	return nil
}

// put writes i as the revision after its own.
func (s *Store) put(i *incident.Incident) (*dynamodb.PutItemInput, error) {
	src, err := encode(i)
	if err != nil {
		return nil, fmt.Errorf("incident %s cannot be saved: %w", i.ID, err)
	}
	item := key(i.ID, head)
	item["rev"] = number(i.Revision + 1)
	item[head] = &types.AttributeValueMemberB{Value: src}
	item["shelf"] = text(string(i.Shelf()))
	item["changed"] = text(s.now().UTC().Format(changedLayout))
	item["writer"] = text(s.writer())
	item["expires"] = s.expires()
	put := &dynamodb.PutItemInput{
		TableName:                           &s.table,
		Item:                                item,
		ConditionExpression:                 aws.String("attribute_not_exists(id)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if i.Revision != 0 {
		put.ConditionExpression = aws.String("rev = :rev")
		put.ExpressionAttributeValues = map[string]types.AttributeValue{":rev": number(i.Revision)}
	}
	return put, nil
}

// same is whether two items were written by one call of Save.
func same(a, b map[string]types.AttributeValue) bool {
	return textOf(a, "writer") != "" && textOf(a, "writer") == textOf(b, "writer")
}

// encode is the JSON of an incident, compressed. Its escapes for HTML are left
// out: they would make a record six times as long.
func encode(i *incident.Incident) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	err := errors.Join(e.Encode(i), w.Close())
	return b.Bytes(), err
}

// decode reads an item that Save wrote.
func decode(item map[string]types.AttributeValue) (*incident.Incident, error) {
	rev, _ := item["rev"].(*types.AttributeValueMemberN)
	src, _ := item[head].(*types.AttributeValueMemberB)
	if rev == nil || src == nil {
		return nil, errors.New("the item of an incident needs the number rev and the binary head")
	}
	r, err := gzip.NewReader(bytes.NewReader(src.Value))
	if err != nil {
		return nil, fmt.Errorf("head is not compressed JSON: %w", err)
	}
	i := &incident.Incident{}
	if err := json.NewDecoder(r).Decode(i); err != nil {
		return nil, fmt.Errorf("head is not the JSON of an incident: %w", err)
	}
	i.Revision, err = strconv.ParseInt(rev.Value, 10, 64)
	return i, err
}

// List implements incident.Store. It asks the index, which lags a moment behind
// the table.
func (s *Store) List(ctx context.Context, shelf incident.Shelf) iter.Seq2[*incident.Incident, error] {
	return func(yield func(*incident.Incident, error) bool) {
		pages := dynamodb.NewQueryPaginator(s.client, &dynamodb.QueryInput{
			TableName:                 &s.table,
			IndexName:                 aws.String(index),
			ScanIndexForward:          aws.Bool(false),
			KeyConditionExpression:    aws.String("shelf = :shelf"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":shelf": text(string(shelf))},
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, s.toldOf(err, "Query", "table/"+s.table+"/index/"+index))
				return
			}
			if !s.yieldAll(page.Items, yield) {
				return
			}
		}
	}
}

// yieldAll yields the incidents of items. An item that cannot be read is
// yielded as an error, and the others follow.
func (s *Store) yieldAll(items []map[string]types.AttributeValue, yield func(*incident.Incident, error) bool) bool {
	for _, item := range items {
		i, err := decode(item)
		if err != nil {
			i, err = nil, s.broken(textOf(item, "id"), err)
		}
		if !yield(i, err) {
			return false
		}
	}
	return true
}
