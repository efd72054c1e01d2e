package patrol

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"sync"
	"testing"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/media"
)

// blank is a picture of one colour: a few kilobytes that unfold to w×h pixels.
func blank(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A small file that unfolds to a great picture, sent several times at once,
// must not take the memory of the house.
func TestPicturesUnfoldOneAtATime(t *testing.T) {
	if _, err := Reencode(blank(t, image.NewNRGBA64(image.Rect(0, 0, 5000, 4000)))); !errs.Is(err, errs.Invalid) {
		t.Errorf("160 MB of pixels: %v", err)
	}
	raw := blank(t, image.NewGray(image.Rect(0, 0, 3000, 3000)))
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := Reencode(raw); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	runtime.ReadMemStats(&now)
	// Four at once took 4×(9+36) MB; one after the other leaves what the
	// collector has not yet taken back.
	if grown := (now.Sys - before.Sys) >> 20; grown > 120 {
		t.Errorf("the program grew by %d MB", grown)
	}
}

func TestTransparentPictureLiesOnWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	m.SetNRGBA(0, 0, color.NRGBA{200, 0, 0, 255})
	out := media.Shrink(m, PhotoSide)
	if got := out.RGBAAt(0, 0); got != (color.RGBA{200, 0, 0, 255}) {
		t.Errorf("red became %v", got)
	}
	if got := out.RGBAAt(1, 0); got != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("nothing became %v", got)
	}
}

// Somebody publishes a hidden colleague's service handle: as a name on a card,
// in a unit's name, or as an official account.
func TestNoHiddenHandleIsPublished(t *testing.T) {
	for _, s := range []string{"W-57961", "Agent w-57961", "I-35823", "(W‑57961)", "@W-57961"} {
		if _, err := (OfficerIn{Name: s, Unit: "Patrouille", HolderRoles: []access.Role{access.PatrolOfficer}}).officer(); !errs.Is(err, errs.Denied) {
			t.Errorf("name %q: %v", s, err)
		}
		if _, err := (OfficerIn{Name: "Agent 7", Unit: s}).officer(); !errs.Is(err, errs.Denied) {
			t.Errorf("unit %q: %v", s, err)
		}
		if _, err := (AccountIn{Platform: "mastodon", Handle: s, Proof: "seen"}).account(); !errs.Is(err, errs.Denied) {
			t.Errorf("account %q: %v", s, err)
		}
	}
	for _, s := range []string{"Agent P-10739", "Noor 4107", "W-3", "VW-57961", "Brigade 57961"} {
		if _, err := (OfficerIn{Name: s, Unit: "Patrouille"}).officer(); err != nil {
			t.Errorf("name %q: %v", s, err)
		}
	}
}

// A report from the street names a platform that is a sentence about somebody:
// the word would stand in clear in a column.
func TestAPlatformIsNoPlaceForWords(t *testing.T) {
	for _, p := range []string{"jeanne-kanari-deals", "kanari"} {
		if _, err := (ImpostorIn{Platform: p, Handle: "police.nord"}).read(); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", p, err)
		}
	}
	if _, err := (ImpostorIn{Platform: "TikTok", Handle: "police.nord"}).read(); err != nil {
		t.Error(err)
	}
}
