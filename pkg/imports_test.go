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

// mayImport lists for every package the packages of this module that it may
// import. Imports run one way: whatever is not listed is forbidden.
var mayImport = map[string][]string{
	"pkg/policy":       {},
	"pkg/cloudtrail":   {"pkg/policy"},
	"pkg/idp":          {"pkg/policy"},
	"pkg/report":       {"pkg/policy"},
	"pkg/diagnose":     {"pkg/cloudtrail", "pkg/idp", "pkg/policy", "pkg/report"},
	"pkg/casefile":     {"pkg/cloudtrail", "pkg/diagnose"},
	"pkg/awsaccount":   {"pkg/diagnose"},
	"pkg/notify":       {"pkg/report"},
	"pkg/notify/slack": {"pkg/notify", "pkg/report"},
	"pkg/notify/sns":   {"pkg/notify", "pkg/report"},
	"pkg/config":       {"pkg/awsaccount", "pkg/casefile", "pkg/notify", "pkg/notify/slack", "pkg/notify/sns"},
	"pkg/cli": {
		"pkg/awsaccount", "pkg/casefile", "pkg/cloudtrail", "pkg/config", "pkg/diagnose", "pkg/idp",
		"pkg/notify", "pkg/notify/slack", "pkg/notify/sns", "pkg/policy", "pkg/report",
	},
	"functions/explain": {
		"pkg/awsaccount", "pkg/cloudtrail", "pkg/config", "pkg/diagnose", "pkg/notify", "pkg/notify/slack", "pkg/notify/sns", "pkg/report",
	},
	"": {"pkg/cli"}, // main.go

	// Packages that tests alone use.
	"pkg/notify/notifytest":              {"pkg/notify", "pkg/report"},
	"functions/explain/internal/standin": {},
}

// standardLibraryAlone are the packages that get by without any module.
var standardLibraryAlone = []string{"pkg/policy", "pkg/cloudtrail"}

// withoutSDK are the packages into which no AWS SDK may come, be it through
// another package. The command line works without an account.
var withoutSDK = []string{"pkg/policy", "pkg/cloudtrail", "pkg/idp", "pkg/report", "pkg/diagnose", "pkg/casefile"}

// sdks are the beginnings of the import paths of AWS SDKs.
var sdks = []string{"github.com/aws/", "github.com/awslabs/"}

func TestImportsRunOneWay(t *testing.T) {
	for name, imports := range directImports(t) {
		allowed, listed := mayImport[name]
		if !listed {
			t.Errorf("%q has no entry in mayImport: say which packages of the module it may import", name)
			continue
		}
		for _, path := range imports {
			if other, ours := ourPackage(path); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which mayImport does not allow: imports run cli, functions → casefile, awsaccount, notify → diagnose → cloudtrail, idp, report → policy", name, other)
			}
		}
	}
}

func TestListedPackagesExist(t *testing.T) {
	there := directImports(t)
	for name := range mayImport {
		if _, ok := there[name]; !ok {
			t.Errorf("mayImport lists %q, which is no package", name)
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
		for _, path := range lines(t, "go", "list", "-deps", "./../"+name) {
			if isSDK(path) {
				t.Errorf("%s depends on %s: the SDK belongs into awsaccount, notify/sns and the mains", name, path)
			}
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
