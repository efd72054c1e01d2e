package view

import (
	"strings"
	"time"
)

func sampleErrands(code string) []Errand {
	return []Errand{
		{Key: "emergency", Contact: "112", Href: "tel:112"},
		{Key: "report", Contact: "plainte.valombre.example", Href: "https://plainte.valombre.example/"},
		{Key: "child-helpline", Contact: "116 111", Href: "tel:116111"},
		{Key: "missing-child", Contact: "116 000", Href: "tel:116000"},
		{Name: in2(code, "Digital violence, young people and parents", "Violences numériques, jeunes et parents"), Hours: in2(code, "09:00 to 23:00", "de 9 h à 23 h"), Contact: "3018", Href: "tel:3018"},
		{Key: "illegal-content", Contact: "signaler.valombre.example", Href: "https://signaler.valombre.example/"},
		{Key: "complaint", Contact: "inspection.valombre.example", Href: "https://inspection.valombre.example/"},
	}
}

func sampleAccounts(code string) []Account {
	return []Account{
		{ID: "acc_1", Channel: "instagram", Handle: "@police_valombre", URL: "https://instagram.example/police_valombre", Purpose: in2(code, "Advice, and where to meet us.", "Conseils, et où nous rencontrer."), State: "published", Since: ago(9000 * time.Hour)},
		{ID: "acc_2", Channel: "discord", Handle: "Patrouille Valombre#0112", Purpose: in2(code, "Evenings with players.", "Soirées avec les joueurs."), Owner: "Maëlle R.", State: "published", Since: ago(4000 * time.Hour)},
		{ID: "acc_3", Channel: "twitch", Handle: "agent07_valombre", URL: "https://twitch.example/agent07_valombre", Owner: "Agent 07", State: "published", Since: ago(2000 * time.Hour)},
	}
}

func sampleOfficers(code string) []OfficerCard {
	unit := in2(code, "Online patrol, northern district", "Patrouille en ligne, district nord")
	return []OfficerCard{
		{Handle: "maelle-r", Name: "Maëlle R.", Unit: unit, Languages: []string{"fr", "en"}, OnDuty: true, Until: moment.Add(2 * time.Hour)},
		{Handle: "agent-07", Name: "Agent 07", Unit: unit, Languages: []string{"fr", "ar"}, OnDuty: true, Until: moment.Add(3 * time.Hour)},
		{Handle: "ines-t", Name: "Inès T.", Unit: unit, Languages: []string{"fr", "pt", "es"}},
	}
}

func sampleEvents(code string) []Event {
	return []Event{
		{in2(code, "Ask the patrol anything", "Posez vos questions à la patrouille"), "Twitch", moment.Add(70 * time.Hour), moment.Add(72 * time.Hour), "Maëlle R.", "/hours"},
		{in2(code, "Talk with parents: easy money", "Rencontre parents : l'argent facile"), "Médiathèque de Valombre", moment.Add(142 * time.Hour), moment.Add(144 * time.Hour), "Agent 07", ""},
	}
}

func sampleHome(code string) HomePage {
	return HomePage{
		Portal: samplePortal(code, "/"), Spoken: []string{"fr", "en"}, Errands: sampleErrands(code), Events: sampleEvents(code),
		Advice: []Advice{
			{in2(code, "“A parcel for you”: the link is the trap", "« Un colis pour vous » : le piège est le lien"), in2(code, "Don’t open it. Type the carrier’s address yourself.", "Ne l’ouvrez pas. Tapez vous-même l’adresse du transporteur."), ""},
			{in2(code, "Someone offers 200 a day to “keep watch”", "On vous propose 200 par jour pour « guetter »"), in2(code, "It is a crime, and leaving is hard. Write to us before you answer.", "C’est un délit, et il est difficile d’en sortir. Écrivez-nous avant de répondre."), ""},
		},
	}
}

