package main

import (
	"runtime"
	"runtime/debug"

	"ronde/app"
)

// VersionCmd is `ronde version`.
type VersionCmd struct{}

// Run prints the release and what it was built from.
func (VersionCmd) Run() error {
	say("ronde %s", version())
	return nil
}

// version is the release, the source it was built from where the builder
// noted it, and the machine it was built for.
func version() string {
	text := app.Version
	if info, ok := debug.ReadBuildInfo(); ok {
		built := map[string]string{}
		for _, s := range info.Settings {
			built[s.Key] = s.Value
		}
		if commit := built["vcs.revision"]; commit != "" {
			text += " (" + commit[:min(len(commit), shortCommit)]
			if built["vcs.modified"] == "true" {
				text += ", changed"
			}
			text += ")"
		}
	}
	return text + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
}

const shortCommit = 12 // letters of a commit that tell it from others
