// Command make writes the corpus of the benchmark into a folder.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/rolewhy/rolewhy/pkg/scan/internal/corpus"
)

func main() {
	o := corpus.Bench
	flag.IntVar(&o.Records, "records", o.Records, "records in all files together")
	flag.IntVar(&o.Files, "files", o.Files, "files")
	flag.Uint64Var(&o.Seed, "seed", o.Seed, "equal seeds give equal files")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: make [-records N] [-files N] [-seed N] FOLDER")
		os.Exit(2)
	}
	made, err := corpus.Write(flag.Arg(0), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%d records, %d denials, %d changes, %d bytes in %d files, %d packed\n",
		made.Records, made.Denials, made.Changes, made.Bytes, o.Files, made.Packed)
}
