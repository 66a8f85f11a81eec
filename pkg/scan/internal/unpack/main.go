// Command unpack unpacks files and does nothing with what comes out: the
// least that any scan with the same library takes. It unpacks as many files
// at a time as there are processors.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/klauspost/compress/gzip"
)

func main() {
	todo := make(chan string)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for name := range todo {
				if err := unpack(name); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		})
	}
	for _, name := range os.Args[1:] {
		todo <- name
	}
	close(todo)
	wg.Wait()
}

func unpack(name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	text, err := gzip.NewReader(in)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = io.Copy(io.Discard, text)
	return err
}
