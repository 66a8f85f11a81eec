package report

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// ellipsis stands for what was cut out of a long value.
const ellipsis = "…"

// A cell is one character as it is shown, escaped, with its width in columns.
type cell struct {
	text  string
	width int
}

type cells []cell

// cellsOf takes apart text that is shown in prose or in a line of code.
func cellsOf(s string) cells {
	out := make(cells, 0, len(s))
	for _, r := range s {
		out = append(out, cellOf(r))
	}
	return out
}

func cellOf(r rune) cell {
	if r >= ' ' && r <= '~' {
		return cell{string(r), 1}
	}
	text := Escape(string(r))
	return cell{text, ansi.StringWidth(text)}
}

// valueCells takes apart a value of a policy or token. Blanks at its ends,
// which no reader would notice, are shown as ␠.
func valueCells(s string) cells {
	out := cellsOf(s)
	showBlanks(out)
	showLookAlikes(out)
	return out
}

func showBlanks(c cells) {
	blank := cell{" ", 1}
	for i := 0; i < len(c) && c[i] == blank; i++ {
		c[i].text = "␠"
	}
	for i := len(c) - 1; i >= 0 && c[i] == blank; i-- {
		c[i].text = "␠"
	}
}

func (c cells) width() (n int) {
	for _, x := range c {
		n += x.width
	}
	return n
}

func (c cells) String() string {
	var b strings.Builder
	for _, x := range c {
		b.WriteString(x.text)
	}
	return b.String()
}

// head is the longest beginning of c that is at most width columns wide.
func (c cells) head(width int) cells {
	for i, x := range c {
		if width -= x.width; width < 0 {
			return c[:i]
		}
	}
	return c
}

// tail is the longest end of c that is at most width columns wide.
func (c cells) tail(width int) cells {
	for i := len(c) - 1; i >= 0; i-- {
		if width -= c[i].width; width < 0 {
			return c[i+1:]
		}
	}
	return c
}

// cut takes the middle out of c so that it is at most width columns wide and
// keeps about begin columns of its beginning. One column is the least.
func (c cells) cut(width, begin int) cells {
	if c.width() <= width {
		return c
	}
	width = max(width-1, 0)
	head := c.head(min(begin, width))
	out := append(cells{}, head...)
	out = append(out, cell{ellipsis, 1})
	return append(out, c.tail(width-head.width())...)
}

// shorten escapes s and cuts its middle so that it is at most width columns
// wide.
func shorten(s string, width int) string {
	const most = 4 // bytes per character
	if s = Escape(s); len(s) <= width {
		return s
	}
	if len(s) > 4*most*width {
		s = s[:most*width] + s[len(s)-most*width:]
		s = strings.ToValidUTF8(s, "")
	}
	return cellsOf(s).cut(width, width/2).String()
}
