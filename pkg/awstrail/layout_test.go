package awstrail

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFolderInTheLayout(t *testing.T) {
	const trail = "AWSLogs/111122223333/CloudTrail/"
	for _, tt := range []struct {
		prefix string
		want   folder
	}{
		{"", folder{}},
		{"logs/", folder{}},
		{"MyAWSLogs/111122223333/", folder{}},
		{"AWSLogs/", folder{level: ofLogs}},
		{"a/AWSLogs/o-abcdefghij/", folder{level: ofLogs}},
		{"o-abcdefghij/AWSLogs/o-abcdefghij/111122223333/", folder{level: ofAccount, account: account}},
		{trail, folder{level: ofTrail, account: account}},
		{trail + "eu-west-1/", folder{level: ofRegion, account: account, region: "eu-west-1", base: trail + "eu-west-1/"}},
		{"x/" + trail + "eu-west-1/2026/11/", folder{level: ofRegion, account: account, region: "eu-west-1", base: "x/" + trail + "eu-west-1/"}},
		{"AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/", folder{level: foreign, account: account}},
		{"AWSLogs/copies/", folder{level: foreign}},
		{"AWSLogs//", folder{level: foreign}},
		{trail + "/eu-west-1/", folder{level: foreign, account: account}},
	} {
		t.Run(tt.prefix, func(t *testing.T) {
			tt.want.prefix = tt.prefix
			if got := folderOf(tt.prefix); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

// keys answer ListObjectsV2 without a network, some objects at a time.
type keys []string

// ServeHTTP implements http.Handler.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
func (k keys) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	type key struct{ Key string }
	type prefix struct{ Prefix string }
	out := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []key
		CommonPrefixes        []prefix
	}{}
	all := k.listed(req.URL.Query())
	at, _ := strconv.Atoi(req.URL.Query().Get("continuation-token"))
	end := min(at+3, len(all))
	for _, name := range all[at:end] {
		if d := req.URL.Query().Get("delimiter"); d != "" && strings.HasSuffix(name, d) {
			out.CommonPrefixes = append(out.CommonPrefixes, prefix{name})
		} else {
			out.Contents = append(out.Contents, key{name})
		}
	}
	if out.IsTruncated = end < len(all); out.IsTruncated {
		out.NextContinuationToken = strconv.Itoa(end)
	}
	_ = xml.NewEncoder(w).Encode(out)
}

// listed are the keys and the common prefixes that a request asks for.
func (k keys) listed(q url.Values) []string {
	names := map[string]bool{}
	for _, key := range k {
		rest, ok := strings.CutPrefix(key, q.Get("prefix"))
		if !ok || key <= q.Get("start-after") {
			continue
		}
		if i := strings.Index(rest, "/"); i >= 0 && q.Get("delimiter") != "" {
			key = q.Get("prefix") + rest[:i+1]
		}
		names[key] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// stored is an object of CloudTrail's, and what it is about.
type stored struct {
	key             string
	account, region string
	day             time.Time
}

func storedObjects(t *rapid.T) (all []stored) {
	roots := []string{"", "logs/", "a/b/"}
	orgs := []string{"", org + "/"}
	for i := range rapid.IntRange(1, 40).Draw(t, "objects") {
		s := stored{
			account: rapid.SampledFrom([]string{account, member}).Draw(t, "account"),
			region:  rapid.SampledFrom(both).Draw(t, "region"),
			day:     noon.Truncate(24*time.Hour).AddDate(0, 0, rapid.IntRange(-40, 40).Draw(t, "day")),
		}
		s.key = fmt.Sprintf("%sAWSLogs/%s%s/CloudTrail/%s/%s/%d.json.gz", rapid.SampledFrom(roots).Draw(t, "root"),
			rapid.SampledFrom(orgs).Draw(t, "organization"), s.account, s.region, s.day.Format("2006/01/02"), i)
		all = append(all, s)
	}
	return all
}

func narrow(t *rapid.T) (n Narrow) {
	subset := func(of []string, label string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(string) bool { return rapid.Bool().Draw(t, label) })
	}
	n.Accounts, n.Regions = subset([]string{account, member}, "accounts"), subset(both, "regions")
	hours := rapid.IntRange(-1000, 1000)
	if rapid.Bool().Draw(t, "from") {
		n.From = noon.Add(time.Duration(hours.Draw(t, "from hours")) * time.Hour)
	}
	if rapid.Bool().Draw(t, "to") {
		n.To = n.From.Add(time.Duration(rapid.IntRange(0, 500).Draw(t, "to hours")) * time.Hour)
		if n.From.IsZero() {
			n.To = noon.Add(time.Duration(hours.Draw(t, "to hours")) * time.Hour)
		}
	}
	return n
}

// isWanted is whether an object may have records that are asked for: it was
// delivered on the day of the call or on the next one.
func (n Narrow) isWanted(s stored) bool {
	return (len(n.Accounts) == 0 || slices.Contains(n.Accounts, s.account)) &&
		(len(n.Regions) == 0 || slices.Contains(n.Regions, s.region)) &&
		(n.From.IsZero() || s.day.Format(time.DateOnly) >= n.From.Format(time.DateOnly)) &&
		(n.To.IsZero() || s.day.Format(time.DateOnly) <= n.To.AddDate(0, 0, 1).Format(time.DateOnly))
}

// Whatever is asked for, and wherever the listing begins, what is found is what
// looking at every key would find.
func TestListingFindsWhatIsWanted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects, n := storedObjects(t), narrow(t)
		one := rapid.SampledFrom(objects).Draw(t, "object").key
		prefix := one[:rapid.IntRange(0, len(one)).Draw(t, "prefix")]
		var all keys
		var want []string
		for _, s := range objects {
			all = append(all, s.key)
			if strings.HasPrefix(s.key, prefix) && n.isWanted(s) {
				want = append(want, s.key)
			}
		}
		b, err := New(config("us-east-1", without{all}, "")).Bucket("s3://"+bucketName+"/"+prefix, n)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := keysOf(t.Context(), b)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("below %q (-want +got):\n%s", prefix, diff)
		}
	})
}

func FuzzFolderOf(f *testing.F) {
	f.Add("AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/11/23/")
	f.Add("AWSLogs//CloudTrail//")
	f.Add("AWSLogs/000000000000/CloudTrail/0")
	f.Add("AWSLogs/000000000000/CloudTrail//0/")
	f.Fuzz(func(t *testing.T, prefix string) {
		got := folderOf(prefix)
		if !strings.HasPrefix(prefix, got.base) || got.level == ofRegion && got.base == "" {
			t.Errorf("%q is %+v", prefix, got)
		}
		Narrow{From: noon, To: noon}.span(got)
	})
}
