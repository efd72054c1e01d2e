package view

// SignInPage is the workbench's gate, at /sign-in. Form: POST /sign-in with
// name, password, next.
type SignInPage struct {
	Work
	Form Form
	Next string // path to go to afterwards
}

// Template names the page.
func (SignInPage) Template() string { return "work/signin" }

// CodePage asks for the second factor. Form: POST /sign-in/code with code, next.
type CodePage struct {
	Work
	Form Form
	Next string
}

// Template names the page.
func (CodePage) Template() string { return "work/code" }

// EnrolPage sets the person's own password and second factor at the first
// sign-in. Form: POST /enrol with password, code.
type EnrolPage struct {
	Work
	Form   Form
	Secret string // base32, in groups of four
	QRSize int    // modules a side, quiet zone included; 0 shows the secret only
	QRPath string // the dark modules as one SVG path
	Least  int    // characters of a password
}

// Template names the page.
func (EnrolPage) Template() string { return "work/enrol" }
