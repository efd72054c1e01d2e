package patrol_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/patrol"
)

var (
	ctx     = context.Background()
	lead    = access.Actor{Person: "per_lead", Handle: "L-2", Unit: "uni_1", Roles: []access.Role{access.DutyLead}, Regime: access.RegimePatrol}
	officer = access.Actor{Person: "per_off", Handle: "P-7", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
	analyst = access.Actor{Person: "per_ana", Handle: "W-3", Unit: "uni_1", Roles: []access.Role{access.WatchAnalyst}}
)

type house struct {
	*patrol.Service
	db    *db.DB
	book  *ledger.Ledger
	dir   string
	clock *dbtest.Clock
}

func newHouse(t *testing.T, d *db.DB, c *dbtest.Clock, set ...patrol.Setting) *house {
	t.Helper()
	dir := t.TempDir()
	keys, err := seal.Open(filepath.Join(dir, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	must(t, err)
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	return &house{patrol.New(d, keys, blobs, book, zone, set...), d, book, dir, c}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// photo is a picture with a note inside, as cameras leave one.
func photo(t *testing.T, note string) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1600, 900))
	for x := range 1600 {
		img.Set(x, x%900, color.RGBA{uint8(x), 80, 120, 255})
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, nil))
	exif := append([]byte{0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(note)+2))...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), append(exif, note...)...), b.Bytes()[2:]...)
}

func (h *house) verbs(t *testing.T) string {
	t.Helper()
	page, err := h.book.ReadPage(ctx, ledger.Filter{})
	must(t, err)
	var out []string
	for _, e := range page {
		out = append([]string{e.Handle + " " + e.Verb}, out...)
	}
	return strings.Join(out, "; ")
}

func TestDutyLeadPublishesAnOfficer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		in := patrol.OfficerIn{Name: "Agent V-12", Unit: "Patrouille en ligne", Languages: []string{"fr", "en"}, Channels: []string{"portal", "discord"},
			Hours: "mon-fri 09:00-17:00", Photo: photo(t, "Exif taken at 48.1, 2.3 by Delorme"), HolderRoles: []access.Role{access.PatrolOfficer}}
		if _, err := h.PublishOfficer(ctx, officer, in); err == nil {
			t.Fatal("an officer published a card")
		}
		o, err := h.PublishOfficer(ctx, lead, in)
		must(t, err)
		if !strings.HasPrefix(o.ID, "off_") {
			t.Fatalf("public id %q", o.ID)
		}
		small, err := h.Photo(ctx, o.ID)
		must(t, err)
		head, err := jpeg.DecodeConfig(bytes.NewReader(small))
		must(t, err)
		if bytes.Contains(small, []byte("Delorme")) || head.Width != patrol.PhotoSide || head.Height != 288 {
			t.Fatalf("picture of %d × %d, or its note went through", head.Width, head.Height)
		}
		acc, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "discord", Handle: "@agent_v12", URL: "https://discord.com/users/12", Proof: "seen", Officer: o.ID})
		must(t, err)
		if _, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "discord", Handle: "AGENT_v12", URL: "https://discord.com/users/12", Proof: "seen"}); !errs.Is(err, errs.Invalid) {
			t.Fatalf("twice on the list: %v", err)
		}
		a, err := h.CheckHandle(ctx, "discord", "agent_v12")
		must(t, err)
		if a.Verdict != patrol.Ours || a.Accounts[0].ID != acc.ID {
			t.Fatalf("%+v", a)
		}

		// Monday 9:00 UTC is ten o'clock in the organisation's zone.
		duty, err := h.OnDuty(ctx, c.Now())
		must(t, err)
		if len(duty.Now) != 1 || duty.Now[0].To.Format("15:04 MST") != "17:00 CET" || duty.Next == nil || duty.Next.From.Format("Mon 15:04") != "Tue 09:00" {
			t.Fatalf("%+v", duty)
		}

		must(t, h.WithdrawOfficer(ctx, lead, o.ID))
		if _, err := h.Officer(ctx, o.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("withdrawn and shown: %v", err)
		}
		if _, err := h.Photo(ctx, o.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("picture still shown: %v", err)
		}
		if files := filesUnder(t, filepath.Join(h.dir, "blobs", "patrol")); len(files) != 0 {
			t.Fatalf("picture still kept: %v", files)
		}
		a, err = h.CheckHandle(ctx, "discord", "agent_v12")
		must(t, err)
		if a.Verdict != patrol.NotOurs || a.Why != patrol.WhyWithdrawn {
			t.Fatalf("%+v", a)
		}
		officers, accounts, err := h.List(ctx, lead)
		must(t, err)
		if len(officers) != 1 || len(accounts) != 1 {
			t.Fatalf("%v %v", officers, accounts)
		}
		want := "L-2 official.publish; L-2 account.publish; L-2 account.withdraw; L-2 official.withdraw; L-2 official.list"
		if got := h.verbs(t); got != want {
			t.Fatalf("the book says %s", got)
		}
	})
}

