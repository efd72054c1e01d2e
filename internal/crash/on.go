//go:build story

package crash

import "os"

// At ends the program at once, as a power cut would, when RONDE_CRASH names
// this point.
func At(point string) {
	if os.Getenv("RONDE_CRASH") == point {
		os.Stderr.WriteString("crash point " + point + "\n")
		os.Exit(137)
	}
}
