package bluesky

import "time"

// Hurry lets a line look more often than a row may ask for.
func (l *Line) Hurry() *Line { l.poll = 20 * time.Millisecond; return l }

// RecordKey, ContentID and Count are tried with the published examples.
var (
	RecordKey = recordKey
	ContentID = contentID
	Count     = count
)