func sampleDraft(code string) Draft {
	return Draft{Identity: "confidential", Name: "Camille", Contact: "camille@courriel.example", Tongue: code, Link: "@easy.cash.valombre", Age: "16",
		Message: in2(code, "A guy in my gaming group offers 250 to carry a bag to the station.\nHe says it is only sport clothes. My friend said yes already. What should I do?",
			"Un type de mon groupe de jeu propose 250 pour porter un sac à la gare.\nIl dit que ce sont des habits de sport. Mon ami a déjà dit oui. Je fais quoi ?")}
}

func sampleTalk(code string) TalkPage {
	return TalkPage{
		Portal: samplePortal(code, "/conversation"), State: "answered", Status: "answered", Identity: "confidential", Minutes: 30, Answer: moment.Add(40 * time.Hour),
		Messages: []Message{
			{From: "you", At: ago(26 * time.Hour), Text: sampleDraft(code).Message},
			{From: "us", Author: "Maëlle R.", At: ago(22 * time.Hour), Text: in2(code, "Hello, I am Maëlle, officer of the online patrol. Thank you for writing before you answered him.\n\nDon’t carry the bag, and don’t meet him alone. You have done nothing wrong. When does he want to meet your friend?", "Bonjour, je suis Maëlle, de la patrouille en ligne. Merci d’avoir écrit avant de lui répondre.\n\nNe portez pas le sac et n’y allez pas seul. Vous n’avez rien fait de mal. Quand veut-il voir votre ami ?")},
			{From: "you", At: ago(20 * time.Hour), Text: in2(code, "Monday after school.", "Lundi après les cours.")},
			{From: "us", Author: "Maëlle R.", At: ago(3 * time.Hour), Text: in2(code, "Thank you. A colleague will be there, and nobody will know that you wrote. If he writes again, keep the messages.", "Merci. Un collègue sera là, et personne ne saura que vous avez écrit. S’il récrit, gardez les messages.")},
		},
	}
}

func sampleCharts(code string) []Chart {
	return []Chart{
		{ID: "outcomes", Title: in2(code, "What came of the conversations", "Ce qu’ont donné les conversations"), Text: in2(code, "Most conversations end with advice; one in six is passed on.", "La plupart finissent par un conseil ; une sur six est transmise."), Head: in2(code, "Outcome", "Issue"), Unit: in2(code, "Conversations", "Conversations"), CSV: "/figures/outcomes.csv", Small: 5,
			Bars: []Bar{{Name: in2(code, "advice given", "conseil donné"), Value: 412}, {Name: in2(code, "passed to a police station", "transmis à un poste"), Value: 88}, {Name: in2(code, "referred to a helpline", "orienté vers une écoute"), Value: 61}, {Name: in2(code, "removal asked", "retrait demandé"), Value: 37}, {Name: in2(code, "child-welfare notice", "enfance en danger"), Value: 12}, {Name: in2(code, "emergency desk", "transmis aux urgences"), Small: true}}},
		{ID: "watch", Title: in2(code, "The watch, in totals", "La veille, en totaux"), Text: in2(code, "Of 21,480 posts read, 46 were confirmed by a person.", "Sur 21 480 publications lues, 46 ont été confirmées par une personne."), Head: in2(code, "Step", "Étape"), Unit: in2(code, "Posts", "Publications"), CSV: "/figures/watch.csv", Small: 5,
			Bars: []Bar{{Name: in2(code, "alerts", "alertes"), Value: 131}, {Name: in2(code, "harmless, text erased", "anodines, texte effacé"), Value: 74}, {Name: in2(code, "confirmed by a person", "confirmées"), Value: 46}, {Name: in2(code, "purged at the end", "purgées à l’échéance"), Value: 11}}},
	}
}

