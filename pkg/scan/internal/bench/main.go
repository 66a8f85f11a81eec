// Command bench scans files and folders for the benchmark, with the account
// that lies beside a made-up corpus.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

func main() {
	account := flag.String("account", "", "file that casefile.Load reads")
	flag.Parse()
	if err := run(*account, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(account string, paths []string) error {
	var s scan.Scanner
	if account != "" {
		in, err := os.Open(account)
		if err != nil {
			return err
		}
		defer in.Close()
		file, err := casefile.Load(in, account)
		if err != nil {
			return err
		}
		s.Account = file
	}
	result, err := s.Scan(context.Background(), scan.Files(paths...))
	if err != nil {
		return err
	}
	for _, u := range result.Unreadable {
		fmt.Println(u.Where+":", u.Why)
	}
	for _, n := range result.Notes {
		fmt.Println(n)
	}
	fmt.Printf("%d denials in %d incidents, %d records, %d bytes, %d files\n", result.Denials, len(result.Incidents), result.Records, result.Bytes, result.Files)
	return nil
}
