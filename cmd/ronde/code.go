package main

import (
	"time"

	"ronde/people"
)

// CodeCmd is `ronde code KEY`: what an authenticator app would show now. It is
// for trying the demo without a telephone.
type CodeCmd struct {
	Key string `arg:"" help:"Authenticator key (base 32)."`
}

// Run prints the code.
func (c *CodeCmd) Run() error {
	code, err := people.Code(c.Key, time.Now().UnixMicro())
	if err != nil {
		return err
	}
	say("%s", code)
	return nil
}
