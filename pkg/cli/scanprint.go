package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	htmlpage "github.com/rolewhy/rolewhy/pkg/page"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// print writes the result as --output says.
func (x *scanning) print(r *scan.Result) error {
	var b bytes.Buffer
	var err error
	switch x.output {
	case "json":
		err = scanJSON(&b, r)
	case "jsonl":
		err = scanLines(&b, r)
	case "csv":
		err = scanCSV(&b, r)
	case "markdown":
		scanMarkdown(&b, r)
	case "html":
		err = htmlpage.Scan(&b, r)
	default:
		x.text(&b, r)
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return x.write(b.Bytes())
}

func (x *scanning) write(text []byte) error {
	if _, err := x.Stdout.Write(text); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// scannedDocument is an incident with its reports in the form of
// docs/report.schema.json, whose fixes are ready to apply.
type scannedDocument struct {
	*scan.Incident
	Report  json.RawMessage `json:"report"`
	Earlier json.RawMessage `json:"earlier,omitempty"`
}

// scanJSON writes the result as one line, in the form that
// docs/scan.schema.json describes.
func scanJSON(w io.Writer, r *scan.Result) error {
	incidents := make([]scannedDocument, len(r.Incidents))
	for n := range r.Incidents {
		var err error
		if incidents[n], err = scannedReport(&r.Incidents[n]); err != nil {
			return err
		}
	}
	return encodeLine(w, struct {
		*scan.Result
		Incidents []scannedDocument `json:"incidents"`
	}{r, incidents})
}

// scanLines writes a line for each incident.
func scanLines(w io.Writer, r *scan.Result) error {
	for n := range r.Incidents {
		d, err := scannedReport(&r.Incidents[n])
		if err != nil {
			return err
		}
		if err := encodeLine(w, d); err != nil {
			return err
		}
	}
	return nil
}

func scannedReport(i *scan.Incident) (scannedDocument, error) {
	var b, earlier bytes.Buffer
	if i.Earlier != nil {
		if err := report.JSON(&earlier, i.Earlier); err != nil {
			return scannedDocument{}, err
		}
	}
	err := report.JSON(&b, i.Report)
	return scannedDocument{i, b.Bytes(), earlier.Bytes()}, err
}

// encodeLine writes a line of JSON in which nothing acts on a terminal.
func encodeLine(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(report.EscapeJSON(b.Bytes()))
	return err
}
