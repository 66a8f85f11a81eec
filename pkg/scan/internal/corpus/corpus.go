// Package corpus makes up CloudTrail logs to measure and to test with: the
// same for the same seed, laid out and filled as CloudTrail does it. Nothing in
// them is of a real account.
package corpus

import (
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Options say what to make.
type Options struct {
	Records int    // in all files together
	Files   int    // one for every five minutes and region
	Seed    uint64 // equal seeds give equal files
}

// Bench is the corpus of the benchmark, Small one for tests.
var (
	Bench = Options{Records: 600_000, Files: 200, Seed: 1}
	Small = Options{Records: 9_400, Files: 12, Seed: 1}
)

// How often a record is of a kind: one in so many. A multiple of denialEvery
// has just as many denials in every file.
const (
	denialEvery = 470
	changeEvery = 1900
)

// Summary counts what was made.
type Summary struct {
	Records, Denials, Changes int
	Bytes, Packed             int64
}

func (s *Summary) add(o Summary) {
	s.Records += o.Records
	s.Denials += o.Denials
	s.Changes += o.Changes
	s.Bytes += o.Bytes
	s.Packed += o.Packed
}

// start is when the first file of a corpus begins.
var start = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// regions take turns from file to file. Changes of IAM are in the first alone.
var regions = []string{"us-east-1", "eu-central-1", "us-west-2"}

// Write makes a corpus in a folder, below AWSLogs, with account.json beside
// it: what casefile.Load reads of the account the logs are of.
func Write(dir string, o Options) (Summary, error) {
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		total Summary
		errs  = []error{os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "account.json"), accountFile(), 0o644)}
		todo  = make(chan int)
	)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range todo {
				one, err := writeFile(dir, i, o)
				mu.Lock()
				total.add(one)
				errs = append(errs, err)
				mu.Unlock()
			}
		})
	}
	for i := range o.Files {
		todo <- i
	}
	close(todo)
	wg.Wait()
	return total, errors.Join(errs...)
}

// writeFile makes file i, packed as Java packs by default.
func writeFile(dir string, i int, o Options) (Summary, error) {
	f := newFile(i, o)
	path := filepath.Join(dir, f.path())
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return Summary{}, err
	}
	out, err := os.Create(path)
	if err != nil {
		return Summary{}, err
	}
	text, made := f.contents()
	packer := gzip.NewWriter(out)
	_, err = packer.Write(text)
	err = errors.Join(err, packer.Close())
	if info, statErr := out.Stat(); statErr == nil {
		made.Packed = info.Size()
	}
	return made, errors.Join(err, out.Close())
}

// file is one log file in the making.
type file struct {
	record // the one being written
	*rand.Rand

	index, first, records int
	region                string
	begin                 time.Time
	active                []session
}

func newFile(i int, o Options) *file {
	first := i * o.Records / o.Files
	f := &file{
		Rand: rand.New(rand.NewPCG(o.Seed, uint64(i))), index: i,
		first: first, records: (i+1)*o.Records/o.Files - first,
		region: regions[i%len(regions)], begin: start.Add(time.Duration(i/len(regions)) * 5 * time.Minute),
	}
	f.active = f.sessions()
	return f
}

// path is where CloudTrail puts such a file
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
func (f *file) path() string {
	return filepath.Join("AWSLogs", account, "CloudTrail", f.region, f.begin.Format("2006/01/02"),
		fmt.Sprintf("%s_CloudTrail_%s_%s_%s.json.gz", account, f.region, f.begin.Format("20060102T1504Z"), f.letters(16)))
}

// contents is the file before it is packed.
func (f *file) contents() ([]byte, Summary) {
	made := Summary{Records: f.records}
	f.buf = append(f.buf, `{"Records":[`...)
	for i := range f.records {
		if i > 0 {
			f.buf = append(f.buf, ',')
		}
		switch n := f.first + i; {
		case n%denialEvery == denialEvery-1:
			made.Denials++
			f.webIdentity(true)
		case n%changeEvery == changeEvery-1 && f.region == regions[0]:
			made.Changes++
			f.change()
		default:
			f.usual()
		}
	}
	f.buf = append(f.buf, `]}`...)
	made.Bytes = int64(len(f.buf))
	return f.buf, made
}
