package awstrail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

const bucketName = "trail-bucket"

// fill puts objects into a bucket of moto's.
func fill(t *testing.T, f *front, objects map[string][]byte) {
	t.Helper()
	client := s3.NewFromConfig(f.config())
	name := bucketName
	must(client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))(t)
	for key, packed := range objects {
		class := types.StorageClassStandard
		if strings.Contains(key, "archived") {
			class = types.StorageClassGlacier
		}
		must(client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: bytes.NewReader(packed), StorageClass: class}))(t)
	}
	f.requests()
}

// keysOf are those of the inputs, in order, and the errors.
func keysOf(ctx context.Context, s scan.Source) (keys []string, faults []string) {
	for in, err := range s.Inputs(ctx) {
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		keys = append(keys, strings.TrimPrefix(in.Name, "s3://"+bucketName+"/"))
	}
	slices.Sort(keys)
	return keys, faults
}

// laidOut are the keys of a bucket as CloudTrail and others fill it.
func laidOut() map[string][]byte {
	all := map[string][]byte{}
	put := func(format string, args ...any) { all[fmt.Sprintf(format, args...)] = []byte("{}") }
	for _, day := range []string{"1999/12/29", "1999/12/30", "1999/12/31", "2000/01/01"} {
		for _, region := range []string{"eu-west-1", "us-east-1"} {
			put("AWSLogs/%s/%s/CloudTrail/%s/%s/a.json.gz", org, account, region, day)
			put("AWSLogs/%s/%s/CloudTrail/%s/%s/b.json.gz", org, member, region, day)
		}
		put("AWSLogs/%s/CloudTrail/eu-west-1/%s/own.json.gz", account, day)
		put("AWSLogs/%s/%s/CloudTrail-Digest/eu-west-1/%s/d.json.gz", org, account, day)
		put("AWSLogs/%s/elasticloadbalancing/eu-west-1/%s/e.log", account, day)
	}
	put("AWSLogs/%s/%s/CloudTrail/eu-west-1/", org, account)
	put("team/AWSLogs/%s/CloudTrail/eu-west-1/1999/12/30/t.json.gz", member)
	put("exported/events.json")
	return all
}

func TestListingIsNarrowed(t *testing.T) {
	f := newFront(t)
	all := laidOut()
	fill(t, f, all)
	const inOrg = "AWSLogs/" + org + "/"
	day := func(d int) time.Time { return time.Date(1999, 12, d, 15, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		name, prefix string
		narrow       Narrow
		want         func(key string) bool
		mostRequests int
	}{
		{"everything", "", Narrow{}, func(string) bool { return true }, 20},
		{"an account", "", Narrow{Accounts: []string{member}}, func(k string) bool {
			return strings.Contains(k, member) || strings.HasPrefix(k, "exported/")
		}, 14},
		{"a region of an organization", inOrg, Narrow{Regions: []string{"us-east-1"}}, has("/us-east-1/"), 3},
		{"an account and a region: nothing is looked for", inOrg, Narrow{Accounts: []string{account}, Regions: []string{"eu-west-1"}}, has(account + "/CloudTrail/eu-west-1/"), 1},
		{"days: from that of the call to the one after", inOrg, Narrow{From: day(30), To: day(30)}, has("/1999/12/30/", "/1999/12/31/"), 8},
		{"open at the end", inOrg, Narrow{From: day(31)}, has("/1999/12/31/", "/2000/01/01/"), 8},
		{"open at the beginning", inOrg, Narrow{To: day(29)}, has("/1999/12/29/", "/1999/12/30/"), 8},
		{"a region by its folder", inOrg + account + "/CloudTrail/eu-west-1/", Narrow{From: day(31)}, has(account+"/CloudTrail/eu-west-1/1999/12/31/", account+"/CloudTrail/eu-west-1/2000/"), 1},
		{"a day by its folder", inOrg + account + "/CloudTrail/eu-west-1/1999/12/30/", Narrow{From: day(29)}, has(account + "/CloudTrail/eu-west-1/1999/12/30/"), 1},
		{"the beginning of a name", inOrg + account + "/CloudTrail/eu-west-1/1999/12/3", Narrow{}, has(account+"/CloudTrail/eu-west-1/1999/12/30/", account+"/CloudTrail/eu-west-1/1999/12/31/"), 3},
		{"a folder without its slash", "team", Narrow{}, has("team/"), 8},
		{"an object", "exported/events.json", Narrow{}, has("exported/events.json"), 1},
		{"logs of another service, when they are named", "AWSLogs/" + account + "/elasticloadbalancing/", Narrow{}, has("elasticloadbalancing/"), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f.requests()
			b := must(New(f.config()).Bucket("s3://"+bucketName+"/"+tt.prefix, tt.narrow))(t)
			got, faults := keysOf(t.Context(), b)
			var want []string
			for key := range all {
				if events := !strings.HasSuffix(key, "/") && !strings.Contains(key, "Digest") && (!strings.Contains(key, "elastic") || tt.prefix != "" && strings.Contains(tt.prefix, "elastic")); events && strings.HasPrefix(key, tt.prefix) && tt.want(key) {
					want = append(want, key)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" || len(faults) > 0 {
				t.Errorf("keys (-want +got):\n%s\nfaults %q", diff, faults)
			}
			if n := len(f.requests()); n > tt.mostRequests {
				t.Errorf("%d requests, want %d at most", n, tt.mostRequests)
			}
		})
	}
}

func has(parts ...string) func(string) bool {
	return func(key string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(key, p) })
	}
}

