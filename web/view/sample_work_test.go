package view

import "time"

func sampleInbox(code string) []InboxRow {
	return []InboxRow{
		{ID: "cnv_01", Ref: "C-0147", Excerpt: in2(code, "he has a knife and says he is coming to school", "il a un couteau et dit qu'il vient au collège"), DangerWord: in2(code, "knife", "couteau"), Age: "13", Channel: "portal", Tongue: code, Identity: "anonymous", State: "new", Waiting: 4 * time.Minute, Unread: 1},
		{ID: "cnv_02", Ref: "C-0146", Excerpt: in2(code, "They offered me 250 to carry a bag to the station, what should I do?", "On m'a proposé 250 pour porter un sac à la gare, je fais quoi ?"), Channel: "portal", Tongue: "fr", Identity: "confidential", State: "new", Waiting: 26 * time.Minute, Unread: 1},
		{ID: "cnv_03", Ref: "C-0144", Excerpt: in2(code, "Is @police_valombre_help really you? They ask for my password", "@police_valombre_help, c'est vous ? Ils demandent mon mot de passe"), Channel: "instagram", Tongue: "fr", Identity: "named", State: "added", Waiting: 95 * time.Minute, Holder: "Maëlle R.", Mine: true, Unread: 2},
		{ID: "cnv_04", Ref: "C-0139", Excerpt: in2(code, "An account sells \"snow\" in our village group", "Un compte vend de la « neige » dans le groupe du village"), Channel: "mail", Tongue: "fr", Identity: "named", State: "taken", Waiting: 5 * time.Hour, Holder: "Agent 07"},
		{ID: "cnv_05", Ref: "C-0131", Excerpt: in2(code, "Thank you, I have blocked him", "Merci, je l'ai bloqué"), Channel: "portal", Tongue: "en", Identity: "confidential", State: "answered", Holder: "Maëlle R.", Mine: true},
	}
}

func workSamples(code string) map[string]Page {
	return map[string]Page{
		"work-signin": SignInPage{Work: sampleWork(code, "/sign-in"), Form: Form{Values: map[string]string{"name": "maelle.r"}}},
		"work-code":   CodePage{Work: sampleWork(code, "/sign-in/code"), Form: Form{Problems: []Problem{{"code", in2(code, "This code is not right. Wait for the next one.", "Ce code n'est pas le bon. Attendez le suivant.")}}}},
		"work-enrol":  EnrolPage{Work: sampleWork(code, "/enrol"), Secret: "JBSW Y3DP EHPK 3PXP KRSX G5BA", QRSize: 9, QRPath: "M1 1h3v3h-3z M5 5h3v3h-3z", Least: 12},
		"work-inbox": InboxPage{
			Work: sampleWork(code, "/inbox"), Show: "open", Rows: sampleInbox(code), Waiting: 2, Longest: 26 * time.Minute,
			Tabs:  []Tab{{"open", 4, "/inbox"}, {"mine", 2, "/inbox?show=mine"}, {"answered", 11, "/inbox?show=answered"}, {"closed", 132, "/inbox?show=closed"}},
			Pager: Pager{Next: "/inbox?after=cnv_05"},
		},
		"work-inbox-empty": InboxPage{Work: sampleWork(code, "/inbox"), Show: "mine", Tabs: []Tab{{"open", 0, "/inbox"}, {"mine", 0, "/inbox?show=mine"}}},
	}
}
