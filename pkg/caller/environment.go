package caller

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Environment is what places are recognized and looked at by.
type Environment struct {
	Variables map[string]string
	ReadFile  func(name string) ([]byte, error)
	Client    *http.Client                                                           // for the token service of GitHub Actions
	Run       func(ctx context.Context, name string, args ...string) ([]byte, error) // standard output of a program
}

// patience bounds what a token service or an agent may take.
const patience = 20 * time.Second

// OfProcess is the environment of a process, whose variables have the form of
// os.Environ.
func OfProcess(variables []string) Environment {
	env := Environment{Variables: map[string]string{}, ReadFile: os.ReadFile, Run: run}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		env.Variables[name] = value
	}
	env.Client = &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the request's secret stays where it was sent
	}
	return env
}

// Get is the value of a variable, "" where it is not set.
func (env Environment) Get(name string) string { return env.Variables[name] }

// run starts a program, and gives what it prints as errors to nobody: it may
// hold secrets.
func run(ctx context.Context, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return exec.CommandContext(ctx, name, args...).Output()
}
