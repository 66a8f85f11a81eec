package dynamostore_test

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

func TestTableKeepsTheContract(t *testing.T) {
	cfg := dynamolocal.Config(t)
	incidenttest.Contract(t, func(t *testing.T) incident.Store {
		return dynamostore.New(cfg, dynamolocal.Table(t, cfg))
	})
}
