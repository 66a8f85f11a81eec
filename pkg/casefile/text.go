package casefile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// textOf is the JSON of a file, which may be packed by gzip and begin with the
// mark that some editors write.
func textOf(raw []byte) ([]byte, error) {
	var err error
	if bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
		if raw, err = unpacked(raw); err != nil {
			return nil, err
		}
	}
	if len(raw) > maxSize {
		return nil, fmt.Errorf("the file is larger than %d MB", maxSize>>20)
	}
	return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), cloudtrail.FormatOf(raw)
}

// unpacked reads one byte more than a file may have.
func unpacked(raw []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		raw, err = io.ReadAll(io.LimitReader(r, maxSize+1))
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, errors.New("the gzip data is cut off")
	case err != nil:
		return nil, fmt.Errorf("the gzip data is damaged: %w", err)
	}
	return raw, nil
}
