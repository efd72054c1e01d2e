package channel

import (
	"fmt"
	"slices"
	"strconv"

	"ronde/internal/errs"
)

// Needs is what a kind of line reads from its row of the configuration: the
// names of its options, of the secrets it cannot do without, and of those it
// can.
type Needs struct {
	Options []string
	Secrets []string
	May     []string
}

// Check refuses a row with an option or a secret that its kind does not know,
// so that a slip of the pen is not silence, and one without a secret it needs.
func (s Setting) Check(n Needs) error {
	for name := range s.Options {
		if !slices.Contains(n.Options, name) {
			return s.Wrong("option %q is not one of %q", name, n.Options)
		}
	}
	for name := range s.Secrets {
		if !slices.Contains(n.Secrets, name) && !slices.Contains(n.May, name) {
			return s.Wrong("secret %q is not one of %q", name, append(slices.Clone(n.Secrets), n.May...))
		}
	}
	for _, name := range n.Secrets {
		if s.Secrets[name] == "" {
			return s.Wrong("secret %q is missing", name)
		}
	}
	return nil
}

// Option is the value of an option, or otherwise when the row has none.
func (s Setting) Option(name, otherwise string) string {
	if v := s.Options[name]; v != "" {
		return v
	}
	return otherwise
}

// Choice is an option that has one of the given values; the first is meant
// when the row has none.
func (s Setting) Choice(name string, values ...string) (string, error) {
	v := s.Option(name, values[0])
	if !slices.Contains(values, v) {
		return "", s.Wrong("option %s is one of %q", name, values)
	}
	return v, nil
}

// Number is an option that counts something, from low to high.
func (s Setting) Number(name string, otherwise, low, high int) (int, error) {
	v := s.Option(name, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		return 0, s.Wrong("option %s is a number from %d to %d", name, low, high)
	}
	return n, nil
}

// Wrong says what is wrong with a row.
func (s Setting) Wrong(format string, args ...any) error {
	return errs.New(errs.Invalid, "err.line.setting", "set up line "+strconv.Quote(s.Name)+": "+fmt.Sprintf(format, args...), "line", s.Name)
}
