package report

import "strings"

// A sourceLine is one line of the document a finding points to, with the part
// that it points to marked.
type sourceLine struct {
	number int
	row
}

// bracket reports whether a line only opens or closes what is marked.
func (l sourceLine) bracket() bool {
	s := strings.TrimRight(l.marked.String(), ",")
	return len(s) == 1 && strings.Contains("[]{}", s)
}

// mostLines bounds the lines that are shown of a place that spans several.
const mostLines = 4

// sourceLines cuts the lines that w covers out of the trust policy. It is nil
// where the place or the text is not known.
func sourceLines(r *Report, w *Where) []sourceLine {
	if w == nil || w.Line < 1 {
		return nil
	}
	text := lineAt(r, w)
	start := min(max(w.Column-1, 0), len(text))
	if text == "" || start == len(text) {
		return nil
	}
	end := min(start+max(w.Length, 1), len(text))
	var out []sourceLine
	for i, line := range strings.SplitAfter(text[:lineEnd(text, end)], "\n") {
		if len(out) == mostLines {
			break
		}
		out = append(out, newSourceLine(w.Line+i, line, start, end))
		start, end = max(start-len(line), 0), end-len(line)
	}
	return outdent(out)
}

// lineAt is the document from the line of w on.
func lineAt(r *Report, w *Where) string {
	if w.Source != "" {
		return w.Text
	}
	text := r.TrustPolicy
	for range w.Line - 1 {
		_, rest, ok := strings.Cut(text, "\n")
		if !ok {
			return ""
		}
		text = rest
	}
	return text
}

func lineEnd(text string, from int) int {
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(text)
}

func newSourceLine(number int, line string, start, end int) sourceLine {
	line = strings.TrimRight(line, "\r\n")
	start, end = min(start, len(line)), min(max(end, 0), len(line))
	if start < end && strings.TrimSpace(line[:start]) == "" && strings.TrimSpace(line[start:end]) != "" {
		start += len(line[start:end]) - len(strings.TrimLeft(line[start:end], " \t"))
	}
	return sourceLine{number, row{
		before: sourceCells(line[:start]), marked: sourceCells(line[start:max(start, end)]), after: sourceCells(line[max(start, end):]),
	}}
}

// sourceCells shows a tab, which is common in policies, as two blanks.
func sourceCells(s string) cells {
	out := cellsOf(strings.ReplaceAll(s, "\t", "  "))
	showLookAlikes(out)
	return out
}

// outdent takes away the blanks with which all lines begin.
func outdent(lines []sourceLine) []sourceLine {
	least := -1
	for _, l := range lines {
		if n := leadingBlanks(l.before); least < 0 || n < least {
			least = n
		}
	}
	for i := range lines {
		lines[i].before = lines[i].before[min(least, len(lines[i].before)):]
	}
	return lines
}

func leadingBlanks(c cells) (n int) {
	for n < len(c) && c[n].text == " " {
		n++
	}
	return n
}
