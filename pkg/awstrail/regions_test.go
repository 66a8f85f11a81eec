package awstrail

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestRegions(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked, _ := io.ReadAll(req.Body)
		switch {
		case !strings.Contains(string(asked), `["ENABLED","ENABLED_BY_DEFAULT"]`):
			t.Errorf("asked for %s", asked)
		case strings.Contains(string(asked), `"NextToken":"more"`):
			io.WriteString(w, `{"Regions":[{"RegionName":"ap-east-1","RegionOptStatus":"ENABLED"}]}`)
		default:
			io.WriteString(w, `{"Regions":[{"RegionName":"us-east-1"},{"RegionName":"eu-west-1"}],"NextToken":"more"}`)
		}
	}))
	t.Cleanup(server.Close)
	got := must(New(config("eu-west-1", nil, server.URL)).Regions(t.Context()))(t)
	if want := []string{"ap-east-1", "eu-west-1", "us-east-1"}; !slices.Equal(got, want) {
		t.Errorf("regions %q, want %q", got, want)
	}
}

func TestRegionsThatAreNotTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"message":"no"}`)
	}))
	t.Cleanup(server.Close)
	_, err := New(config("eu-west-1", nil, server.URL)).Regions(t.Context())
	if want := "ask which regions are enabled: AWS refused it: grant account:ListRegions on *"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
