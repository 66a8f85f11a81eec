package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Whatever is put into a part, its block stays within the budget.
func TestPartsKeepTheirBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := rapid.IntRange(300, 3000).Draw(t, "budget")
		p := newPart(budget)
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			text := rapid.Map(rapid.StringN(0, 2000, -1), report.Escape).Draw(t, "text")
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				p.paragraph("label", text, 500)
			case 1:
				p.quote(text, 500)
			case 2:
				p.code(strings.ReplaceAll(text, "a", "\n"), 900)
			case 3:
				p.order(text)
			}
		}
		for _, block := range p.block() {
			if raw, err := json.Marshal(block); err != nil || len(raw) > budget {
				t.Errorf("%d bytes of %d, %v", len(raw), budget, err)
			}
		}
	})
}

func TestCodeKeepsWholeLines(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		most       int
		want       string
		short      bool
	}{
		{"all", "a\n\n\tb\r\n", 100, "a\n\n  b", false},
		{"as many as fit", "aaaa\nbbbb\ncccc\ndddd\n", 34, "aaaa\nbbbb\n… 2 more lines", true},
		{"none", strings.Repeat("x", 99), 60, "", true},
		{"a very long line", strings.Repeat("x", 700), 2000, strings.Repeat("x", 597) + "…", false},
		{"what a reader cannot see", "a\x1b[31m\u202eb", 100, "a⟨U+001B⟩[31m⟨U+202E⟩b", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPart(9000)
			p.code(tt.code, tt.most)
			got := ""
			if len(p.elements) > 0 {
				got = p.elements[0].(*slack.RichTextPreformatted).Elements[0].(*slack.RichTextSectionTextElement).Text
			}
			if got != tt.want || p.short != tt.short {
				t.Errorf("got %q, short %t, want %q, short %t", got, p.short, tt.want, tt.short)
			}
		})
	}
}

func TestBulletsCountWhatIsLeftOut(t *testing.T) {
	p := newPart(9000)
	p.bullets("Changed", []string{"one", "two", "three"}, 2, 100)
	p.bullets("Nothing", nil, 2, 100)
	raw, err := json.Marshal(p.block()[0])
	if err != nil {
		t.Fatal(err)
	}
	for text, there := range map[string]bool{"Changed": true, "one": true, "two": true, "three": false, "and 1 more": true, "Nothing": false} {
		if strings.Contains(string(raw), `"`+text+`"`) != there {
			t.Errorf("%q: want %t in %s", text, there, raw)
		}
	}
}
