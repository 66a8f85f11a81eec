package incident

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// mostText bounds a text that others have a hand in, in bytes.
const mostText = 300

// chapter writes a line of the story. The first one stays; of the others those
// are forgotten that are oldest.
func (i *Incident) chapter(t turn, what, text string) {
	i.Story = append(i.Story, Chapter{At: t.now, What: what, Text: short(text)})
	if len(i.Story) > MostStory {
		i.Story = slices.Delete(i.Story, 1, 2)
	}
}

// short is a text as it is kept: of one line and bounded length.
func short(text string) string { return notify.Cut(notify.Clean(text), mostText, "…") }

// list writes names one after the other.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
