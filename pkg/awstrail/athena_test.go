package awstrail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/rolewhy/rolewhy/pkg/awstest"
)

// engine answers for Athena: DuckDB runs the SQL over files, moto keeps the
// query and its rows. What moto lacks, the table and how much was read, it
// answers itself.
type engine struct {
	*front
	table  string // a file of testdata
	folder string // of the files
	ran    []string
}

func newEngine(t *testing.T, f *front, table, folder string) *engine {
	t.Helper()
	e := &engine{front: f, table: filepath.Join("testdata", table), folder: folder}
	f.answer = e.serve
	_, err := athena.NewFromConfig(f.config()).CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{
		Name: ptr("analysts"), Configuration: &types.WorkGroupConfiguration{},
	})
	check(t, err)
	return e
}

func ptr[T any](v T) *T { return &v }

// serve is a front's answer.
func (e *engine) serve(w http.ResponseWriter, req *http.Request) bool {
	_, action, _ := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	switch action {
	case "GetTableMetadata":
		text, err := os.ReadFile(e.table)
		answer(w, err, `{"TableMetadata":`+string(text)+`}`)
	case "StartQueryExecution":
		if err := e.run(req); err != nil {
			answer(w, err, "")
			return true
		}
		return false
	case "GetQueryExecution":
		got := httptest.NewRecorder()
		e.pass.ServeHTTP(got, req)
		answer(w, nil, strings.Replace(got.Body.String(), `"DataScannedInBytes": 0`, `"DataScannedInBytes": 3000000000`, 1))
	default:
		return false
	}
	return true
}

func answer(w http.ResponseWriter, err error, text string) {
	if err != nil {
		refuse(w, "InternalServerException", err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_, _ = io.WriteString(w, text)
}

// run runs a query and has moto answer with its rows.
func (e *engine) run(req *http.Request) error {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return err
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	var in struct{ QueryString string }
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	e.ran = append(e.ran, in.QueryString)
	rows, err := duck(req.Context(), e.table, e.folder, in.QueryString)
	if err != nil {
		return err
	}
	queue, err := json.Marshal(map[string]any{"results": []any{map[string]any{"rows": resultRows(rows), "column_info": []any{}}}})
	if err != nil {
		return err
	}
	resp, err := http.Post(moto.URL.JoinPath("moto-api", "static", "athena", "query-results").String(), "application/json", bytes.NewReader(queue))
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// duck runs SQL in DuckDB, over files that lie as CloudTrail lays them out.
func duck(ctx context.Context, table, folder, sql string) (rows [][]*string, err error) {
	cmd := exec.CommandContext(ctx, awstest.Python(root), filepath.Join("testdata", "athena.py"), table, folder)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(sql), &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s\n%s", err, sql, stderr.String())
	}
	return rows, json.Unmarshal(out, &rows)
}

// resultRows are rows as Athena returns them: the names of the columns first.
func resultRows(rows [][]*string) []map[string]any {
	names := make([]*string, len(columns))
	for i := range columns {
		names[i] = &columns[i].member
	}
	var all []map[string]any
	for _, row := range append([][]*string{names}, rows...) {
		var cells []map[string]any
		for _, text := range row {
			cell := map[string]any{}
			if text != nil {
				cell["VarCharValue"] = *text
			}
			cells = append(cells, cell)
		}
		all = append(all, map[string]any{"Data": cells})
	}
	return all
}