func TestNothingFoundIsSaid(t *testing.T) {
	f := newFront(t)
	fill(t, f, laidOut())
	for _, tt := range []struct {
		name, prefix string
		narrow       Narrow
	}{
		{"a wrong prefix", "AWSlogs/", Narrow{}},
		{"an account that is not there", "AWSLogs/" + org + "/", Narrow{Accounts: []string{"999999999999"}}},
		{"a time before all", "AWSLogs/" + org + "/", Narrow{To: noon.AddDate(-1, 0, 0)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := must(New(f.config()).Bucket("s3://"+bucketName+"/"+tt.prefix, tt.narrow))(t)
			keys, faults := keysOf(t.Context(), b)
			if len(keys) > 0 || len(faults) != 1 || !strings.Contains(faults[0], "there are no logs") {
				t.Errorf("keys %q, faults %q", keys, faults)
			}
		})
	}
}

func TestManyPages(t *testing.T) {
	f := newFront(t)
	all := map[string][]byte{}
	for i := range 23 {
		all[fmt.Sprintf("AWSLogs/%s/CloudTrail/eu-west-1/1999/12/30/%04d.json.gz", account, i)] = []byte("x")
	}
	fill(t, f, all)
	f.answer = func(_ http.ResponseWriter, req *http.Request) bool {
		req.URL.RawQuery += "&max-keys=5"
		return false
	}
	got, faults := keysOf(t.Context(), must(New(f.config()).Bucket("s3://"+bucketName, Narrow{}))(t))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(all)), got); diff != "" || len(faults) > 0 {
		t.Errorf("keys (-want +got):\n%s\nfaults %q", diff, faults)
	}
}

// What is no log by its name is passed over, as in a folder of files, but where
// CloudTrail alone writes, and where it is named.
func TestObjectsThatArePassedOver(t *testing.T) {
	f := newFront(t)
	all := map[string][]byte{}
	const region = "AWSLogs/" + account + "/CloudTrail/eu-west-1/"
	for _, key := range []string{
		"p/a.json", "p/day/b.json.gz", "p/trail.2026-01-02", "p/result.csv", "p/result.csv.metadata", "p/README.md", "p/.hidden.json", "p/.git/c.json",
		"p/CloudTrail-Digest/d.json.gz", "p/flat/1_CloudTrail-Insight_eu-west-1_t_eu-west-1_20260102T030405Z.json.gz", "p/empty.parquet", region + "2026/01/02/e.txt",
	} {
		all[key] = []byte("{}")
	}
	fill(t, f, all)
	for _, tt := range []struct {
		name, prefix string
		want, passed []string
	}{
		{"a folder", "p/", []string{"p/a.json", "p/day/b.json.gz", "p/trail.2026-01-02"}, []string{"p/README.md", "p/empty.parquet", "p/result.csv", "p/result.csv.metadata"}},
		{"an object", "p/README.md", []string{"p/README.md"}, nil},
		{"what CloudTrail writes", region, []string{region + "2026/01/02/e.txt"}, nil},
		{"a folder that is left out within another", "p/CloudTrail-Digest/", []string{"p/CloudTrail-Digest/d.json.gz"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := must(New(f.config()).Bucket("s3://"+bucketName+"/"+tt.prefix, Narrow{}))(t)
			got, faults := keysOf(t.Context(), b)
			var want []string
			for _, key := range tt.passed {
				want = append(want, (&scan.PassedOver{Name: b.url(key)}).Error())
			}
			slices.Sort(want)
			slices.Sort(faults)
			if diff := cmp.Diff(tt.want, got) + cmp.Diff(want, faults); diff != "" {
				t.Errorf("keys and faults (-want +got):\n%s", diff)
			}
			estimate := must(b.DryRun(t.Context()))(t)
			if estimate.Objects != len(tt.want) || estimate.PassedOver != len(tt.passed) || len(estimate.Unreadable) > 0 {
				t.Errorf("%+v", estimate)
			}
		})
	}
}

