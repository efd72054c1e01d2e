package view

// Form is what was typed before and what was wrong with it. The zero value is
// an empty form.
type Form struct {
	Values   map[string]string // one value a field; several of a set of boxes: name + "=" + value → "on"
	Problems []Problem
}

// Problem is a wrong field and the sentence that says what to change, already
// in the reader's language. Field may be empty: the form as a whole.
type Problem struct {
	Field string
	Text  string
}

// Value returns what was typed into a field.
func (f Form) Value(field string) string { return f.Values[field] }

// Problem returns what was wrong with a field, or "".
func (f Form) Problem(field string) string {
	for _, p := range f.Problems {
		if p.Field == field {
			return p.Text
		}
	}
	return ""
}

// Checked reports whether an option of a field was chosen.
func (f Form) Checked(field, value string) bool {
	return f.Values[field] == value || f.Values[field+"="+value] == "on"
}

// Option is one choice: the value that is posted, its words, and a line of
// explanation. Label is already in the reader's language.
type Option struct {
	Value string
	Label string
	Hint  string
}

// Input is one field as the parts "input" and "textarea" show it.
type Input struct {
	Name, Label, Hint, Value, Problem string
	Type                              string // HTML type; "code" is a one-time code
	Optional                          bool
	Rows                              int
}

// newInput makes a field; more may hold the type, "optional" and "tall".
func newInput(f Form, name, label, hint string, more ...string) Input {
	in := Input{Name: name, Label: label, Hint: hint, Value: f.Value(name), Problem: f.Problem(name), Type: "text", Rows: 4}
	for _, m := range more {
		switch m {
		case "optional":
			in.Optional = true
		case "tall":
			in.Rows = 10
		case "low":
			in.Rows = 2
		default:
			in.Type = m
		}
	}
	if in.Type == "password" || in.Type == "new-password" || in.Type == "code" {
		in.Value = "" // a secret is never sent back
	}
	return in
}

// Choice is a field with options, as "select", "radios" and "boxes" show it.
type Choice struct {
	Name, Label, Hint, Problem string
	Options                    []Option
	Optional                   bool
	form                       Form
}

// Checked reports whether the option was chosen before.
func (c Choice) Checked(value string) bool { return c.form.Checked(c.Name, value) }

func newChoice(f Form, name, label, hint string, options []Option, more ...string) Choice {
	c := Choice{Name: name, Label: label, Hint: hint, Problem: f.Problem(name), Options: options, form: f}
	for _, m := range more {
		c.Optional = c.Optional || m == "optional"
	}
	return c
}
