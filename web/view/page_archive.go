package view

// ArchivePage reads a file under a mandate, at /archive. Form: POST /archive,
// multipart, with csrf, mandate, kind and file, in this order: the file is
// judged as it comes.
type ArchivePage struct {
	Work
	Form     Form
	Mandates []Option // those in force that name files as a source
	Kinds    []Option
	MaxGB    int
	Result   *ArchiveResult
}

// Template names the page.
func (ArchivePage) Template() string { return "work/archive" }

// ArchiveResult is what became of a file, in posts. Broke says, in words, why
// reading ended before the file did.
type ArchiveResult struct {
	Read, Flagged, Reposts, Before, NotRead, Refused int
	Unsaid                                           bool // numbers of alerts are not for this person
	Left                                             []ArchiveLeft
	Broke                                            string
}

// ArchiveLeft is one reason why something in the file is no post: a word of the
// group "archiveleft".
type ArchiveLeft struct {
	Reason string
	Count  int
}
