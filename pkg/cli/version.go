package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (in *invocation) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintln(in.Stdout, versionOf(info))
			return err
		},
	}
}

// versionOf is the version of the module with the commit it was built from;
// nil info, as of a binary without modules, gives "unknown".
func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return "rolewhy unknown"
	}
	text := "rolewhy " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			text += " " + s.Value[:min(len(s.Value), 12)]
		}
	}
	return text + " " + info.GoVersion
}
