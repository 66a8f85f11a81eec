package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// kinds are those of a report's sections, equal neighbours told once.
func kinds(r *Report) (list []Kind) {
	for _, s := range Sections(r, 80) {
		if len(list) == 0 || list[len(list)-1] != s.Kind {
			list = append(list, s.Kind)
		}
	}
	return list
}

func TestSectionsOfASample(t *testing.T) {
	want := []Kind{
		TitleSection, WhenSection, CauseSection, SourceSection, CompareSection, ProseSection, ChangedSection,
		FixSection, ProseSection, DiffSection, CommandSection, LongSection, FixSection, UnseenSection, FactSection,
	}
	if d := cmp.Diff(want, kinds(subjectMismatch())); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestSectionsOfAStrangerHoldNoFix(t *testing.T) {
	for _, kind := range kinds(stranger()) {
		switch kind {
		case FixSection, DiffSection, CommandSection, LongSection:
			t.Errorf("a stranger gets a section %q", kind)
		}
	}
}

// What Text shows within its rule is what a section holds without.
func TestEvidenceIsThatOfTheText(t *testing.T) {
	for name, sample := range samples {
		shown := textOf(t, sample(), 80)
		for _, s := range Sections(sample(), 80) {
			if s.Kind != SourceSection && s.Kind != CompareSection {
				continue
			}
			if ruled := "│ " + strings.ReplaceAll(s.Text, "\n", "\n│ "); !strings.Contains(shown, ruled) {
				t.Errorf("%s: the text does not show\n%s", name, s.Text)
			}
		}
	}
}

func TestCausesKeepTheirCodes(t *testing.T) {
	var got []Code
	for _, s := range Sections(twoCauses(), 80) {
		if s.Kind == CauseSection {
			got = append(got, s.Code)
		}
	}
	if want := []Code{twoCauses().Findings[0].Code, twoCauses().Findings[1].Code}; !cmp.Equal(got, want) {
		t.Errorf("codes %v, want %v", got, want)
	}
}
