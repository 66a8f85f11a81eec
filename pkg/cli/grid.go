package cli

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// head is a column of a grid.
type head struct {
	name    string
	elastic int  // not 0: it is cut where the line is too long, and keeps about so many columns
	right   bool // its values end below each other
}

const gap = 2 // columns between two cells

// grid lays rows out below their heads, in lines of at most width columns as
// far as its elastic columns allow. What others wrote is made harmless.
func grid(width int, heads []head, rows [][]string) string {
	widths := gridWidths(width, heads, rows)
	names := make([]string, len(heads))
	for n, h := range heads {
		names[n] = h.name
	}
	var b strings.Builder
	for _, row := range append([][]string{names}, rows...) {
		var line strings.Builder
		for n, value := range row {
			value = report.Shorten(value, widths[n])
			pad := strings.Repeat(" ", widths[n]-ansi.StringWidth(value))
			if heads[n].right {
				value, pad = pad+value, ""
			}
			line.WriteString(value + pad + strings.Repeat(" ", gap))
		}
		fmt.Fprintln(&b, strings.TrimRight(line.String(), " "))
	}
	return b.String()
}

// gridWidths takes from the elastic column that has most beyond what it keeps,
// until the line fits.
func gridWidths(width int, heads []head, rows [][]string) []int {
	widths := make([]int, len(heads))
	total := -gap
	for n, h := range heads {
		widths[n] = len(h.name)
		for _, row := range rows {
			widths[n] = max(widths[n], ansi.StringWidth(report.Shorten(row[n], width)))
		}
		total += widths[n] + gap
	}
	for ; total > width; total-- {
		n := dearest(heads, widths)
		if n < 0 {
			break
		}
		widths[n]--
	}
	return widths
}

// dearest is the elastic column to take from, -1 where none has anything left.
func dearest(heads []head, widths []int) int {
	best := -1
	for n, h := range heads {
		if h.elastic > 0 && widths[n] > len(h.name) && (best < 0 || widths[n]-h.elastic > widths[best]-heads[best].elastic) {
			best = n
		}
	}
	return best
}
