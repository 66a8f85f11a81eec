package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/caller"
)

// Errors about tokens are constants, so that no part of a token gets into one.
var errTokenInArguments = usageError("--token takes the name of a file, or - for standard input. A token among the arguments is seen by everybody who can list processes; it was not used")

// maxToken bounds what is read as a token; STS takes 20,000 characters.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const maxToken = 1 << 20

// readToken reads a token, or its claims, from a file, or from standard input
// for "-".
func (in *invocation) readToken(name string) (caller.Token, error) {
	if caller.Shows(name) || strings.HasPrefix(strings.TrimSpace(name), "{") {
		return caller.Token{}, errTokenInArguments
	}
	r, err := in.open(name)
	if err != nil {
		return caller.Token{}, tokenOpenError(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, maxToken))
	if err != nil {
		return caller.Token{}, errors.New("read token: the file could not be read")
	}
	return caller.Parse(raw)
}

// tokenOpenError leaves out the name, which may be a token in some form that
// is not recognized.
func tokenOpenError(err error) error {
	for _, known := range []error{fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, known) {
			return errors.New("open token: " + known.Error())
		}
	}
	return errors.New("open token: the file could not be opened")
}

// open opens a file, or standard input for "-".
func (in *invocation) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(in.Stdin), nil
	}
	return os.Open(name)
}
