package lexicon

import "io/fs"

// Files is the shipped lexicon as files, for one that adds entries of its own
// to it and loads the whole with [Load].
func Files() fs.FS { return shipped }