func sampleRegister(code string) []RegisterEntry {
	return []RegisterEntry{{ID: "lexicon", Name: in2(code, "Watch for coded offers", "Veille d’offres codées"), Status: "pilot", Changed: ago(900 * time.Hour),
		Short:  in2(code, "Compares public posts with a list of signs whose meaning is published by police and prevention bodies, and shows an analyst those where two different kinds of signs agree.", "Compare des publications publiques à une liste de signes publiée par des polices et la prévention, et montre à un analyste celles où deux sortes de signes concordent."),
		Fields: []Fact{{in2(code, "Goal", "But"), in2(code, "Find offers of drugs, weapons and paid violence early.", "Trouver tôt des offres de drogue, d’armes et de violence payée.")}, {in2(code, "Human intervention", "Intervention humaine"), in2(code, "Every alert is judged by a person; two decide before it leaves the watch.", "Chaque alerte est jugée par une personne ; deux décident avant qu’elle ne sorte.")}, {in2(code, "Risks", "Risques"), in2(code, "Everyday emoji and slang can be misread.", "Des emojis et mots courants peuvent être mal lus.")}}}}
}

func lookalike(code string) *Result {
	r := &Result{Kind: "lookalike", Account: &sampleAccounts(code)[0]}
	for _, c := range strings.Split("@po|1|ice_va|1|ombre", "|") {
		if c == "1" {
			r.Asked = append(r.Asked, Letter{Char: "1", Odd: true, Note: in2(code, "the digit 1 instead of the letter l", "le chiffre 1 à la place de la lettre l")})
			continue
		}
		for _, x := range c {
			r.Asked = append(r.Asked, Letter{Char: string(x)})
		}
	}
	return r
}

