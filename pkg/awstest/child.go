package awstest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Serve starts a server that prints the port it listens on as its first line,
// and that ends when its standard input does. It returns the address and that
// input. Errors tell what the server wrote on its standard error.
func Serve(cmd *exec.Cmd) (address string, stdin io.Closer, err error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdin, err = cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("it ended at once: %w\n%s", errors.Join(err, cmd.Wait()), stderr.String())
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port), stdin, nil
}