func TestReplacedCardKeepsOrChangesItsPicture(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		in := patrol.OfficerIn{Name: "Agent V-12", Unit: "Patrouille", Photo: photo(t, "x")}
		o, err := h.PublishOfficer(ctx, lead, in)
		must(t, err)
		in.ID, in.Photo, in.Name = o.ID, nil, "Agent V-13"
		_, err = h.PublishOfficer(ctx, lead, in)
		must(t, err)
		if _, err := h.Photo(ctx, o.ID); err != nil {
			t.Fatalf("the picture was lost: %v", err)
		}
		in.Photo = photo(t, "y")
		_, err = h.PublishOfficer(ctx, lead, in)
		must(t, err)
		if files := filesUnder(t, filepath.Join(h.dir, "blobs", "patrol")); len(files) != 1 {
			t.Fatalf("pictures kept: %v", files)
		}
		in.ID = "off_00000000000000000000000000"
		if _, err := h.PublishOfficer(ctx, lead, in); !errs.Is(err, errs.NotFound) {
			t.Fatalf("replaced nothing: %v", err)
		}
		if files := filesUnder(t, filepath.Join(h.dir, "blobs", "patrol")); len(files) != 1 {
			t.Fatalf("a refused picture was kept: %v", files)
		}
		must(t, os.WriteFile(filepath.Join(h.dir, "blobs", "patrol", "lost.jpg"), []byte("x"), 0o600))
		if n, err := h.Sweep(ctx); n != 1 || err != nil {
			t.Fatalf("swept %d, %v", n, err)
		}
	})
}

// The analyst is findable by no public route: nothing of the account reaches a
// row, and a holder of a hidden role is refused before anything is written.
func TestWatchStaffHasNoFace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		_, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent W-3", Unit: "Patrouille", HolderRoles: analyst.Roles})
		if !errs.Is(err, errs.Denied) {
			t.Fatalf("an analyst was published: %v", err)
		}
		if _, err := h.PublishOfficer(ctx, analyst, patrol.OfficerIn{Name: "Agent W-3", Unit: "Patrouille"}); err == nil {
			t.Fatal("an analyst published")
		}
		_, err = h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent V-1", Unit: "Patrouille", HolderRoles: officer.Roles})
		must(t, err)
		cards, err := h.Officers(ctx)
		must(t, err)
		if len(cards) != 1 || cards[0].Name != "Agent V-1" {
			t.Fatalf("%v", cards)
		}
		for _, asked := range []string{"W-3", "per_ana", "Agent W-3", "uni_1"} {
			a, err := h.CheckHandle(ctx, "", asked)
			must(t, err)
			if a.Verdict == patrol.Ours {
				t.Errorf("%s is called ours", asked)
			}
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			names, err := db.Collect(ctx, tx, func(r *sql.Rows) (string, error) {
				cols, err := r.Columns()
				return strings.Join(cols, " "), err
			}, "SELECT * FROM patrol_officers")
			if err == nil && (strings.Contains(names[0], "person") || strings.Contains(names[0], "handle") || strings.Contains(names[0], "account")) {
				t.Errorf("a card refers to an account: %s", names[0])
			}
			return err
		}))
	})
}

func TestHoursAndAnswerTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		must(t, h.SetHours(ctx, lead, "portal", "mon-fri 09:00-17:00", 3))
		must(t, h.SetHours(ctx, lead, "portal", "mon-fri 14:00-20:00; 2026-11-24 closed", 2))
		must(t, h.SetHours(ctx, lead, "discord", "", 1))
		if err := h.SetHours(ctx, officer, "portal", "", 1); err == nil {
			t.Fatal("an officer changed the hours")
		}
		if err := h.SetHours(ctx, lead, "portal", "", 0); !errs.Is(err, errs.Invalid) {
			t.Fatalf("%v", err)
		}
		duty, err := h.OnDuty(ctx, c.Now())
		must(t, err)
		if len(duty.Channels) != 2 || duty.AnswerDays != 2 {
			t.Fatalf("%+v", duty)
		}
		portal := duty.Channels[1]
		if portal.Channel != "portal" || portal.Now != nil || portal.Next.From.Format("Mon 15:04") != "Mon 14:00" {
			t.Fatalf("%+v", portal)
		}
	})
}

func TestImpostorIsCountedAndForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		_, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "instagram", Handle: "police_valombre", URL: "https://instagram.com/police_valombre", Proof: "seen"})
		must(t, err)
		a, err := h.ReportImpostor(ctx, patrol.ImpostorIn{Handle: "https://instagram.com/police_valombre"})
		must(t, err)
		if a.Verdict != patrol.Ours {
			t.Fatalf("%+v", a)
		}
		for range 3 {
			a, err = h.ReportImpostor(ctx, patrol.ImpostorIn{Platform: "instagram", Handle: "P0lice_Valombre"})
			must(t, err)
		}
		if a.Verdict != patrol.LooksLike {
			t.Fatalf("%+v", a)
		}
		if _, err := h.Incidents(ctx, officer); err == nil {
			t.Fatal("an officer read the incidents")
		}
		list, err := h.Incidents(ctx, lead)
		must(t, err)
		if len(list) != 1 || list[0].Reports != 3 || list[0].Handle != "P0lice_Valombre" || list[0].Answer.Verdict != patrol.LooksLike {
			t.Fatalf("%+v", list)
		}
		must(t, h.CloseIncident(ctx, lead, list[0].ID, patrol.OutcomeReported))
		if err := h.CloseIncident(ctx, lead, list[0].ID, patrol.OutcomeReported); !errs.Is(err, errs.NotFound) {
			t.Fatalf("closed twice: %v", err)
		}
		list, err = h.Incidents(ctx, lead)
		must(t, err)
		if len(list) != 1 || list[0].State != patrol.Closed || list[0].Handle != "" {
			t.Fatalf("%+v", list)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			n, err := h.Counts(ctx, tx, "2026-11-01", "2026-11-30")
			if n["impostor.reported"] != 3 || n["impostor.closed.reported"] != 1 {
				t.Errorf("counted %v", n)
			}
			return err
		}))
		_, err = h.ReportImpostor(ctx, patrol.ImpostorIn{Platform: "instagram", Handle: "P0lice_Valombre"})
		must(t, err)
		if list, _ = h.Incidents(ctx, lead); len(list) != 2 {
			t.Fatalf("a new report after the end opens nothing: %+v", list)
		}
	})
}

func filesUnder(t *testing.T, dir string) (names []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, p)
		}
		return err
	}))
	return names
}

func TestPicturesAreBounded(t *testing.T) {
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 10, 4000)), nil))
	out, err := patrol.Reencode(b.Bytes())
	must(t, err)
	if head, err := jpeg.DecodeConfig(bytes.NewReader(out)); err != nil || head.Height != patrol.PhotoSide || head.Width != 1 {
		t.Fatalf("%+v %v", head, err)
	}
	for name, raw := range map[string][]byte{
		"none": {}, "text": []byte("GIF89a"), "large": make([]byte, patrol.MaxPhotoBytes+1), "cut": b.Bytes()[:200],
	} {
		if _, err := patrol.Reencode(raw); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "photo" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A card is somebody's: they alone may sign with it, also after it was edited,
// and the table that ties them shows no service handle to who reads it.
func TestACardIsOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		other := access.Actor{Person: "per_other", Handle: "P-8", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}
		in := patrol.OfficerIn{Name: "Agent V-12", Unit: "Patrouille", Holder: officer.Handle}
		card, err := h.PublishOfficer(ctx, lead, in)
		must(t, err)
		owns := func(who access.Actor, want string) {
			t.Helper()
			if name, err := h.OwnName(ctx, who); err != nil || name != want {
				t.Errorf("%s signs as %q, want %q (%v)", who.Handle, name, want, err)
			}
		}
		owns(officer, "Agent V-12")
		owns(other, "")
		_, err = h.PublishOfficer(ctx, lead, patrol.OfficerIn{ID: card.ID, Name: "Agent V-13", Unit: "Patrouille"})
		must(t, err)
		owns(officer, "Agent V-13")
		if _, err := h.PublishOfficer(ctx, lead, in); errs.FieldOf(err) != "holder" {
			t.Errorf("a second card for one person: %v", err)
		}
		for _, handle := range []string{"W-57961", "I-35823", "Jeanne", "P-7 Jeanne"} {
			if _, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent V-14", Unit: "Patrouille", Holder: handle}); err == nil {
				t.Errorf("a card for %q", handle)
			}
		}
		_, err = h.PublishOfficer(ctx, lead, patrol.OfficerIn{ID: card.ID, Name: "Agent V-13", Unit: "Patrouille", Holder: other.Handle})
		must(t, err)
		owns(officer, "")
		owns(other, "Agent V-13")
		var mark []byte
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "SELECT mark FROM patrol_holders WHERE id = $1", card.ID).Scan(&mark)
		}))
		if len(mark) < 32 || bytes.Contains(mark, []byte(other.Handle)) {
			t.Errorf("the tie can be read: %q", mark)
		}
		if _, err := h.Given(ctx, officer); err == nil {
			t.Error("an officer asks which cards are given")
		}
		must(t, h.WithdrawOfficer(ctx, lead, card.ID))
		owns(other, "")
		_, err = h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent V-15", Unit: "Patrouille", Holder: other.Handle})
		must(t, err)
	})
}
