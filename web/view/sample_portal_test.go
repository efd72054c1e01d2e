package view

import "time"

func sampleErrands() []Errand {
	return []Errand{
		{"emergency", "112", "tel:112"},
		{"report", "plainte.valombre.example", "https://plainte.valombre.example/"},
		{"child-helpline", "116 111", "tel:116111"},
		{"missing-child", "116 000", "tel:116000"},
		{"image-removal", "3018", "tel:3018"},
		{"illegal-content", "signaler.valombre.example", "https://signaler.valombre.example/"},
		{"complaint", "inspection.valombre.example", "https://inspection.valombre.example/"},
	}
}

func portalSamples(code string) map[string]Page {
	nobody := samplePortal(code, "/")
	nobody.Duty.Now = nil
	return map[string]Page{
		"portal-home": HomePage{
			Portal: samplePortal(code, "/"), Languages: []string{"fr", "en"}, Errands: sampleErrands(),
			Events: []Event{
				{in2(code, "Ask the patrol anything", "Posez vos questions à la patrouille"), "Twitch", moment.Add(70 * time.Hour), moment.Add(72 * time.Hour), "Maëlle R.", "/hours"},
				{in2(code, "Talk with parents: easy money", "Rencontre parents : l'argent facile"), "Médiathèque de Valombre", moment.Add(142 * time.Hour), moment.Add(144 * time.Hour), "Agent 07", ""},
			},
			Advice: []Advice{
				{in2(code, "\"A parcel for you\": the link is the trap", "« Un colis pour vous » : le piège est le lien"), in2(code, "Don't open it. Type the carrier's address yourself.", "Ne l'ouvrez pas. Tapez vous-même l'adresse du transporteur."), ""},
				{in2(code, "Someone offers 200 a day to \"keep watch\"", "On vous propose 200 par jour pour « guetter »"), in2(code, "It is a crime, and leaving is hard. Write to us before you answer.", "C'est un délit, et il est difficile d'en sortir. Écrivez-nous avant de répondre."), ""},
			},
		},
		"portal-home-nobody": HomePage{Portal: nobody, Languages: []string{"fr", "en"}, Errands: sampleErrands()},
	}
}
