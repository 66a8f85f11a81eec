package page

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"
	"sync"
)

//go:embed assets
var assets embed.FS

// scripts are the files of the page's one script, in their order: each uses
// what those before it declare.
var scripts = []string{
	"text.js", "dom.js", "state.js", "filter.js", "days.js", "timeline.js", "facets.js",
	"copy.js", "body.js", "row.js", "list.js", "header.js", "main.js",
}

var (
	style  = sync.OnceValue(func() string { return asset("page.css") })
	script = sync.OnceValue(func() string { return joined(scripts) })

	pageTemplate = sync.OnceValue(func() *template.Template {
		return template.Must(template.New("page").Parse(asset("page.html")))
	})
)

// asset is the text of an embedded file.
func asset(name string) string {
	text, err := assets.ReadFile(path.Join("assets", name))
	if err != nil {
		panic(err) // a file that is named above and was not embedded
	}
	return string(text)
}

func joined(names []string) string {
	var b strings.Builder
	b.WriteString("\"use strict\";\n")
	for _, name := range names {
		b.WriteString(asset(name))
	}
	return b.String()
}

// shell is what the template fills in.
type shell struct {
	*document
	Policy string       // content security policy
	Style  template.CSS // from assets
	Script template.JS  // from assets
	Data   template.JS  // JSON in which nothing can end the element
}

// newShell encodes a document. encoding/json writes <, >, & and the separators
// U+2028 and U+2029 as \u escapes, so that no value ends the element.
func newShell(d *document) (*shell, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode page: %w", err)
	}
	return &shell{
		document: d, Policy: contentPolicy(script(), style()),
		Style: template.CSS(style()), Script: template.JS(script()), Data: template.JS(data),
	}, nil
}

// contentPolicy lets the one script and the one style run, and nothing be
// loaded: https://www.w3.org/TR/CSP3/
func contentPolicy(script, style string) string {
	return fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'",
		digest(script), digest(style))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
