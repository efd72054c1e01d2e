package view

import "time"

func sampleInbox(code string) []InboxRow {
	return []InboxRow{
		{ID: "cnv_01", Ref: "C-0147", Excerpt: in2(code, "he has a knife and says he is coming to school", "il a un couteau et dit qu’il vient au collège"), DangerWord: in2(code, "knife", "couteau"), Age: "13", Channel: "portal", Tongue: code, Identity: "anonymous", State: "new", Waiting: 4 * time.Minute, Unread: 1},
		{ID: "cnv_02", Ref: "C-0146", Excerpt: in2(code, "They offered me 250 to carry a bag to the station, what should I do?", "On m’a proposé 250 pour porter un sac à la gare, je fais quoi ?"), Age: "16", Channel: "portal", Tongue: "fr", Identity: "confidential", State: "new", Waiting: 26 * time.Minute, Unread: 1},
		{ID: "cnv_03", Ref: "C-0144", Excerpt: in2(code, "Is @police_valombre_help really you? They ask for my password", "@police_valombre_help, c’est vous ? Ils demandent mon mot de passe"), Channel: "instagram", Tongue: "fr", Identity: "named", State: "added", Waiting: 95 * time.Minute, Holder: "Maëlle R.", Mine: true, Unread: 2},
		{ID: "cnv_04", Ref: "C-0139", Excerpt: in2(code, "An account sells “snow” in our village group", "Un compte vend de la « neige » dans le groupe du village"), Channel: "mail", Tongue: "fr", Identity: "named", State: "taken", Waiting: 5 * time.Hour, Holder: "Agent 07"},
		{ID: "cnv_05", Ref: "C-0131", Excerpt: in2(code, "Thank you, I have blocked him", "Merci, je l’ai bloqué"), Channel: "portal", Tongue: "en", Identity: "confidential", State: "answered", Holder: "Maëlle R.", Mine: true},
	}
}

func words(group string, code string, names ...string) []Option {
	cat := mustCatalog()
	var out []Option
	for _, n := range names {
		out = append(out, Option{Value: n, Label: cat.For(code).T("word." + group + "." + n)})
	}
	return out
}

func sampleTalkWork(code string) TalkWorkPage {
	return TalkWorkPage{
		Work: sampleWork(code, "/inbox/cnv_02"), ID: "cnv_02", Ref: "C-0146", State: "added", Channel: "portal", Tongue: code, Identity: "confidential", Age: "16", DangerWord: "",
		Since: ago(26 * time.Hour), Waiting: 26 * time.Minute, Holder: "Maëlle R.", Mine: true, Masked: true, Beside: sampleInbox(code),
		Messages: []Message{
			{From: "you", At: ago(26 * time.Hour), Text: sampleDraft(code).Message, Danger: []string{in2(code, "bag", "sac")}},
			{From: "inside", Author: "Agent 07", At: ago(25 * time.Hour), Text: in2(code, "Same wording as in A-0412. Fact: station, Monday.", "Mêmes mots que dans A-0412. Fait : gare, lundi.")},
			{From: "us", Author: "Maëlle R.", At: ago(22 * time.Hour), Read: true, Text: in2(code, "Hello, I am Maëlle, officer of the online patrol. Thank you for writing before you answered him. Don’t carry the bag. When does he want to meet your friend?", "Bonjour, je suis Maëlle, de la patrouille en ligne. Merci d’avoir écrit avant de lui répondre. Ne portez pas le sac. Quand veut-il voir votre ami ?")},
			{From: "you", At: ago(26 * time.Minute), Text: in2(code, "Monday after school. He wrote again, he is getting angry.", "Lundi après les cours. Il a récrit, il s’énerve.")},
		},
		Texts:    []Agreed{{"txt_1", in2(code, "Greeting with name and unit", "Salutation avec nom et unité"), code, in2(code, "Hello, I am Maëlle.", "Bonjour, je suis Maëlle.")}},
		Signs:    []Option{{"Maëlle R.", "Maëlle R.", ""}},
		Outcomes: words("outcome", code, "advice", "referred-helpline", "referred-station", "child-welfare", "emergency", "crime-report", "tip", "takedown", "no-action"),
		Officers: []Option{{"agent-07", "Agent 07", ""}, {"ines-t", "Inès T.", ""}},
		History:  []Step{{At: ago(26 * time.Hour), Text: in2(code, "came in by the portal", "reçue par le portail")}, {At: ago(24 * time.Hour), Kind: "act", Text: in2(code, "taken", "prise en charge"), Who: "Maëlle R."}, {At: ago(22 * time.Hour), Kind: "done", Text: in2(code, "answered", "répondu"), Who: "Maëlle R."}},
		May:      TalkMay{Release: true, Reply: true, Note: true, Close: true, Reveal: true, Hand: true, Emergency: true, Case: true},
	}
}

