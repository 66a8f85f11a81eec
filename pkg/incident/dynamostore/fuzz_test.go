package dynamostore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// Whatever an item holds, reading it ends with a value or an error.
func FuzzItem(f *testing.F) {
	part, mark := place("event", incident.Tally{}.First)
	sound, err := encode(&incident.Incident{ID: "i"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(part, mark, "1", sound)
	f.Add("seen#2025-03-01T09:30#0", []byte{}, "", []byte("{}"))
	f.Add("seen#", []byte{1}, "-1", sound[:len(sound)/2])
	f.Fuzz(func(t *testing.T, part string, mark []byte, rev string, src []byte) {
		item := map[string]types.AttributeValue{
			"part":  text(part),
			"marks": &types.AttributeValueMemberBS{Value: [][]byte{mark}},
			"rev":   &types.AttributeValueMemberN{Value: rev},
			head:    &types.AttributeValueMemberB{Value: src},
		}
		var tally incident.Tally
		if err := add(&tally, item); (err == nil) != (tally.Count == 1) {
			t.Errorf("%d counted, %v", tally.Count, err)
		}
		if i, err := decode(item); err == nil && i == nil {
			t.Error("neither an incident nor an error")
		}
	})
}
