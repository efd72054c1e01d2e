package main

import (
	"context"
	"fmt"
	"os"

	"ronde/access"
	"ronde/app"
	"ronde/internal/errs"
	"ronde/people"
)

// UserCmd keeps accounts from the machine itself, where a workbench cannot:
// before there is an administrator, and when the last one is locked out.
// What it does stands in the ledger under the handle machine:console.
type UserCmd struct {
	Add   UserAddCmd   `cmd:"" help:"Create the first administrator; others are created on the workbench."`
	Kill  UserKillCmd  `cmd:"" help:"End every session of a person. While serve runs on SQLite, do it on the workbench, under People."`
	Reset UserResetCmd `cmd:"" help:"Give an administrator who is locked out a new one-time password. On SQLite, stop serve first."`
}

// UserAddCmd is "ronde user add".
type UserAddCmd struct {
	app.Config `embed:""`
	Login      string `help:"Name to sign in with: one word." required:""`
	Name       string `help:"The person's name; it is sealed." required:""`
	Email      string `help:"E-mail address; it is sealed."`
	Role       string `help:"Only administrator: every other account is created by one." default:"administrator" enum:"administrator"`
}

// Run creates the account and prints how to sign in for the first time.
func (c *UserAddCmd) Run() error {
	return withPeople(c.Config, "stop it, or let an administrator create the account on the workbench (under People)", func(ctx context.Context, p *people.Service) error {
		made, err := p.CreateFirst(ctx, people.NewAccount{Name: c.Name, Login: c.Login, Email: c.Email, Roles: []access.Role{access.Role(c.Role)}})
		if err != nil {
			return err
		}
		printHandover(made, c.Login)
		return nil
	})
}

// UserKillCmd is "ronde user kill".
type UserKillCmd struct {
	app.Config `embed:""`
	Login      string `arg:"" help:"Whose sessions to end."`
}

// Run ends the sessions.
func (c *UserKillCmd) Run() error {
	return withPeople(c.Config, "end the sessions on the workbench (under People: End sessions), which works at once; or stop it first", func(ctx context.Context, p *people.Service) error {
		made, err := p.FromConsole(ctx, "kill", c.Login)
		if err != nil {
			return err
		}
		say("Every session of %s has ended.", made.Account.Handle)
		return nil
	})
}

// UserResetCmd is "ronde user reset".
type UserResetCmd struct {
	app.Config `embed:""`
	Login      string `arg:"" help:"The administrator who is locked out."`
}

// Run resets the account and prints how to sign in again.
func (c *UserResetCmd) Run() error {
	return withPeople(c.Config, "let another administrator reset the account on the workbench (under People); if there is none, stop the program, run this again, and start it", func(ctx context.Context, p *people.Service) error {
		made, err := p.FromConsole(ctx, "reset", c.Login)
		if err != nil {
			return err
		}
		printHandover(made, c.Login)
		return nil
	})
}

// withPeople opens the program without a door, so that its folder, keys and
// ledger are the server's own. Beside a running server that works on
// PostgreSQL; an SQLite folder is open in one program only, and busy says what
// to do then.
func withPeople(cfg app.Config, busy string, do func(context.Context, *people.Service) error) error {
	ctx := context.Background()
	a, err := app.New(ctx, storyClock(cfg))
	if key, _ := errs.Message(err); key == "err.folder.in_use" {
		return exitError{2, err.Error() + ". The program is running on this folder: " + busy}
	}
	if err != nil {
		return err
	}
	defer a.Close()
	err = do(ctx, a.People)
	if errs.Is(err, errs.NotFound) {
		return exitError{2, "nobody has this login"}
	}
	return err
}

func printHandover(h people.Handover, login string) {
	say("%-18s %s", "handle", h.Account.Handle)
	say("%-18s %s", "sign in as", login)
	say("%-18s %s", "one-time password", h.Password)
	fmt.Fprintln(os.Stderr, "The password works once, within a week. The first sign-in asks for a password of one's own\n"+
		"and shows the key for an authenticator app. It is not shown again.")
}