func sampleSignals(code string) []Signal {
	dea := in2(code, "police guide for parents, 2022", "guide de police pour parents, 2022")
	return []Signal{
		{Number: 1, Text: "❄️", Family: "product", Sense: in2(code, "cocaine", "cocaïne"), Weight: 1.2, Entry: Link{"❄️", "/lexicon/snowflake"}, Source: dea, Region: "US, EU", Innocent: []string{in2(code, "winter, snow", "hiver, neige"), in2(code, "a weather report", "un bulletin météo"), "ski"}},
		{Number: 2, Text: in2(code, "just arrived", "arrivage"), Family: "freshness", Sense: in2(code, "new stock", "nouveau stock"), Weight: 0.7, Entry: Link{"arrivage", "/lexicon/arrivage"}, Source: in2(code, "press survey, 2020", "enquête de presse, 2020"), Innocent: []string{in2(code, "a shop announcing goods", "un commerce qui annonce ses produits")}},
		{Number: 3, Text: "60 €", Family: "price", Sense: in2(code, "usual price of a unit", "prix habituel d’une unité"), Weight: 0.9, Entry: Link{"60 €", "/lexicon/price-60"}, Source: in2(code, "police summary, 2024", "synthèse de police, 2024"), Innocent: []string{in2(code, "any price", "un prix quelconque")}},
		{Number: 4, Text: in2(code, "delivery 24/7", "livraison 24/7"), Family: "delivery", Sense: in2(code, "delivered at any hour", "livré à toute heure"), Weight: 0.8, Entry: Link{"24/7", "/lexicon/delivery"}, Source: in2(code, "press survey, 2020", "enquête de presse, 2020"), Innocent: []string{in2(code, "a restaurant", "un restaurant")}},
		{Number: 5, Text: in2(code, "DM me", "viens MP"), Family: "call", Sense: in2(code, "moves to private messages", "passe en messages privés"), Weight: 0.6, Entry: Link{"MP", "/lexicon/dm"}, Source: dea, Innocent: []string{in2(code, "any seller or friend", "tout vendeur ou ami")}},
		{Number: 6, Text: in2(code, "around", "alentours"), Family: "context", Sense: in2(code, "a place, as in any notice", "un lieu, comme dans toute annonce"), Weight: -0.3, Source: in2(code, "measured", "mesuré")},
		{Number: 7, Text: "🚀", Family: "quality", Sense: in2(code, "strong", "fort"), Weight: 0.1, Source: dea},
		{Number: 8, Text: "🚀", Family: "quality", Sense: in2(code, "strong", "fort"), Weight: 0.05, Source: dea},
	}
}

func sampleAlert(code string) AlertPage {
	a := AlertPage{
		Work: sampleWork(code, "/alerts/alr_12"), ID: "alr_12", Ref: "A-0412", State: "taken", Category: "drugs-offer", Holder: "Maëlle R.", Mine: true,
		Post: Post{Platform: "Telegram", Author: "@nord_express_59", URL: "https://t.example/nord_express_59/88", Tongue: code, Posted: ago(5 * time.Hour), Read: ago(280 * time.Minute), Source: in2(code, "Public groups, north", "Groupes publics, nord"),
			Spans: []Span{{"❄️", []int{1}, "product"}, {" ", nil, ""}, {in2(code, "just arrived", "arrivage"), []int{2}, "freshness"}, {in2(code, " tonight, top quality. ", " ce soir, top qualité. "), nil, ""}, {"60 €", []int{3}, "price"}, {in2(code, " each, 5 for 250. Valombre and ", " l’unité, 5 pour 250. Valombre et "), nil, ""}, {in2(code, "around", "alentours"), []int{6}, "context"}, {", ", nil, ""}, {in2(code, "delivery 24/7", "livraison 24/7"), []int{4}, "delivery"}, {". ", nil, ""}, {in2(code, "DM me", "viens MP"), []int{5}, "call"}, {" 🚀", []int{7, 8}, "quality"}}},
		Signals:   sampleSignals(code),
		Explained: []string{in2(code, "Five signs of four kinds agree: product, price, delivery, call to act.", "Cinq signes de quatre sortes concordent : produit, prix, livraison, incitation.")},
		Mandate:   Link{"M-2026-004", "/mandates/mnd_4"}, Permit: "prm_01J9K2M4", Ends: moment.Add(200 * time.Hour), Copies: 2,
		Verdicts: words("verdict", code, "offer", "recruitment", "unclear", "harmless"), People: []Option{{"w-12", "Veille 12", ""}}, Leads: []Option{{"lead-2", in2(code, "Duty lead 2", "Chef de service 2"), ""}},
		History: []Step{{At: ago(280 * time.Minute), Kind: "act", Text: in2(code, "raised", "levée"), Note: "prm_01J9K2M4"}, {At: ago(200 * time.Minute), Text: in2(code, "taken", "prise en charge"), Who: "Veille 07"}},
		Grade:   sampleGrade(code, "B3"),
		May:     AlertMay{Verdict: true, Minor: true, Second: true, Leave: true, Grade: true, Glass: true},
	}
	for _, s := range a.Signals {
		if s.Weight > 0 {
			a.Score.Parts = append(a.Score.Parts, Part{s.Family, s.Text, s.Weight})
		}
	}
	a.Score.Threshold = 2.5
	return a
}

