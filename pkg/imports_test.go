// Package pkg_test holds the tree as a whole to its rules: which package may
// import which, and what no file may contain.
package pkg_test

import (
	"bufio"
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rolewhy/rolewhy"

// layers are the packages from the bottom to the top, where main.go is. Imports
// run one way: a package may import what lies in the layers below its own, and
// what lies within its own directory.
var layers = [][]string{
	{"pkg/lazyregexp", "pkg/policy"},
	{"pkg/cloudtrail", "pkg/idp", "pkg/report", "pkg/awstest"},
	{"pkg/diagnose", "pkg/caller"},
	{"pkg/awsaccount", "pkg/caller/callertest", "pkg/casefile", "pkg/notify"},
	{"pkg/notify/slack", "pkg/notify/sns", "pkg/notify/notifytest", "pkg/incident", "pkg/scan", "pkg/audit", "pkg/policyfile", "pkg/sarif"},
	{"pkg/incident/dynamostore", "pkg/incident/incidenttest", "pkg/page", "pkg/awstrail"},
	{"pkg/config", "pkg/incident/incidenttest/dynamolocal", "pkg/page/pagetest"},
	{"pkg/cli", "functions/metrics"},
	{"functions/wiring"},
	{"functions/explain", "functions/followup"},
	{""},
}

// standardLibraryAlone are the packages that get by without any module.
var standardLibraryAlone = []string{"pkg/lazyregexp", "pkg/policy", "pkg/cloudtrail", "pkg/caller"}

// withoutSDK are the packages into which no AWS SDK may come, be it through
// another package. The command line works without an account.
var withoutSDK = []string{"pkg/lazyregexp", "pkg/policy", "pkg/cloudtrail", "pkg/idp", "pkg/report", "pkg/diagnose", "pkg/casefile", "pkg/incident", "pkg/scan", "pkg/audit", "pkg/policyfile", "pkg/sarif", "pkg/caller"}

// sdks are the beginnings of the import paths of AWS SDKs.
var sdks = []string{"github.com/aws/", "github.com/awslabs/"}

func TestImportsRunOneWay(t *testing.T) {
	for name, imports := range directImports(t) {
		layer := layerOf(name)
		if layer < 0 {
			t.Errorf("%s is in none of the layers: say where it belongs", name)
			continue
		}
		for _, path := range imports {
			other, ours := ourPackage(path)
			if ours && layerOf(other) >= layer && owner(other) != owner(name) {
				t.Errorf("%s imports %s, which is not in a layer below it: imports run cli, functions → awsaccount, casefile, notify → diagnose → cloudtrail, idp, report → policy", name, other)
			}
		}
	}
}

// layerOf is the layer of a package, or of what it is internal to; -1 where it
// is in none.
func layerOf(name string) int {
	return slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, owner(name)) })
}

// owner is the package that an internal one belongs to, or the package itself.
func owner(name string) string {
	owner, _, _ := strings.Cut(name, "/internal/")
	return owner
}

func TestLayersArePackages(t *testing.T) {
	there := directImports(t)
	for _, name := range slices.Concat(layers...) {
		if _, ok := there[name]; !ok {
			t.Errorf("the layers have %q, which is no package", name)
		}
	}
}

func TestStandardLibraryAlone(t *testing.T) {
	imports := directImports(t)
	for _, name := range standardLibraryAlone {
		for _, path := range imports[name] {
			first, _, _ := strings.Cut(path, "/")
			if _, ours := ourPackage(path); strings.Contains(first, ".") && !ours {
				t.Errorf("%s imports %s: it is to import the standard library alone", name, path)
			}
		}
	}
}

func TestCoreKnowsNoSDK(t *testing.T) {
	for _, name := range withoutSDK {
		deps := slices.DeleteFunc(lines(t, "go", "list", "-deps", module+"/"+name), func(path string) bool { return !isSDK(path) })
		if len(deps) > 0 {
			t.Errorf("%s depends on %s, and on %d packages with it: the SDK belongs into awsaccount, notify/sns and the mains", name, deps[len(deps)-1], len(deps)-1)
		}
	}
}

func TestCommandLineImportsNoSDK(t *testing.T) {
	for _, path := range directImports(t)["pkg/cli"] {
		if isSDK(path) {
			t.Errorf("pkg/cli imports %s: the SDK belongs into awsaccount, notify/sns and the mains", path)
		}
	}
}

func isSDK(path string) bool {
	return slices.ContainsFunc(sdks, func(sdk string) bool { return strings.HasPrefix(path, sdk) })
}

// ourPackage is the name of a package of this module, relative to its top.
func ourPackage(path string) (name string, ours bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// directImports are the imports of every package of the module that has more
// than tests, those of its tests left out, by its name from the top.
func directImports(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	for _, line := range lines(t, "go", "list", "-f", `{{if .GoFiles}}{{.ImportPath}} {{join .Imports " "}}{{end}}`, module+"/...") {
		fields := strings.Fields(line)
		name, _ := ourPackage(fields[0])
		imports[name] = fields[1:]
	}
	return imports
}

// lines is what a command prints, without empty lines.
func lines(t *testing.T, name string, args ...string) []string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, stderr.Bytes())
	}
	var all []string
	for s := bufio.NewScanner(bytes.NewReader(out)); s.Scan(); {
		if s.Text() != "" {
			all = append(all, s.Text())
		}
	}
	return all
}
