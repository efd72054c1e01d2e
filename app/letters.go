package app

import (
	"context"

	"ronde/desk"
	"ronde/internal/errs"
)

// sampleLetters are what invented people wrote: what an inbox looks like on an
// ordinary evening.
var sampleLetters = []struct {
	lang, text string
	as         desk.Identity
	age        string
}{
	{"fr", "Bonjour, on m’a volé mon compte de jeu. Je peux porter plainte où ? Merci", desk.Anonymous, "14"},
	{"fr", "Un compte au nom de votre patrouille demande une copie de la carte d’identité. Est-ce que c’est vous ?", desk.Confidential, ""},
	{"en", "My son got an offer to hold a bag for someone for 200 euros. He said no. Should I tell somebody?", desk.Named, ""},
	{"fr", "Il dit qu’il va publier mes photos si je ne paie pas. J’ai envie de mourir.", desk.Anonymous, "15"},
	{"fr", "Merci pour votre réponse de mardi, tout va bien maintenant.", desk.Anonymous, ""},
}

// Letters puts the sample letters into the inbox of a new demo; a kept one has
// them, or had them.
func (d *Demo) Letters(ctx context.Context) error {
	if !d.fresh {
		return nil
	}
	for _, l := range sampleLetters {
		in := desk.Incoming{Lang: l.lang, Text: l.text, Identify: l.as, Age: l.age, Nonce: desk.NewNonce(), Caller: "sample"}
		if l.as != desk.Anonymous {
			in.Name, in.Contact = "Camille Exemple", "camille@exemple.example"
		}
		if _, err := d.Desk.Receive(ctx, in); err != nil {
			return errs.Wrap(err, "write sample letter")
		}
	}
	return nil
}