func sampleMandate(code string) MandatePage {
	return MandatePage{
		Work: sampleWork(code, "/mandates/mnd_4"), ID: "mnd_4", Ref: "M-2026-004", State: "submitted",
		Purpose: in2(code, "Offers of cocaine in public groups of the northern district", "Offres de cocaïne dans des groupes publics du district nord"),
		Basis:   in2(code, "Police Act, section 7; decree 2026-112", "Loi sur la police, article 7 ; décret 2026-112"), BasisSource: "https://lois.valombre.example/7", Act: "PV-2026-112", DPIA: "AIPD-2026-03",
		Necessity:       in2(code, "Three overdoses in September; buyers say they found the seller in public groups.", "Trois overdoses en septembre ; les acheteurs disent avoir trouvé le vendeur dans des groupes publics."),
		Proportionality: in2(code, "Two public groups, one category, six weeks. Posts that do not match are not kept.", "Deux groupes publics, une catégorie, six semaines. Ce qui ne correspond pas n’est pas gardé."),
		Less:            in2(code, "Asking the administrators was tried in October without answer.", "La demande aux administrateurs, en octobre, est restée sans réponse."),
		Sources:         []SourceRow{{Name: in2(code, "Public groups, north", "Groupes publics, nord"), Kind: "feed", State: "waiting"}},
		Categories:      []string{"drugs-offer", "crime-recruitment"}, From: moment, To: moment.Add(1008 * time.Hour), Drafter: "Veille 07",
		History: []Step{{At: ago(30 * time.Hour), Text: in2(code, "drafted", "rédigé"), Who: "Veille 07"}, {At: ago(4 * time.Hour), Kind: "act", Text: in2(code, "submitted", "soumis"), Who: "Veille 07"}},
		May:     MandateMay{Decide: true},
	}
}

func sampleExhibits(code string) []ExhibitRow {
	return []ExhibitRow{{"exh_1", "D-0021/1", "post", in2(code, "Post in a public group", "Publication dans un groupe public"), "9f2c41d7e0b35a86c1f47d20e93b5588a4c6d1f07be2930c5d8e6a1742bb90cf", ago(3 * time.Hour), "good"}}
}

func ledgerRows(code string) []LedgerRow {
	return []LedgerRow{
		{20418, ago(2 * time.Minute), "patrol-03", in2(code, "read conversation", "a lu une conversation"), Link{"C-0146", "/inbox/cnv_02"}, "", "", ""},
		{20417, ago(9 * time.Minute), "patrol-03", in2(code, "answered", "a répondu"), Link{"C-0144", "/inbox/cnv_03"}, "", "", "b41e09"},
		{20416, ago(41 * time.Minute), "lead-01", in2(code, "opened an identity", "a ouvert une identité"), Link{"C-0139", ""}, "", in2(code, "danger to a child", "danger pour un enfant"), "07ac5f"},
		{20415, ago(66 * time.Minute), "watch-07", in2(code, "gave a verdict", "a rendu un verdict"), Link{"A-0412", "/alerts/alr_12"}, "prm_01J9K2M4", "", "e93b11"},
	}
}

