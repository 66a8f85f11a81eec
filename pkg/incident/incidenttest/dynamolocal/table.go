package dynamolocal

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Table creates a table as template.yaml has it, empty and with a name of its
// own, and deletes it when the test ends.
func Table(tb testing.TB, cfg aws.Config) string {
	tb.Helper()
	client := dynamodb.NewFromConfig(cfg)
	def := Definition("incidents-" + rand.Text())
	if _, err := client.CreateTable(tb.Context(), def); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: def.TableName}); err != nil {
			tb.Error(err)
		}
	})
	return *def.TableName
}

// Definition is the part of the table's definition in template.yaml that
// matters to what is written and read.
func Definition(name string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName:   &name,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			attribute("id"), attribute("part"), attribute("shelf"), attribute("changed"),
		},
		KeySchema: schema("id", "part"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  aws.String("shelf"),
			KeySchema:  schema("shelf", "changed"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
	}
}

func attribute(name string) types.AttributeDefinition {
	return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
}

// schema is the key of a partition and of the order within it.
func schema(hash, order string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: types.KeyTypeHash},
		{AttributeName: &order, KeyType: types.KeyTypeRange},
	}
}