func portalSamples(code string) map[string]Page {
	p := func(path string) Portal { return samplePortal(code, path) }
	nobody := p("/")
	nobody.Duty.Now = nil
	noticed := p("/rights")
	noticed.Notice = &Notice{Kind: "done", Text: in2(code, "Your language is kept for the next visit.", "Votre langue est gardée pour la prochaine visite.")}
	identities := Form{Values: map[string]string{"identity": "confidential", "name": "Camille"}}
	wrong := Form{Values: map[string]string{"message": ""}, Problems: []Problem{{"message", in2(code, "Write a few words, so that we can help.", "Écrivez quelques mots, pour que nous puissions aider.")}}}
	long := Form{Values: map[string]string{"message": sampleDraft(code).Message, "age": "16", "tongue": code}}
	keeps := []Fact{{in2(code, "Conversations", "Conversations"), in2(code, "90 days after they are closed", "90 jours après leur clôture")}, {in2(code, "Unconfirmed alerts", "Alertes non confirmées"), in2(code, "until the mandate ends", "jusqu’à la fin du mandat")}, {in2(code, "Logs of our staff", "Journaux de notre personnel"), in2(code, "3 years", "3 ans")}}
	closed := sampleTalk(code)
	closed.State, closed.Status, closed.Closed, closed.Outcome, closed.Until, closed.Erasing = "closed", "closed", true, "referred-station", moment.Add(2000*time.Hour), true
	day := moment.Truncate(24 * time.Hour)
	return map[string]Page{
		"portal-home":        sampleHome(code),
		"portal-home-nobody": HomePage{Portal: nobody, Spoken: []string{"fr", "en"}, Errands: sampleErrands(code)},
		"portal-check":       CheckPage{Portal: p("/check"), Accounts: sampleAccounts(code), Officers: sampleOfficers(code)},
		"portal-check-ours":  CheckPage{Portal: p("/check"), Question: "agent 07", Result: &Result{Kind: "ours", Officer: &sampleOfficers(code)[1], Account: &sampleAccounts(code)[2]}, Accounts: sampleAccounts(code), Officers: sampleOfficers(code)},
		"portal-check-fake":  CheckPage{Portal: p("/check"), Question: "@po1ice_va1ombre", Result: lookalike(code), Accounts: sampleAccounts(code), Officers: sampleOfficers(code)},
		"portal-check-unknown": CheckPage{Portal: p("/check"), Question: "@commissaire.dupont", Result: &Result{Kind: "unknown"},
			Form: Form{Problems: []Problem{{"q", in2(code, "This is longer than an account name can be.", "C’est plus long qu’un nom de compte.")}}}},
		"portal-officers":       OfficersPage{Portal: p("/officers"), Officers: sampleOfficers(code), Accounts: sampleAccounts(code)},
		"portal-officers-empty": OfficersPage{Portal: p("/officers")},
		"portal-officer": OfficerPage{Portal: p("/officers/maelle-r"), Officer: sampleOfficers(code)[0], Number: "VAL-2291", Channels: []string{"discord", "twitch"}, Square: sampleSquare("off_06c3px35a40c003feywx1rew00", "/officers/x/qr.png"), Accounts: sampleAccounts(code)[1:2], Checked: ago(200 * time.Hour),
			About:  in2(code, "Police officer for nine years. I answer questions about games, money and trouble online.", "Policière depuis neuf ans. Je réponds aux questions sur les jeux, l’argent et les ennuis en ligne."),
			Shifts: []Shift{sampleShift(code, 42, 46, "Maëlle R.", "Discord"), sampleShift(code, 90, 94, "Maëlle R.", "Twitch")}},
		"portal-hours": HoursPage{Portal: p("/hours"), Events: sampleEvents(code), Feed: "/hours.ics", Days: []DutyDay{
			{Date: day, Shifts: []Shift{sampleShift(code, -2, 2, "Maëlle R.", "Discord"), sampleShift(code, -1, 3, "Agent 07", "Twitch")}},
			{Date: day.Add(24 * time.Hour), Holiday: in2(code, "Day of the canton", "Fête du canton")}, {Date: day.Add(48 * time.Hour), Shifts: []Shift{sampleShift(code, 42, 46, "Agent 07", "Discord")}}},
			Channels: []ChannelHours{{Channel: "discord", Until: moment.Add(2 * time.Hour), AnswerDays: 1}, {Channel: "portal", Next: &Shift{From: moment.Add(42 * time.Hour), To: moment.Add(46 * time.Hour)}, AnswerDays: 3}, {Channel: "mail", AnswerDays: 5}}},
		"portal-before":         BeforePage{Portal: p("/write"), Errands: sampleErrands(code), Draft: Draft{About: "fake"}},
		"portal-who":            WhoPage{Portal: p("/write/who"), Form: identities, LogIP: in2(code, "The network in front of this site keeps addresses for 24 hours.", "Le réseau devant ce site garde les adresses 24 heures.")},
		"portal-who-onion":      WhoPage{Portal: p("/write/who"), Onion: "valombre2x7examplexonionxaddressx.onion", Form: Form{Problems: []Problem{{"identity", in2(code, "Choose how you write.", "Choisissez comment vous écrivez.")}}}},
		"portal-message":        MessagePage{Portal: p("/write/message"), Form: long, Draft: sampleDraft(code), Limit: 8000, Tongues: []Option{{"fr", in2(code, "French", "français"), ""}, {"en", in2(code, "English", "anglais"), ""}}},
		"portal-message-wrong":  MessagePage{Portal: p("/write/message"), Form: wrong, Limit: 8000},
		"portal-send":           SendPage{Portal: p("/write/check"), Draft: sampleDraft(code)},
		"portal-receipt":        ReceiptPage{Portal: p("/write/send"), Code: "KQ7M-2XFA-9TRD-VW4H-L8NC", Sent: moment, Answer: moment.Add(66 * time.Hour), Keep: 90},
		"portal-receipt-danger": ReceiptPage{Portal: p("/write/send"), Code: "KQ7M-2XFA-9TRD-VW4H-L8NC", Sent: moment, Answer: moment.Add(66 * time.Hour), Danger: true, Child: &Errand{Key: "child-helpline", Contact: "116 111", Href: "tel:116111"}},
		"portal-return":         ReturnPage{Portal: p("/return"), Form: Form{Values: map[string]string{"code": "KQ7M"}, Problems: []Problem{{"code", in2(code, "No conversation opens with this code. Check each group.", "Aucune conversation ne s’ouvre avec ce code. Vérifiez chaque groupe.")}}}},
		"portal-talk":           sampleTalk(code),
		"portal-talk-closed":    closed,
		"portal-rights": RightsPage{Portal: noticed, Days: 30, Officer: "dpd@valombre.example", Authority: in2(code, "Data Protection Authority of Valombre", "Autorité de protection des données de Valombre"), AuthorityA: "https://donnees.valombre.example/",
			Rights: []Option{{"access", in2(code, "see my data", "voir mes données"), ""}, {"rectify", in2(code, "correct my data", "corriger mes données"), ""}, {"erase", in2(code, "erase my data", "effacer mes données"), ""}, {"restrict", in2(code, "restrict the use of my data", "limiter l’usage de mes données"), ""}}},
		"portal-rightsreceipt": RightsReceiptPage{Portal: p("/rights"), Right: "erase", Number: "D-2026-0031", Answer: moment.Add(720 * time.Hour)},
		"portal-rightsstatus":  RightsStatusPage{Portal: p("/rights"), Right: "erase", State: "restricted", Ground: "LED 16(3)", Reason: in2(code, "One message is kept as evidence until the case ends. The rest is erased.", "Un message reste comme preuve jusqu’à la fin du dossier. Le reste est effacé."), Answered: ago(5 * time.Hour)},
		"portal-rightswaits":   RightsStatusPage{Portal: p("/rights"), Right: "access", State: "received", Answer: moment.Add(500 * time.Hour)},
		"portal-figures": FiguresPage{Portal: p("/figures"), From: ago(2200 * time.Hour), To: moment, Made: moment, Small: 5, Delay: 30, Charts: sampleCharts(code),
			Periods: []Option{{"/figures?period=2026-q4", in2(code, "Autumn 2026", "Automne 2026"), "now"}, {"/figures?period=2026-q3", in2(code, "Summer 2026", "Été 2026"), ""}},
			Tiles:   []Tile{{Words: in2(code, "conversations that led to something", "conversations qui ont servi"), Value: 610}, {Words: in2(code, "half of them answered within", "la moitié ont eu réponse en"), Value: 5, Unit: in2(code, "hours", "heures")}, {Words: in2(code, "fake police accounts removed", "faux comptes de police retirés"), Small: true}}},
		"portal-figures-empty": FiguresPage{Portal: p("/figures"), From: ago(24 * time.Hour), To: moment, Made: moment},
		"portal-register":      RegisterPage{Portal: p("/register"), Entries: sampleRegister(code)},
		"portal-accessibility": AccessibilityPage{Portal: p("/accessibility"), Checked: ago(72 * time.Hour), Contact: "acces@valombre.example", Authority: in2(code, "the Ombudsman of Valombre", "le Défenseur des droits de Valombre"), Sent: true},
		"portal-legal": LegalPage{Portal: p("/legal"), Controller: "Police de Valombre", Address: "1 place du Guet, Valombre",
			Acts: []Fact{{in2(code, "Police Act of Valombre, section 7", "Loi sur la police de Valombre, article 7"), in2(code, "prevention and presence in public places, online included", "prévention et présence dans les lieux publics, en ligne compris")}}, Logs: keeps[2:]},
		"portal-privacy":       PrivacyPage{Portal: p("/privacy"), Controller: "Police de Valombre", Officer: "dpd@valombre.example", Authority: in2(code, "Data Protection Authority of Valombre", "Autorité de protection des données de Valombre"), Keeps: keeps},
		"portal-error-missing": PortalErrorPage{Portal: p("/nowhere"), Kind: "missing"},
		"portal-error-slow":    PortalErrorPage{Portal: p("/return"), Kind: "slow", Again: 90 * time.Second},
		"portal-error-broken":  PortalErrorPage{Portal: p("/write"), Kind: "broken", Ref: "7F3K-22"},
		"portal-error-denied":  PortalErrorPage{Portal: p("/"), Kind: "denied"},
		"portal-error-invalid": PortalErrorPage{Portal: p("/"), Kind: "invalid"},
		"portal-error-lapsed":  PortalErrorPage{Portal: p("/"), Kind: "lapsed"},
		"portal-error-large":   PortalErrorPage{Portal: p("/"), Kind: "large"},
	}
}
