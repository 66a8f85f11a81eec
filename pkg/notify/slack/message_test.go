package slack

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// texts are all text objects of a message, the fallback first.
func texts(t *testing.T, m *slack.WebhookMessage) []string {
	t.Helper()
	all := []string{m.Text}
	for _, b := range m.Blocks.BlockSet {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			all = append(all, b.Text.Text)
		case *slack.SectionBlock:
			all = append(all, b.Text.Text)
		case *slack.ContextBlock:
			all = append(all, b.ContextElements.Elements[0].(*slack.TextBlockObject).Text)
		default:
			t.Errorf("block %T", b)
		}
	}
	return all
}

func TestMessageKeepsSlacksLimits(t *testing.T) {
	notifytest.Each(t, func(t *testing.T, r *report.Report) {
		m, err := message(r)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, text := range texts(t, m) {
			total += utf8.RuneCountInString(text)
			if n := utf8.RuneCountInString(text); n == 0 || n > 3000 {
				t.Errorf("text of %d characters", n)
			}
			notifytest.Printable(t, text)
		}
		if total > 10_000 || len(m.Blocks.BlockSet) > 50 {
			t.Errorf("%d characters in %d blocks", total, len(m.Blocks.BlockSet))
		}
		if header := m.Blocks.BlockSet[0].(*slack.HeaderBlock).Text; utf8.RuneCountInString(header.Text) > 150 {
			t.Errorf("header of %d characters", utf8.RuneCountInString(header.Text))
		}
	})
}

// Nothing that others wrote may mention, link or format.
func TestMessageDefusesHostileText(t *testing.T) {
	notifytest.Each(t, func(t *testing.T, r *report.Report) {
		m, err := message(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts(t, m) {
			if strings.ContainsAny(text, "<>") {
				t.Errorf("unescaped: %.200q", text)
			}
			if fences := strings.Count(text, fence); fences != 0 && fences != 2 {
				t.Errorf("%d fences in %.200q", fences, text)
			}
		}
		encoded, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(encoded), `"parse":"none"`) || !strings.Contains(string(encoded), `"unfurl_links":false`) {
			t.Error("Slack may look for links")
		}
		if sections, verbatim := bytes.Count(encoded, []byte(`"mrkdwn"`)), bytes.Count(encoded, []byte(`"verbatim":true`)); sections != verbatim {
			t.Errorf("%d of %d texts are verbatim", verbatim, sections)
		}
	})
}

// unblock is what a reader sees of code blocks.
func unblock(blocks []string) (lines []string) {
	for _, b := range blocks {
		code := strings.TrimSuffix(strings.TrimPrefix(b, fence+"\n"), "\n"+fence)
		lines = append(lines, strings.Split(html.UnescapeString(code), "\n")...)
	}
	return lines
}

func TestCodeBlocks(t *testing.T) {
	line := strings.Repeat("x", 99)
	for _, tt := range []struct {
		name   string
		text   string
		blocks int
		left   int
		want   []string
	}{
		{"one line", "a\n", 1, 0, []string{"a"}},
		{"markup", "a <b> & c\n", 1, 0, []string{"a <b> & c"}},
		{"fence", "a```b````c\n", 1, 0, []string{"a'''b'''`c"}},
		{"blank lines stay", "a\n\nb", 1, 0, []string{"a", "", "b"}},
		{"exactly one block", strings.Repeat(line+"\n", 29), 1, 0, nil},
		{"two blocks", strings.Repeat(line+"\n", 30), 2, 0, nil},
		{"as much as fits", strings.Repeat(line+"\n", 90), 4, 0, nil},
		{"more than fits", strings.Repeat(line+"\n", 97), 4, 7, nil},
		{"a line longer than a block", strings.Repeat("y", 5000), 1, 0, []string{strings.Repeat("y", 2988) + "…"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			blocks, left := codeBlocks(tt.text)
			if len(blocks) != tt.blocks || left != tt.left {
				t.Errorf("%d blocks and %d lines left, want %d and %d", len(blocks), left, tt.blocks, tt.left)
			}
			if tt.want == nil {
				tt.want = strings.Split(strings.TrimRight(tt.text, "\n"), "\n")
				tt.want = tt.want[:len(tt.want)-left]
			}
			if diff := cmp.Diff(tt.want, unblock(blocks)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCodeBlocksKeepEveryLineInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("a&<>é ")), 0, 300, -1), 1, 120).Draw(t, "lines")
		lines = append(lines, "the end") // line ends at the end of a text are no lines
		blocks, left := codeBlocks(strings.Join(lines, "\n"))
		if diff := cmp.Diff(lines[:len(lines)-left], unblock(blocks)); diff != "" {
			t.Fatal(diff)
		}
		for _, b := range blocks {
			if len(b) > maxBlock {
				t.Fatalf("block of %d bytes", len(b))
			}
		}
	})
}

func TestCutEscaped(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"abcdefghij", "abcdefghij"},
		{"abcdefghijk", "abcdefg…"},
		{"a&b", "a&amp;b"},
		{"&&&", "&amp;…"},     // 15 bytes, cut at 7, in the second entity
		{"abcd&fgh", "abcd…"}, // cut within &amp;
		{"éééééé", "ééé…"},
	} {
		if got := cutEscaped(tt.in, 10); got != tt.want {
			t.Errorf("cutEscaped(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestHeaderIsBoundedAfterEscaping(t *testing.T) {
	for _, s := range []string{"short", strings.Repeat("&", 200), strings.Repeat("é", 200), strings.Repeat("a", 150)} {
		got := header(s)
		if len(got) > 150 || !utf8.ValidString(got) {
			t.Errorf("header of %d bytes: %q", len(got), got)
		}
		if plain := html.UnescapeString(got); !strings.HasPrefix(s, strings.TrimSuffix(plain, "…")) {
			t.Errorf("header %q of %q", got, s)
		}
	}
	if got := header(strings.Repeat("a", 150)); got != strings.Repeat("a", 150) {
		t.Errorf("cut though it fits: %q", got)
	}
}

func TestMessageSaysThatItIsShortened(t *testing.T) {
	r := notifytest.Report("x")
	for range 200 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	m, err := message(r)
	if err != nil {
		t.Fatal(err)
	}
	all := texts(t, m)
	if last := all[len(all)-1]; !strings.HasPrefix(last, "Shortened: ") {
		t.Errorf("the message ends in %q", last)
	}
	if want := header(notify.Headline(r)); all[0] != want {
		t.Errorf("fallback %q, want %q", all[0], want)
	}
}
