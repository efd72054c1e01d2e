package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/oversight"
)

func (s *story) keepBackup(ctx context.Context) (err error) {
	s.backup, err = Backup(ctx, s.cfg, filepath.Join(s.Dir, "backups"))
	s.say("kept in %s", filepath.Base(s.backup))
	return err
}

// postgres is the address of the database, empty when it is a file of the folder.
func (s *story) postgres() string {
	if isPostgres(s.cfg.Database) {
		return s.cfg.Database
	}
	return ""
}

func (s *story) rights(ctx context.Context) error {
	for i, p := range []struct {
		code     string
		proposal oversight.Proposal
	}{
		{s.codes[1], oversight.Proposal{Decision: oversight.Erase, Ground: "LED art. 16(2)", Reason: "Plus nécessaire, rien n’est retenu comme preuve."}},
		{s.codes[2], oversight.Proposal{Decision: oversight.Restrict, Ground: "LED art. 16(3)(b)", Reason: "Conservé comme preuve dans un dossier."}},
		{s.codes[0], oversight.Proposal{Decision: oversight.Refuse, Ground: "LED art. 15(1)(b)", Reason: "L’enquête sur le faux compte est en cours."}},
	} {
		number, err := s.Oversight.Ask(ctx, oversight.Ask{Asks: "erase", Code: p.code})
		if err != nil {
			return err
		}
		open, err := s.Oversight.List(ctx, s.As("david"), false)
		if err != nil {
			return err
		}
		id := open[len(open)-1].ID
		if err := s.Oversight.Prepare(ctx, s.As("maud"), id, p.proposal); err != nil {
			return err
		}
		if err := s.Oversight.Decide(ctx, s.As("david"), id, p.proposal); err != nil {
			return err
		}
		v, err := s.Oversight.Status(ctx, number)
		if err != nil {
			return err
		}
		s.say("request %d: %s under %s — %s", i+1, v.Decision, v.Ground, v.Reason)
	}
	_, err := s.Desk.Return(ctx, "story", s.codes[1])
	return must(errs.Is(err, errs.NotFound), "the erased conversation to be gone, got %v", err)
}

// restore puts yesterday's backup into a new folder, with today's list of
// destroyed keys, and looks for what was erased.
func (s *story) restore(ctx context.Context) error {
	if s.postgres() != "" {
		s.say("blobs and keys are kept; the rows are in PostgreSQL, and its own tools restore them")
		return nil
	}
	cfg := s.cfg
	cfg.Data, cfg.Keys, cfg.Database = filepath.Join(s.Dir, "restored"), "", ""
	if err := Restore(ctx, cfg, s.backup, "", filepath.Join(s.cfg.Keys, "destroyed")); err != nil {
		return err
	}
	again, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	defer again.Close()
	_, err = again.Desk.Return(ctx, "story", s.codes[1])
	if err := must(err != nil, "what was erased to stay unreadable after a restore"); err != nil {
		return err
	}
	if _, err := again.Desk.Return(ctx, "story", s.codes[0]); err != nil {
		return err
	}
	s.say("the erased conversation stays unreadable, the others are there, and the ledger names the gap")
	return nil
}

func (s *story) lapse(ctx context.Context) error {
	s.Move(31 * 24 * time.Hour)
	before, err := s.totals(ctx)
	if err != nil {
		return err
	}
	if err := s.Settle(ctx); err != nil {
		return err
	}
	after, err := s.totals(ctx)
	if err != nil {
		return err
	}
	if err := must(after.Read == before.Read && after.Purged > 0, "no reading and a purge after the lapse, got %+v", after); err != nil {
		return err
	}
	s.say("nothing more is read; %d unconfirmed alerts were purged with a certificate", after.Purged)
	_, err = s.Watch.Paste(ctx, s.As("yann"), s.Sample.Mandate, samplePaste)
	return must(errs.Is(err, errs.Lapsed), "a lapsed mandate to permit nothing, got %v", err)
}

func (s *story) account(ctx context.Context) error {
	entries, err := s.Oversight.Audit(ctx, s.As("agnes"), ledger.Filter{Limit: 200})
	if err != nil {
		return err
	}
	s.say("the auditor reads who did what; the last of %d events shown: %s by %s", len(entries), entries[0].Verb, entries[0].Handle)
	year := time.UnixMicro(s.Now()).UTC().Format("2006")
	figures, err := s.Oversight.Publish(ctx, "2000-01-01", year+"-12-31")
	if err != nil {
		return err
	}
	for _, t := range figures.Tables {
		total := fmt.Sprint(t.Total)
		if t.TotalHidden {
			total = "fewer than 5"
		}
		s.say("  public figure %-14s %s", t.Name, total)
	}
	if _, err := s.Ledger.Sequence(ctx); err != nil {
		return err
	}
	for _, secret := range []string{"couteau", "exemple_mairie", "vin chaud"} {
		if err := nowhere(s.cfg.Data, secret); err != nil {
			return err
		}
	}
	s.say("no file of the data folder holds a word of a message, or of a post that did not match")
	proof, err := Verify(ctx, s.cfg.Data, s.postgres())
	if err != nil {
		return err
	}
	s.say("verified: %d leaves, %d accounted rows, %d blobs", proof.Leaves, proof.Rows, proof.Blobs)
	return must(len(proof.Problems) == 0, "no problems, got %q", proof.Problems)
}

// nowhere looks for a text in every file of a folder.
func nowhere(dir, text string) error {
	return filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b, []byte(text)) {
			err = must(false, "%q in no file, found in %s", text, filepath.Base(path))
		}
		return err
	})
}
