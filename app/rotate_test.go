package app

import (
	"path/filepath"
	"testing"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
)

// The master key of a house is changed: what people wrote stays readable, with
// the new key alone, the ledger tells it and still verifies.
func TestMasterKeyIsRotated(t *testing.T) {
	dir := t.TempDir()
	d := demo(t, DemoConfig{Dir: dir})
	must0(t, d.Letters(ctx))
	list, err := d.Desk.Inbox(ctx, d.Sample.As("noor"), desk.Filter{})
	must0(t, err)
	first := list.Rows[0].ID
	before, err := d.Desk.Open(ctx, d.Sample.As("noor"), first)
	must0(t, err)

	old := filepath.Join(dir, "master.key")
	next := filepath.Join(t.TempDir(), "next.key")
	must0(t, seal.NewMaster(next))
	c := d.config(DemoConfig{Logger: quiet()}, d.cfg.Clock)
	_, err = Rotate(ctx, c, next)
	wants(t, err, errs.Conflict, "err.folder.in_use")
	d.App.Close()

	inside := filepath.Join(dir, "data", "next.key")
	must0(t, copyFile(next, inside))
	_, err = Rotate(ctx, c, inside)
	wants(t, err, errs.Invalid, "err.config")

	done, err := Rotate(ctx, c, next)
	must0(t, err)
	if done.Wrapped == 0 || done.Before != 0 || len(done.Damaged) != 0 {
		t.Errorf("%+v", done)
	}
	c.MasterKey = old
	refused(t, c, errs.Denied, "err.master_key.wrong", "does not open")
	c.MasterKey = next
	a := opened(t, c)
	after, err := a.Desk.Open(ctx, d.Sample.As("noor"), first)
	must0(t, err)
	if len(after.Messages) == 0 || after.Messages[0].Text != before.Messages[0].Text {
		t.Errorf("the message reads %+v", after.Messages)
	}
	page, err := a.Ledger.ReadPage(ctx, ledger.Filter{Verb: "ledger.rotate-key"})
	must0(t, err)
	if len(page) != 1 || page[0].Handle != "machine:console" {
		t.Errorf("the ledger has %+v", page)
	}
	must0(t, a.Settle(ctx))
	a.Close()
	proof, err := Verify(ctx, c.Data, "")
	must0(t, err)
	if len(proof.Problems) > 0 {
		t.Error(proof.Problems)
	}
}
