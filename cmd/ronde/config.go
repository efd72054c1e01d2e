package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"
)

// tomlFile lets --config read one TOML file whose keys are the flags' names.
// A key that is no flag is an error: a misspelt setting must not be silent.
func tomlFile(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	err := toml.NewDecoder(r).Decode(&values)
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		line, _ := bad.Position()
		return nil, fmt.Errorf("read configuration file: line %d: %w", line, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration file: %w", err)
	}
	return fileResolver(values), nil
}

type fileResolver map[string]any

func (f fileResolver) Validate(app *kong.Application) error {
	known := map[string]bool{}
	kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	for name := range f {
		if !known[strings.ReplaceAll(name, "_", "-")] {
			return fmt.Errorf("read configuration file: %q is no setting", name)
		}
	}
	return nil
}

func (f fileResolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range []string{flag.Name, strings.ReplaceAll(flag.Name, "-", "_")} {
		v, ok := f[name]
		if !ok {
			continue
		}
		if list, ok := v.([]any); ok && flag.Target.Kind() == reflect.Slice {
			parts := make([]string, len(list))
			for i, p := range list {
				parts[i] = fmt.Sprint(p)
			}
			return strings.Join(parts, ","), nil
		}
		return fmt.Sprint(v), nil
	}
	return nil, nil
}

// say prints a line for people on standard output.
func say(format string, a ...any) { fmt.Fprintf(os.Stdout, format+"\n", a...) }
