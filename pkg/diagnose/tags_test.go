package diagnose

import (
	"maps"
	"slices"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// TestTokenTags reads both forms of the claim
// (IAM User Guide, id_session-tags.html#id_session-tags_adding-assume-role-idp).
func TestTokenTags(t *testing.T) {
	for _, test := range []struct {
		name   string
		claims map[string]any
		want   map[string]string
	}{
		{"no token", nil, nil},
		{"no tags", map[string]any{"sub": "x"}, nil},
		{"nested", map[string]any{claimTags: map[string]any{"principal_tags": map[string]any{"team": []any{"core"}}}}, map[string]string{"team": "core"}},
		{"nested without a list", map[string]any{claimTags: map[string]any{"principal_tags": map[string]any{"team": "core"}}}, map[string]string{"team": "core"}},
		{"flattened", map[string]any{claimTags + "/principal_tags/team": "core"}, map[string]string{"team": "core"}},
		{"empty list", map[string]any{claimTags + "/principal_tags/team": []any{}}, nil},
		{"another form", map[string]any{claimTags: "core"}, nil},
		{"transitive keys alone", map[string]any{claimTags: map[string]any{"transitive_tag_keys": []any{"team"}}}, nil},
		{"a claim with a name alike", map[string]any{claimTags + "x/principal_tags/team": "core"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := tokenTags(test.claims); !maps.Equal(got, test.want) {
				t.Errorf("tokenTags is %v, want %v", got, test.want)
			}
		})
	}
}

// TestNeeds: tags and a source identity need an action each, be they known from
// the record or from the token.
func TestNeeds(t *testing.T) {
	tags := map[string]any{claimTags + "/principal_tags/team": "core"}
	for _, test := range []struct {
		name   string
		event  cloudtrail.Event
		claims map[string]any
		want   []string
	}{
		{"neither", cloudtrail.Event{}, nil, []string{actionAssume}},
		{"tags of the record", cloudtrail.Event{PrincipalTags: []cloudtrail.Tag{{Key: "a"}}}, nil, []string{actionAssume, actionTag}},
		{"tags of the token", cloudtrail.Event{}, tags, []string{actionAssume, actionTag}},
		{"source identity", cloudtrail.Event{SourceIdentity: "x"}, nil, []string{actionAssume, actionSetSource}},
		{"both", cloudtrail.Event{SourceIdentity: "x"}, tags, []string{actionAssume, actionTag, actionSetSource}},
	} {
		c := newCase(&test.event, Options{Claims: test.claims})
		if got := c.needs(); !slices.Equal(got, test.want) {
			t.Errorf("%s: needs %v, want %v", test.name, got, test.want)
		}
	}
}

// TestTagsOfTheTokenAreKeys: their names come in order, and their values are
// read where the record has none.
func TestTagsOfTheTokenAreKeys(t *testing.T) {
	c := newCase(deniedAt(githubHost, "repo:a/b:pull_request"), Options{Claims: map[string]any{
		claimTags + "/principal_tags/b": "2", claimTags + "/principal_tags/a": "1",
	}})
	if got := c.call.value("aws:TagKeys"); !slices.Equal(got.List, []string{"a", "b"}) || !got.Multi {
		t.Errorf("aws:TagKeys is %+v", got)
	}
	if got := c.call.value("aws:RequestTag/A"); !slices.Equal(got.List, []string{"1"}) {
		t.Errorf("aws:RequestTag/A is %+v", got)
	}
}