// A listing that is not wanted any more ends, and leaves nothing behind.
func TestListingEnds(t *testing.T) {
	f := newFront(t)
	fill(t, f, laidOut())
	b := must(New(f.config()).Bucket("s3://"+bucketName, Narrow{}))(t)
	for range b.Inputs(t.Context()) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	for range b.Inputs(ctx) {
		cancel()
	}
	cancel()
}

func TestWhatIsNoBucket(t *testing.T) {
	for _, tt := range []struct {
		name, url, want string
		narrow          Narrow
	}{
		{"a path", "/var/log", "one is written s3://BUCKET/PREFIX", Narrow{}},
		{"no bucket", "s3:///a", "is no place in S3", Narrow{}},
		{"an escape", "s3://a\x1b[31mb/c", `"s3://a\x1b[31mb/c" is no place`, Narrow{}},
		{"an account", "s3://bucket", `"12" is no account id`, Narrow{Accounts: []string{"12"}}},
		{"a region", "s3://bucket", `"../x" is no region`, Narrow{Regions: []string{"../x"}}},
		{"a time", "s3://bucket", "before it begins", Narrow{From: noon, To: noon.Add(-time.Second)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(config("us-east-1", nil, "")).Bucket(tt.url, tt.narrow); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// deny answers as S3 does.
func deny(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}

// read reads all inputs, as their texts by key and the errors.
func read(t *testing.T, s scan.Source) (texts map[string]string, faults []string) {
	t.Helper()
	texts = map[string]string{}
	for in, err := range s.Inputs(t.Context()) {
		var r io.ReadCloser
		if err == nil {
			r, err = in.Open(t.Context())
		}
		var text []byte
		if err == nil {
			text, err = io.ReadAll(r)
			check(t, r.Close())
		}
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		texts[strings.TrimPrefix(in.Name, "s3://"+bucketName+"/")] = string(text)
	}
	slices.Sort(faults)
	return texts, faults
}

func TestRefusedObjectsAreNamed(t *testing.T) {
	f := newFront(t)
	fill(t, f, map[string][]byte{"logs/a.json": []byte("a"), "logs/archived.json": []byte("b"), "logs/denied.json": []byte("c"), "logs/sealed.json": []byte("d"), "logs/odd.json": []byte("e")})
	const key = "arn:aws:kms:eu-west-1:111122223333:key/1-2-3"
	f.answer = func(w http.ResponseWriter, req *http.Request) bool {
		switch {
		case req.Header.Get("X-Amz-Request-Payer") != "":
			deny(w, http.StatusBadRequest, "Test", "the requester is not to pay")
		case strings.HasSuffix(req.URL.Path, "denied.json"):
			deny(w, http.StatusForbidden, "AccessDenied", "Access Denied")
		case strings.HasSuffix(req.URL.Path, "sealed.json"):
			deny(w, http.StatusForbidden, "AccessDenied", "User: arn:aws:iam::1:user/u is not authorized to perform: kms:Decrypt on resource: "+key+" because no policy allows it")
		case strings.HasSuffix(req.URL.Path, "odd.json"):
			deny(w, http.StatusNotFound, "NoSuchKey", "gone\n\u202e now")
		default:
			return false
		}
		return true
	}
	b := must(New(f.config()).Bucket("s3://"+bucketName+"/logs/", Narrow{}))(t)
	texts, faults := read(t, b)
	want := []string{
		"s3://trail-bucket/logs/archived.json: the object is archived: restore it first, as `aws s3api restore-object` does",
		"s3://trail-bucket/logs/denied.json: AWS refused it: grant s3:GetObject on arn:aws:s3:::trail-bucket/logs/denied.json",
		"s3://trail-bucket/logs/odd.json: AWS answered NoSuchKey: gone now",
		"s3://trail-bucket/logs/sealed.json: AWS refused it: grant kms:Decrypt on " + key,
	}
	if diff := cmp.Diff(want, faults); diff != "" || len(texts) != 1 || texts["logs/a.json"] != "a" {
		t.Errorf("faults (-want +got):\n%s\ntexts %q", diff, texts)
	}
}

func TestRefusedListingIsNamed(t *testing.T) {
	f := newFront(t)
	f.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		deny(w, http.StatusForbidden, "AccessDenied", "Access Denied")
		return true
	}
	cfg := f.config()
	cfg.Region = "cn-north-1"
	_, faults := keysOf(t.Context(), must(New(cfg).Bucket("s3://"+bucketName+"/AWSLogs/", Narrow{}))(t))
	want := []string{"s3://trail-bucket/AWSLogs/: AWS refused it: grant s3:ListBucket on arn:aws-cn:s3:::trail-bucket"}
	if diff := cmp.Diff(want, faults); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestBucketOfAnotherRegion(t *testing.T) {
	f := newFront(t)
	fill(t, f, map[string][]byte{"logs/a.json": []byte("a")})
	f.answer = func(w http.ResponseWriter, req *http.Request) bool {
		if strings.Contains(req.Header.Get("Authorization"), "/us-east-1/s3/") {
			return false
		}
		w.Header().Set("X-Amz-Bucket-Region", "us-east-1")
		deny(w, http.StatusMovedPermanently, "PermanentRedirect", "use another endpoint")
		return true
	}
	cfg := f.config()
	cfg.Region = "eu-west-1"
	texts, faults := read(t, must(New(cfg).Bucket("s3://"+bucketName+"/logs/", Narrow{}))(t))
	if len(faults) > 0 || texts["logs/a.json"] != "a" {
		t.Errorf("texts %q, faults %q", texts, faults)
	}
}

// What is refused in another region than the one of the configuration is told
// of as of there, by however many listings at a time.
func TestFoldersOfAnotherRegion(t *testing.T) {
	server := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.Contains(req.Header.Get("Authorization"), "/us-east-1/s3/") {
			deny(w, http.StatusForbidden, "AccessDenied", "Access Denied")
			return
		}
		w.Header().Set("X-Amz-Bucket-Region", "us-east-1")
		deny(w, http.StatusMovedPermanently, "PermanentRedirect", "use another endpoint")
	})
	var n Narrow
	for i := range 40 {
		n.Regions = append(n.Regions, fmt.Sprintf("eu-west-%d", i))
	}
	b := must(New(config("cn-north-1", without{server}, "")).Bucket("s3://"+bucketName+"/AWSLogs/"+account+"/", n))(t)
	_, faults := keysOf(t.Context(), b)
	for _, fault := range faults {
		if !strings.HasSuffix(fault, "grant s3:ListBucket on arn:aws:s3:::trail-bucket") {
			t.Error(fault)
		}
	}
	if len(faults) != len(n.Regions) {
		t.Errorf("%d faults", len(faults))
	}
}

// cut sends the first bytes of what moto answers, and breaks off.
func (f *front) cut(w http.ResponseWriter, req *http.Request, most int) {
	answer := &recorder{header: w.Header()}
	f.pass.ServeHTTP(answer, req)
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.Bytes()[:min(most, answer.Len())])
	if most < answer.Len() {
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

type recorder struct {
	bytes.Buffer
	header http.Header
	status int
}

// Header and WriteHeader implement http.ResponseWriter.
func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }

func TestBrokenConnections(t *testing.T) {
	f := newFront(t)
	text := strings.Repeat("0123456789abcdef", 20_000)
	fill(t, f, map[string][]byte{"a.json": []byte(text)})
	b := must(New(f.config()).Bucket("s3://"+bucketName+"/a.json", Narrow{}))(t)
	for _, tt := range []struct {
		name  string
		most  int // bytes of an answer
		whole bool
	}{
		{"some times", 100_000, true},
		{"for ever", 10, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f.answer = func(w http.ResponseWriter, req *http.Request) bool {
				if req.URL.Query().Has("list-type") {
					return false
				}
				f.cut(w, req, tt.most)
				return true
			}
			texts, faults := read(t, b)
			if tt.whole && (texts["a.json"] != text || len(faults) > 0) {
				t.Errorf("%d bytes, want %d; faults %q", len(texts["a.json"]), len(text), faults)
			}
			if !tt.whole && (len(faults) != 1 || !strings.Contains(faults[0], "s3://trail-bucket/a.json: the connection broke off 5 times, last after 50 of 320000 bytes")) {
				t.Errorf("faults %q", faults)
			}
		})
	}
}

func TestDryRunOfABucket(t *testing.T) {
	f := newFront(t)
	fill(t, f, map[string][]byte{"a.json": []byte("12345"), "b.json": []byte("123"), "archived.json": []byte("1")})
	got := must(must(New(f.config()).Bucket("s3://"+bucketName, Narrow{}))(t).DryRun(t.Context()))(t)
	if got.Objects != 2 || got.Bytes != 8 || len(got.Unreadable) != 1 || got.Unreadable[0].Where != "s3://trail-bucket/archived.json" {
		t.Errorf("%+v", got)
	}
	for _, req := range f.requests() {
		if !req.URL.Query().Has("list-type") {
			t.Errorf("%s was read", req.URL)
		}
	}
}