func workSamples(code string) map[string]Page {
	w := func(path string) Work { return sampleWork(code, path) }
	tabs := func(base string, names ...string) []Tab {
		var out []Tab
		for i, n := range names {
			out = append(out, Tab{n, 7 - i, base + "?show=" + n})
		}
		return out
	}
	told := sampleWork(code, "/inbox/cnv_02")
	told.Notice = &Notice{"done", in2(code, "Your answer is on its way.", "Votre réponse est partie.")}
	talk := sampleTalkWork(code)
	fresh := sampleTalkWork(code)
	fresh.Work, fresh.DangerWord, fresh.Holder, fresh.Mine, fresh.State, fresh.May = told, in2(code, "knife", "couteau"), "", false, "new", TalkMay{Take: true}
	done := sampleTalkWork(code)
	done.State, done.Waiting, done.Masked, done.Name, done.Contact, done.Revealed, done.Outcome, done.OutcomeAt, done.Until, done.Case, done.May = "closed", 0, false, "Camille", "camille@courriel.example", ago(time.Hour), "referred-station", ago(time.Hour), moment.Add(2160*time.Hour), &Link{"D-0021", "/cases/cas_1"}, TalkMay{Reopen: true}
	wrong := sampleTalkWork(code)
	wrong.Form = Form{Problems: []Problem{{"message", in2(code, "Write an answer.", "Écrivez une réponse.")}, {"outcome", in2(code, "Choose what came of it.", "Choisissez ce qui en est sorti.")}}}
	leaving, decided, heavy := sampleAlert(code), sampleAlert(code), sampleAlert(code)
	leaving.State, leaving.AskedBy, leaving.AskedWhy, leaving.Minor, leaving.May = "leaving", "Veille 07", in2(code, "Case for the drugs unit.", "Dossier pour les stupéfiants."), true, AlertMay{Confirm: true, Case: true}
	decided.State, decided.Verdict, decided.Reason, decided.May, decided.Post.Gone, decided.Signals, decided.Score = "harmless", "harmless", in2(code, "A ski shop.", "Un magasin de ski."), AlertMay{}, in2(code, "The text was erased with the verdict.", "Le texte a été effacé avec le verdict."), nil, ScoreBar{}
	heavy.Post.Heavy, heavy.Case, heavy.Mine, heavy.May = true, &Link{"D-0021", "/cases/cas_1"}, false, AlertMay{Take: true}
	live, own := sampleMandate(code), sampleMandate(code)
	live.State, live.Left, live.Decider, live.Decided, live.Reasons, live.May = "approved", 900*time.Hour, in2(code, "Mandate authority", "Autorité de mandat"), ago(100*time.Hour), in2(code, "Limited in place and time; approved.", "Limité en lieu et en temps ; approuvé."), MandateMay{Decide: true, Suspend: true, Resume: true}
	live.Read = MandateRead{Posts: 21480, Alerts: 131, Confirmed: 46, Harmless: 74, Cases: 9, Gaps: 12, Until: moment, Judged: Precision{Right: 46, Harmless: 74, Share: .383, Low: .301, High: .472}}
	live.Certificate = &Link{in2(code, "Certificate of lapse", "Attestation d’échéance"), "/certificates/crt_1"}
	live.Languages, live.Volume, live.Review, live.ReviewLate = []string{in2(code, "French", "français")}, 100000, ago(time.Hour), true
	live.Excluded = []string{in2(code, "opinions", "opinions"), in2(code, "the press", "la presse")}
	live.Stopped, live.Territory, live.RenewalOf, live.Before, live.Renewals = in2(code, "Sources looked at.", "Sources revues."), "Valombre", &Link{"M-2026-001", "/mandates/mnd_1"}, live.Read, []Link{{"M-2026-009", "/mandates/mnd_9"}}
	live.May.Renew = true
	own.May, own.Read.Hidden = MandateMay{Decide: true, Suspend: true}, true
	prepared := RightsDecisionPage{Work: w("/rights/rgt_1"), ID: "rgt_1", Ref: "R-0031", Right: "erase", State: "prepared", Text: in2(code, "Please erase what I wrote in October.", "Merci d’effacer ce que j’ai écrit en octobre."), Reach: in2(code, "return code", "code de retour"), Came: ago(200 * time.Hour), Due: moment.Add(500 * time.Hour),
		Found: []FoundData{{"conversation", Link{"C-0102", "/inbox/cnv_09"}, ""}, {"exhibit", Link{"D-0019/2", "/exhibits/exh_9"}, in2(code, "evidence in a running case", "preuve dans un dossier en cours")}}, Decisions: words("decision", code, "erase", "restrict", "refuse"),
		Prepared: &Prepared{"restrict", in2(code, "The message is evidence; the rest can go.", "Le message est une preuve ; le reste peut partir."), "Maëlle R.", ago(20 * time.Hour), "8c41d2"}, May: RightsMay{Confirm: true}}
	toPrepare, erased := prepared, prepared
	toPrepare.Prepared, toPrepare.State, toPrepare.May, toPrepare.Late = nil, "received", RightsMay{Prepare: true}, true
	erased.State, erased.Decision, erased.Reasons, erased.Decided, erased.Decider, erased.Proof, erased.May = "erased", "erase", in2(code, "No hold.", "Aucune conservation."), ago(time.Hour), "DPD", &Link{in2(code, "Certificate of erasure", "Attestation d’effacement"), "/certificates/crt_2"}, RightsMay{}
	options := []Option{{"a", in2(code, "First", "Premier"), ""}, {"b", in2(code, "Second", "Second"), in2(code, "with a hint", "avec une aide")}}
	cert := CertificatePage{Work: w("/certificates/crt_1"), ID: "crt_1", Kind: "lapse", Title: in2(code, "Mandate M-2026-003 has lapsed", "Le mandat M-2026-003 est échu"), At: ago(50 * time.Hour), Leaf: "e93b11c07a…", Facts: []Fact{{in2(code, "Alerts purged", "Alertes purgées"), "11"}, {in2(code, "Keys destroyed", "Clés détruites"), "11"}}, Text: "ronde certificate\nmandate M-2026-003\npurged 11\nkeys destroyed 11"}

	return map[string]Page{
		"work-signin":          SignInPage{Work: w("/sign-in"), Form: Form{Values: map[string]string{"name": "maelle.r"}}},
		"work-code":            CodePage{Work: w("/sign-in/code"), Form: Form{Problems: []Problem{{"code", in2(code, "This code is not right. Wait for the next one.", "Ce code n’est pas le bon. Attendez le suivant.")}}}},
		"work-enrol":           EnrolPage{Work: w("/enrol"), Secret: "JBSW Y3DP EHPK 3PXP KRSX G5BA"},
		"work-dashboard":       DashboardPage{Work: w("/"), Now: moment, Duty: samplePortal(code, "/").Duty, Urgent: sampleInbox(code)[:1], Tiles: []WorkTile{{"inbox", 2, "/inbox", true}, {"mine", 2, "/inbox?show=mine", false}, {"alerts", 4, "/alerts", false}, {"decide", 1, "/mandates?show=waiting", false}, {"rights", 2, "/rights", false}}, Tasks: []Task{{"rights-confirm", "R-0031", "/rights/rgt_1", moment.Add(500 * time.Hour), false}, {"alert-confirm", "A-0412", "/alerts/alr_12", ago(time.Hour), true}}, Ends: []Task{{"mandate-end", "M-2026-003", "/mandates/mnd_3", moment.Add(90 * time.Hour), false}}, Health: []Fact{{in2(code, "Ledger", "Journal"), in2(code, "verified, 20,418 events", "vérifié, 20 418 événements")}}},
		"work-dashboard-empty": DashboardPage{Work: w("/"), Now: moment},
		"work-inbox":           InboxPage{Work: w("/inbox"), Show: "open", Rows: sampleInbox(code), Waiting: 2, Longest: 26 * time.Minute, Tabs: tabs("/inbox", "open", "mine", "answered", "closed"), Pager: Pager{Next: "/inbox?after=cnv_05", Prev: "/inbox"}},
		"work-inbox-empty":     InboxPage{Work: w("/inbox"), Show: "mine", Tabs: tabs("/inbox", "open", "mine")},
		"work-talk":            talk, "work-talk-new": fresh, "work-talk-closed": done, "work-talk-wrong": wrong,
		"work-alerts": AlertsPage{Work: w("/alerts"), Show: "new", Tabs: tabs("/alerts", "new", "mine", "second", "leaving", "decided"), Categories: words("category", code, "drugs-offer", "crime-recruitment", "violence-for-hire"), Rows: []AlertRow{
			{ID: "alr_13", Ref: "A-0413", Excerpt: in2(code, "300 a day · lookout · no check ever", "300 par jour · guetteur · jamais contrôlé"), Category: "crime-recruitment", State: "new", Source: in2(code, "Job channels", "Canaux d’emploi"), Families: []string{in2(code, "role sought", "rôle"), in2(code, "reward", "gain")}, Seen: ago(20 * time.Minute), Age: 20 * time.Minute, Minor: true},
			{ID: "alr_12", Ref: "A-0412", Excerpt: in2(code, "❄️ · just arrived · 60 € · delivery 24/7", "❄️ · arrivage · 60 € · livraison 24/7"), Category: "drugs-offer", State: "taken", Source: in2(code, "Public groups, north", "Groupes publics, nord"), Families: []string{"product", "price", "delivery", "call"}, Seen: ago(5 * time.Hour), Age: 5 * time.Hour, Holder: "Veille 07"}}},
		"work-alerts-empty": AlertsPage{Work: w("/alerts"), Show: "new", Tabs: tabs("/alerts", "new")},
		"work-alert":        sampleAlert(code), "work-alert-leaving": leaving, "work-alert-harmless": decided, "work-alert-heavy": heavy,
		"work-paste":       PastePage{Work: w("/paste"), Mandates: []Option{{"mnd_4", "M-2026-004", ""}}, Platforms: words("channel", code, "telegram", "instagram"), Form: Form{Values: map[string]string{"text": "❄️"}}, Result: &PasteResult{Near: true, Signals: sampleSignals(code)[:1]}},
		"work-paste-alert": PastePage{Work: w("/paste"), Result: &PasteResult{Alert: &Link{"A-0414", "/alerts/alr_14"}}}, "work-paste-nothing": PastePage{Work: w("/paste"), Result: &PasteResult{}},
		"work-archive": ArchivePage{Work: w("/archive"), MaxGB: 4, Mandates: []Option{{"mnd_4", "M-2026-004", ""}}, Kinds: words("archivekind", code, "warc", "wacz", "telegram", "mastodon", "x", "csv"),
			Result: &ArchiveResult{Read: 18_204, Flagged: 12, Reposts: 3, Before: 4096, NotRead: 31, Refused: 2, Left: []ArchiveLeft{{"media", 911}, {"private", 40}}, Broke: in2(code, "The file is cut short. What was judged before is safe.", "Le fichier est tronqué. Ce qui a été jugé avant est acquis.")}},
		"work-archive-wrong": ArchivePage{Work: w("/archive"), MaxGB: 4, Mandates: []Option{{"mnd_4", "M-2026-004", ""}}, Kinds: words("archivekind", code, "warc"), Form: Form{Problems: []Problem{{"file", in2(code, "Choose a file to send.", "Choisissez un fichier à envoyer.")}}}},
		"work-archive-empty": ArchivePage{Work: w("/archive")}, "work-archive-unsaid": ArchivePage{Work: w("/archive"), Result: &ArchiveResult{Read: 2, Unsaid: true}},
		"work-mandates":       MandatesPage{Work: w("/mandates"), Show: "live", Draft: true, Tabs: tabs("/mandates", "live", "waiting", "draft", "ended"), Rows: []MandateRow{{"mnd_4", "M-2026-004", sampleMandate(code).Purpose, "approved", []string{"drugs-offer"}, ago(100 * time.Hour), moment.Add(900 * time.Hour), "Veille 07", false}, {"mnd_3", "M-2026-003", in2(code, "Recruitment of lookouts in job channels", "Recrutement de guetteurs dans des canaux d’emploi"), "suspended", []string{"crime-recruitment"}, ago(900 * time.Hour), moment.Add(90 * time.Hour), "Veille 12", true}, {"mnd_5", "M-2026-005", in2(code, "Fake police accounts", "Faux comptes de police"), "submitted", []string{"police-impersonation"}, moment, moment.Add(600 * time.Hour), "Veille 07", false}, {"mnd_1", "M-2026-001", in2(code, "Fraud offers, spring", "Offres de fraude, printemps"), "lapsed", []string{"fraud-offer"}, ago(4000 * time.Hour), ago(2000 * time.Hour), "Veille 07", false}}},
		"work-mandates-empty": MandatesPage{Work: w("/mandates"), Show: "live"},
		"work-mandatedraft":   MandateDraftPage{Work: w("/mandates/new"), Action: "/mandates/new", LongestDay: 90, Bases: options, Sources: options, Categories: words("category", code, "drugs-offer", "crime-recruitment", "violence-for-hire", "fraud-offer"), Excluded: []string{in2(code, "opinions", "les opinions"), in2(code, "protests", "les manifestations"), in2(code, "the press", "la presse"), in2(code, "faith", "la foi")}, Form: Form{Values: map[string]string{"purpose": sampleMandate(code).Purpose, "categories=drugs-offer": "on", "to": "2027-05-01"}, Problems: []Problem{{"to", in2(code, "A mandate lasts 90 days at most.", "Un mandat dure 90 jours au plus.")}, {"categories", in2(code, "Choose at least one.", "Choisissez-en au moins une.")}}}},
		"work-mandate":        sampleMandate(code), "work-mandate-live": live, "work-mandate-own": own,
		"work-sources": SourcesPage{Work: w("/sources"), Add: true, Kinds: words("sourcekind", code, "feed", "stream"), Mandates: []Option{{"mnd_4", "M-2026-004", ""}}, NewKey: &NewKey{in2(code, "Partner system", "Système partenaire"), "rk_7f3k2m9qx4w8t1c6v5z0"}, Rows: []SourceRow{
			{"src_1", in2(code, "Public groups, north", "Groupes publics, nord"), "feed", "https://flux.example/nord.atom", "reading", "", Link{"M-2026-004", "/mandates/mnd_4"}, ago(3 * time.Minute), 18210, 12, "", true, false},
			{"src_2", in2(code, "Partner system", "Système partenaire"), "stream", "", "reading", "", Link{"M-2026-004", "/mandates/mnd_4"}, ago(time.Minute), 3270, 0, "v5z0", true, false},
			{"src_3", in2(code, "Old feed", "Ancien flux"), "feed", "https://flux.example/vieux.rss", "failing", in2(code, "answers with 404", "répond 404"), Link{}, ago(90 * time.Hour), 0, 0, "", false, true}, {"src_4", "Reserve", "feed", "https://flux.example/r.rss", "waiting", "", Link{}, time.Time{}, 0, 0, "", false, false}}},
		"work-sources-empty": SourcesPage{Work: w("/sources")},
		"work-cases":         CasesPage{Work: w("/cases"), Show: "open", Tabs: tabs("/cases", "open", "mine", "closed"), Rows: []CaseRow{{"cas_1", "D-0021", in2(code, "Offers in public groups, north", "Offres dans des groupes publics, nord"), "held", "drugs-offer", "Inv-04", false, 1, ago(3 * time.Hour), ago(time.Hour), moment.Add(4000 * time.Hour)}, {"cas_2", "D-0019", in2(code, "Lookouts hired in a game", "Guetteurs recrutés dans un jeu"), "open", "crime-recruitment", "", false, 2, ago(300 * time.Hour), ago(90 * time.Hour), time.Time{}}}},
		"work-cases-empty":   CasesPage{Work: w("/cases"), Show: "mine"},
		"work-case": CasePage{Work: w("/cases/cas_1"), ID: "cas_1", Ref: "D-0021", Title: in2(code, "Offers in public groups, north", "Offres dans des groupes publics, nord"), State: "open", Category: "drugs-offer", Basis: "PV-2026-112", Origin: "alert", From: Link{"A-0412", "/alerts/alr_12"}, Holder: "Maëlle R.", Mine: true, Unit: in2(code, "Drugs unit", "Stupéfiants"), Opened: ago(3 * time.Hour), Review: moment.Add(4000 * time.Hour), Exhibits: sampleExhibits(code),
			Holds: []Hold{{in2(code, "Evidence for the prosecutor", "Preuve pour le parquet"), "Inv-04", ago(2 * time.Hour), moment.Add(4000 * time.Hour), false}}, Notes: []Note{{"fact", in2(code, "The same handle appears in D-0017.", "Le même identifiant figure dans D-0017."), "Inv-04", ago(time.Hour)}, {"view", in2(code, "Probably one seller with two accounts.", "Sans doute un vendeur avec deux comptes."), "Inv-04", ago(time.Hour)}}, Officers: options,
			History: []Step{{At: ago(3 * time.Hour), Kind: "act", Text: in2(code, "opened from A-0412", "ouvert depuis A-0412"), Who: "Inv-04", Href: "/alerts/alr_12"}, {At: ago(3 * time.Hour), Kind: "done", Text: in2(code, "exhibit 1 sealed", "pièce 1 scellée"), Note: "SHA-256 9f2c41d7…"}}, May: CaseMay{true, true, true, true, true}},
		"work-case-empty": CasePage{Work: w("/cases/cas_2"), ID: "cas_2", Ref: "D-0019", Title: "D-0019", State: "open", Category: "fraud-offer", Origin: "conversation", Opened: ago(time.Hour)},
		"work-exhibit": ExhibitPage{Work: w("/exhibits/exh_1"), ID: "exh_1", Number: "D-0021/1", Case: Link{"D-0021", "/cases/cas_1"}, Kind: "post", Title: in2(code, "Post in a public group", "Publication dans un groupe public"), Text: in2(code, "❄️ just arrived tonight, top quality. 60 € each", "❄️ arrivage ce soir, top qualité. 60 € l’unité"), Why: in2(code, "You are assigned to D-0021.", "Vous êtes affecté à D-0021."), SHA256: sampleExhibits(code)[0].SHA256, Size: 1843, Media: "application/json", Sealed: ago(3 * time.Hour), Taken: ago(5 * time.Hour), Source: in2(code, "Public groups, north", "Groupes publics, nord"), URL: "https://t.example/nord_express_59/88", By: "watch-07", Permit: "prm_01J9K2M4", Mandate: Link{"M-2026-004", "/mandates/mnd_4"}, Grade: in2(code, "feed copy, no picture of the page", "copie du flux, sans image de la page"), Verify: "good", Bytes: "/exhibits/exh_1/bytes",
			Custody: []Step{{At: ago(5 * time.Hour), Kind: "act", Text: in2(code, "taken from the feed", "prise du flux"), Who: "watch-07"}, {At: ago(3 * time.Hour), Kind: "done", Text: in2(code, "sealed", "scellée"), Who: "inv-04", Note: "prm_01J9K2M4"}, {At: ago(time.Hour), Text: in2(code, "looked at", "consultée"), Who: "inv-04"}}},
		"work-officials":       OfficialsPage{Work: w("/officials"), Edit: true, People: options, Holders: options, Units: options, Channels: words("channel", code, "instagram", "discord", "twitch"), Languages: words("language", code, "fr", "en", "ar"), Officers: []OfficialOfficer{{"off_1", sampleOfficers(code)[0], "VAL-2291", "published", ago(9000 * time.Hour), true}, {"off_2", sampleOfficers(code)[2], "", "draft", time.Time{}, false}}, Accounts: append(sampleAccounts(code), Account{ID: "acc_9", Channel: "facebook", Handle: "PoliceValombre", State: "withdrawn"})},
		"work-officials-empty": OfficialsPage{Work: w("/officials")},
		"work-people":          PeoplePage{Work: w("/people"), Edit: true, Password: &NewKey{"Inès T.", "corde-lune-vitre-pollen-42"}, Roles: words("role", code, "patrol-officer", "duty-lead", "watch-analyst", "mandate-authority", "auditor", "administrator"), Units: options, Rows: []Person{{"usr_1", "maelle.r", "Maëlle R.", in2(code, "Online patrol", "Patrouille en ligne"), []string{"patrol-officer", "duty-lead"}, "active", true, false}, {"usr_2", "ines.t", "Inès T.", in2(code, "Online patrol", "Patrouille en ligne"), []string{"patrol-officer"}, "active", false, false}, {"usr_3", "admin", "Admin", "", []string{"administrator"}, "active", true, true}, {"usr_4", "paul.d", "Paul D.", "", []string{"watch-analyst"}, "suspended", true, false}}},
		"work-unmask":          UnmaskPage{Work: w("/handles"), Ask: true, Answer: &Opened{Handle: "P-1", Name: "Noor V.", Login: "noor", Email: "noor@example.org"}, Rows: []UnmaskRow{{ID: "unm_1", Handle: "P-24799", Asker: "A-88364", Reason: "Plainte 12", State: "asked", Expires: moment, Confirm: true}}},
		"work-account":         AccountPage{Work: w("/account"), Second: true, Changed: ago(2000 * time.Hour), Least: 12, Sessions: []Session{{"ses_1", ago(3 * time.Hour), ago(time.Minute), in2(code, "Firefox on Linux", "Firefox sous Linux"), true}, {"ses_2", ago(30 * time.Hour), ago(20 * time.Hour), in2(code, "Chrome on Android", "Chrome sous Android"), false}}, Form: Form{Problems: []Problem{{"old", in2(code, "This is not your present password.", "Ce n’est pas votre mot de passe actuel.")}}}},
		"work-search":          SearchPage{Work: w("/search"), Query: "gare", Wide: true, Hits: []Hit{{"conversation", "C-0146", "/inbox/cnv_02", in2(code, "open", "ouverte"), ago(26 * time.Hour)}, {"case", "D-0021", "/cases/cas_1", "", ago(3 * time.Hour)}}},
		"work-search-empty":    SearchPage{Work: w("/search"), Query: "zzz"},
		"work-rights":          RightsQueuePage{Work: w("/rights"), Show: "open", Tabs: tabs("/rights", "open", "closed"), Rows: []RightsRow{{"rgt_2", "R-0029", "access", "received", ago(800 * time.Hour), ago(80 * time.Hour), true, ""}, {"rgt_1", "R-0031", "erase", "prepared", ago(200 * time.Hour), moment.Add(500 * time.Hour), false, "Maëlle R."}}},
		"work-rights-empty":    RightsQueuePage{Work: w("/rights"), Show: "open"},
		"work-right":           prepared, "work-right-new": toPrepare, "work-right-erased": erased,
		"work-audit":           AuditPage{Work: w("/audit"), Verbs: options, Rows: ledgerRows(code), Verify: VerifyState{State: "self", Size: 20418, Pending: 1, Root: "q2mN8rU5bq1c0b8x2VtA4nT0eJr5rV9b1bXo7Ck3x9E=", Signed: ago(time.Minute)}},
		"work-audit-bad":       AuditPage{Work: w("/audit"), Verify: VerifyState{State: "bad", Bad: in2(code, "Event 20,101: the row no longer fits its leaf.", "Événement 20 101 : la ligne ne correspond plus à sa feuille.")}},
		"work-certificates":    CertificatesPage{Work: w("/certificates"), Rows: []CertificateRow{{"crt_1", "lapse", cert.Title, 11, ago(50 * time.Hour), 20011}, {"crt_2", "erasure", "C-0102", 0, ago(time.Hour), 20409}}},
		"work-certificates-no": CertificatesPage{Work: w("/certificates")},
		"work-certificate":     cert,
		"work-registers":       RegistersPage{Work: w("/registers"), Entries: sampleRegister(code)},
		"work-law":             LawPage{Work: w("/law"), Profile: "Valombre", Version: "2026-10", Review: moment.Add(2000 * time.Hour), Lines: []LawLine{{in2(code, "Watch public places", "Veille de lieux publics"), "mandate-authority", in2(code, "90 days", "90 jours"), in2(code, "Police Act, section 7", "Loi sur la police, article 7"), "https://lois.valombre.example/7", ago(2000 * time.Hour), false}, {in2(code, "Acquire under a legend", "Acquérir sous légende"), "magistrate", in2(code, "per act", "par acte"), "CPP 230-46", "", ago(9000 * time.Hour), true}}, Excluded: []string{in2(code, "opinions and protests", "opinions et manifestations"), in2(code, "press and sources", "presse et sources"), in2(code, "faith", "foi")}},
		"work-error-denied":    WorkErrorPage{Work: w("/people"), Kind: "denied"},
		"work-error-broken":    WorkErrorPage{Work: w("/people"), Kind: "broken", Ref: "7F3K-22", Back: "/inbox"},
		"work-error-conflict":  WorkErrorPage{Work: w("/people"), Kind: "conflict"},
		"work-error-busy":      WorkErrorPage{Work: w("/people"), Kind: "unavailable", Again: time.Minute},
	}
}
