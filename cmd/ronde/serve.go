package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"ronde/app"
)

// ServeCmd is `ronde serve`.
type ServeCmd struct {
	app.Config `embed:""`
}

// Run serves until the program is told to stop.
func (c *ServeCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	a, err := app.New(ctx, storyClock(c.Config))
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.OpenDoors(); err != nil {
		return err
	}
	for _, line := range a.Warnings() {
		fmt.Fprintln(os.Stderr, "warning:", line)
	}
	for _, name := range []string{"portal", "workbench", "partner"} {
		if address := a.Address(name); address != "" {
			say("%-10s %s", name, address)
		}
	}
	say("%-10s %s", "ready", strings.Join(a.Roles(), ", "))
	return a.Run(ctx)
}
