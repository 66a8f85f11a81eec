package awstest

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed moto.py
var motoScript string

// Created is the time at which moto.py has everything in IAM created.
var Created = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

// ErrNoMoto says what to install.
var ErrNoMoto = errors.New("moto is not installed: run `make tools`, or `pip install -r deploy/tools.txt` into the Python on the PATH")

// Moto is a process that serves moto's AWS.
type Moto struct {
	URL *url.URL

	cmd   *exec.Cmd
	stdin io.Closer
}

// StartMoto runs moto with the Python of root/.venv, else the one on the PATH.
// Close it at the end.
func StartMoto(root string) (*Moto, error) {
	cmd := exec.Command(Python(root), "-c", motoScript)
	address, stdin, err := Serve(cmd)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNoMoto, err)
	}
	u, err := url.Parse(address)
	return &Moto{u, cmd, stdin}, err
}

// Python is that of root/.venv, else the one on the PATH.
func Python(root string) string {
	venv := filepath.Join(root, ".venv", "bin", "python")
	if _, err := os.Stat(venv); err == nil {
		return venv
	}
	return "python3"
}

// Reset forgets everything that was created.
func (m *Moto) Reset() error {
	resp, err := http.Post(m.URL.JoinPath("moto-api", "reset").String(), "", nil)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Close ends the process.
func (m *Moto) Close() error {
	return errors.Join(m.stdin.Close(), m.cmd.Wait())
}
