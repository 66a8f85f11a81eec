package cli

import (
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// toGitHub tells a job of GitHub Actions of the call: Markdown in its summary,
// one annotation, and the text in its log. The runner takes lines of the log
// for commands, and parts of the text are written by strangers: it stands
// where the runner takes none.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (x *explanation) toGitHub(p *presence) error {
	markdown, err := p.markdown()
	if err != nil {
		return err
	}
	if err := appendTo(x.Env("GITHUB_STEP_SUMMARY"), markdown); err != nil {
		return err
	}
	text, err := p.text(x.width, false, x.columns())
	if err != nil {
		return err
	}
	resume := rand.Text()
	return x.put(p.annotation() + "::stop-commands::" + resume + "\n" + text + "::" + resume + "::\n")
}

// appendTo writes to a file that other steps write to as well.
func appendTo(name, text string) error {
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("write job summary: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return fmt.Errorf("write job summary: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write job summary: %w", err)
	}
	return nil
}

// mostAnnotation bounds the text that GitHub shows beside the job.
const mostAnnotation = 500

// annotation is the command that shows the cause beside the job.
func (p *presence) annotation() string {
	level, message := "error", p.cause()
	if p.allowed() {
		level, message = "notice", "STS lets the call through now"
	}
	return "::" + level + " title=" + forProperty("rolewhy: why the login at AWS fails") + "::" + forMessage(report.Shorten(message, mostAnnotation)) + "\n"
}

// forMessage and forProperty escape what commands of the runner are made of.
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
func forMessage(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func forProperty(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(forMessage(s))
}
