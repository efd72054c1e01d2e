package view

import "time"

func sampleGrade(code string, value string) Grade {
	g := Grade{}
	if value != "" {
		g = Grade{Value: value, System: in2(code, "Admiralty system", "Système de l’Amirauté"), Source: in2(code, "usually reliable", "habituellement fiable"), Information: in2(code, "possibly true", "peut-être vraie")}
	}
	g.Scales = []GradeScale{{in2(code, "Admiralty system", "Système de l’Amirauté"), []Option{{"admiralty A", "A · " + in2(code, "completely reliable", "totalement fiable"), ""}}, []Option{{"admiralty 1", "1 · " + in2(code, "confirmed", "confirmée"), ""}}}}
	return g
}

// watchSamples are the pages of what one person lets out alone, and of the
// lexicon.
func watchSamples(code string) map[string]Page {
	w := func(path string) Work { return sampleWork(code, path) }
	why := in2(code, "He names the girl, the school gate and the hour; nobody of the leads answers.", "Il nomme la fille, le portail du collège et l’heure ; aucun chef ne répond.")
	leads := words("destination", code, "case", "notice")
	late := GlassRow{ID: "ale_1", Ref: "A-0412", Href: "/alerts/ale_1", Category: "violence-for-hire", To: "case", Grade: "B2", By: "W-17", At: ago(30 * time.Hour), Due: ago(6 * time.Hour), Late: true, Reason: why}
	soon := GlassRow{ID: "ale_2", Ref: "A-0413", Category: "crime-recruitment", To: "case", Grade: "F6", By: "W-18", At: ago(time.Hour), Due: moment.Add(23 * time.Hour), Left: 23 * time.Hour, Reason: why, Own: true}
	done := late
	done.Reviewer, done.Reviewed, done.Review = "A-03", ago(time.Hour), in2(code, "Justified.", "Justifié.")
	broken := BreakPage{Work: w("/alerts/ale_1/glass"), ID: "ale_1", Ref: "A-0412", Category: "violence-for-hire", Grade: sampleGrade(code, "B3"), Leads: leads, Hours: 24, Letters: 20}
	wrong := broken
	wrong.Grade, wrong.Form = sampleGrade(code, ""), Form{Problems: []Problem{{"danger", in2(code, "For danger to life only.", "Pour un danger de mort seulement.")}, {"reason", in2(code, "Say more.", "Dites-en plus.")}}}
	good := Precision{Right: 41, Harmless: 17, Unclear: 4, Share: .707, Low: .581, High: .808}
	bad := Precision{Right: 3, Harmless: 22, Share: .12, Low: .042, High: .3}
	rare := Precision{Right: 2, Harmless: 1, Share: .667, Low: .208, High: .939, Few: true}
	category := func(names ...string) (out []PrecisionRow) {
		for i, o := range words("category", code, names...) {
			out = append(out, PrecisionRow{o.Label, "", []Precision{good, bad, rare}[i%3]})
		}
		return out
	}
	chart := func(id, title string, rows []PrecisionRow) IntervalChart {
		return IntervalChart{ID: id, Title: title, Text: in2(code, "The line is where the true share lies in 95 of 100 cases.", "Le trait dit où la vraie part se trouve dans 95 cas sur 100."), Head: in2(code, "Category", "Catégorie"), Rows: rows}
	}
	rows := []EntryRow{
		{Href: "/lexicon/entry?id=mul/a", Text: "❄️", Tongue: "mul", Category: "drugs-offer", Family: in2(code, "product", "produit"), Sense: "cocaine", Trust: in2(code, "police or public body", "police ou organisme public"), Weight: 1.2, Precision: good, Last: "2026-11-20"},
		{Href: "/lexicon/entry?id=fr/b", Text: "arrivage", Tongue: "fr", Region: "FR", Category: "drugs-offer", Family: in2(code, "freshness", "fraîcheur"), Sense: "arrival", Trust: in2(code, "not verified", "non vérifié"), Weight: .7, Precision: rare, Last: "2026-02-03", Stale: true},
		{Href: "/lexicon/entry?id=fr/c", Text: "zibeline", Tongue: "fr", Category: "drugs-offer", Family: in2(code, "product", "produit"), Sense: "powder", Trust: in2(code, "not verified", "non vérifié"), Weight: .5, Precision: Precision{High: 1, Few: true, None: true}, Local: true}}
	all := []Option{{"", in2(code, "All", "Toutes"), ""}, {"drugs-offer", in2(code, "drugs offer", "offre de stupéfiants"), ""}}
	entry := EntryPage{Work: w("/lexicon/entry?id=mul"), ID: "mul/drugs-offer/product/❄️", Text: "❄️", Tongue: "mul", Region: "US, EU", Platform: "snapchat", Category: "drugs-offer", Family: in2(code, "product", "produit"),
		Sense: "cocaine", Strength: 1, Weight: 1.2, Source: "dea-emoji", SourceA: "https://guide.example/", SourceDate: "2022-05", Trust: in2(code, "police or public body", "police ou organisme public"), Confidence: "high", FirstSeen: "2021", LastSeen: "2025", Reviewer: "W-12", File: "entries/mul/drugs-offer.txt",
		Innocent: []Innocent{{in2(code, "winter, snow", "hiver, neige"), in2(code, "ski, weather", "ski, météo")}}, Precision: good, By: chart("by", "❄️", category("drugs-offer", "fraud-offer")), Alerts: 74, First: "2026-03-02", Last: "2026-11-20", StaleDays: 180, Proposal: &Link{"P-12", "/lexicon/proposals/pro_1"}}
	fresh := entry
	fresh.Precision, fresh.By, fresh.Alerts, fresh.Innocent, fresh.Stale, fresh.Proposal, fresh.Reviewer = Precision{None: true, Few: true}, IntervalChart{}, 0, nil, false, nil, ""
	old := entry
	old.Precision, old.Stale = rare, true
	onTrial := ProposalPage{Work: w("/lexicon/proposals/pro_1"), ID: "pro_1", State: "trial", Text: "zibeline", Sense: "powder", Tongue: "fr", Category: "drugs-offer", Family: in2(code, "product", "produit"), Innocent: entry.Innocent,
		Evidence: in2(code, "Beside “arrivage” in three confirmed alerts, and in a press survey of October.", "À côté d’« arrivage » dans trois alertes confirmées, et dans une enquête de presse d’octobre."), By: "W-17", At: ago(300 * time.Hour), Reviewer: "W-18",
		Trial: Trial{Began: ago(100 * time.Hour), Until: moment.Add(68 * time.Hour), Posts: 812, Hits: 3, Flagged: 1, MorePosts: 188, Days: 7, Need: 1000}, History: []Step{{At: ago(300 * time.Hour), Text: in2(code, "proposed a lexicon entry", "a proposé une entrée"), Who: "W-17"}}, May: ProposalMay{Refuse: true}}
	ready, asked, live, own := onTrial, onTrial, onTrial, onTrial
	ready.Trial.Ready, ready.Trial.MorePosts, ready.May = true, 0, ProposalMay{Live: true, Refuse: true}
	asked.State, asked.Trial, asked.May, asked.Form = "proposed", Trial{}, ProposalMay{Review: true}, Form{Problems: []Problem{{"reason", in2(code, "Please fill this in.", "Merci de remplir ce champ.")}}}
	live.State, live.May, live.Entry = "live", ProposalMay{Retire: true}, &Link{in2(code, "The entry", "L’entrée"), "/lexicon/entry?id=fr"}
	own.May = ProposalMay{Own: true}
	proposal := ProposalRow{"pro_1", "zibeline", "powder", "fr", "drugs-offer", in2(code, "product", "produit"), "trial", "W-17", ago(300 * time.Hour), 812, 3, false, false}
	mine := proposal
	mine.State, mine.Mine, mine.Retires = "proposed", true, true
	retiring, retired := asked, live
	retiring.Retires, retired.Retires = true, true
	entry.Retire = true
	tabsOf := []Tab{{Name: "new", Href: "/lexicon/proposals?show=new", Count: 1}, {Name: "trial", Href: "/lexicon/proposals?show=trial", Count: 1}}
	weeks := StackChart{ID: "weeks", Title: in2(code, "Verdicts by week", "Verdicts par semaine"), Text: in2(code, "Weeks of the calendar.", "Semaines du calendrier."), Head: in2(code, "Week", "Semaine")}
	for _, o := range words("verdict", code, "offer", "recruitment", "unclear", "harmless") {
		weeks.Parts = append(weeks.Parts, o.Label)
	}
	for i := range 12 {
		weeks.Steps = append(weeks.Steps, StackStep{Name: string(rune('A' + i)), Full: in2(code, "Week ", "Semaine ") + string(rune('A'+i)), Values: []int{i * 3, i % 3, i % 5, (i * 7) % 20}})
	}
	stale := []StaleRow{{"arrivage", "/lexicon/entry?id=fr/b", "fr", 31, "2026-02-03"}, {"teuch", "", "fr", 4, "2025-12-30"}}
	measured, unmeasured, record := sampleRegister(code)[0], sampleRegister(code)[0], sampleRegister(code)[0]
	measured.Until, measured.Categories, measured.Languages = "2026-08-23", chart("c", in2(code, "Precision by category", "Précision par catégorie"), category("drugs-offer", "fraud-offer")), chart("l", in2(code, "Precision by language", "Précision par langue"), category("drugs-offer"))
	unmeasured.ID, unmeasured.Name, unmeasured.Until = "other", in2(code, "Another one", "Une autre"), "2026-08-23"
	record.ID, record.Name, record.Href, record.Status = "man_1", "M-2026-004", "/mandates/man_1", "evaluation"
	return map[string]Page{
		"work-registers-mandates":  RegistersPage{Work: w("/registers"), Entries: []RegisterEntry{measured}, Mandates: []RegisterEntry{record}},
		"portal-register-measured": RegisterPage{Portal: samplePortal(code, "/register"), Entries: []RegisterEntry{measured, unmeasured}},
		"work-lexicon":             LexiconPage{Work: w("/lexicon"), Query: "", Languages: all, Categories: all, Families: all, Shows: all, Entries: rows, Found: 412, Version: "9f2c41d7e0b3", Waiting: 2, Propose: true, Pager: Pager{Next: "/lexicon?after=x"}},
		"work-lexicon-empty":       LexiconPage{Work: w("/lexicon"), Query: "zzz", Languages: all, Categories: all, Families: all, Shows: all, Version: "9f2c41d7e0b3"},
		"work-entry":               entry, "work-entry-fresh": fresh, "work-entry-stale": old,
		"work-proposals": ProposalsPage{Work: w("/lexicon/proposals"), Show: "trial", Tabs: tabsOf, Rows: []ProposalRow{proposal, mine}, Propose: true},
		"work-candidates": CandidatesPage{Work: w("/lexicon/candidates"), Least: 3, Beside: 5, Rows: []CandidateRow{
			{Text: "zibeline", Tongue: "fr", Category: "drugs-offer", Offers: 6, OfOffers: 8, Others: 0, OfOthers: 41, Beside: []string{in2(code, "product", "produit"), in2(code, "price", "prix")}, Propose: "/lexicon/proposals/new?text=zibeline"},
			{Text: "🦓", Category: "crime-recruitment", Offers: 4, OfOffers: 12, Others: 1, OfOthers: 41, Beside: []string{in2(code, "task", "tâche")}, Propose: "/lexicon/proposals/new?text=%F0%9F%A6%93"}}},
		"work-candidates-none": CandidatesPage{Work: w("/lexicon/candidates"), Least: 3, Beside: 5},
		"work-proposals-none":  ProposalsPage{Work: w("/lexicon/proposals"), Show: "new", Tabs: tabsOf},
		"work-propose":         ProposePage{Work: w("/lexicon/proposals/new"), Languages: all[1:], Categories: all[1:], Families: all[1:], Days: 7, Posts: 1000},
		"work-propose-wrong":   ProposePage{Work: w("/lexicon/proposals/new"), Languages: all[1:], Categories: all[1:], Families: all[1:], Days: 7, Posts: 1000, Form: Form{Values: map[string]string{"text": "neige"}, Problems: []Problem{{"text", in2(code, "The lexicon has this entry already.", "Le lexique a déjà cette entrée.")}}}},
		"work-proposal":        onTrial, "work-proposal-ready": ready, "work-proposal-asked": asked, "work-proposal-live": live, "work-proposal-own": own, "work-proposal-retiring": retiring, "work-proposal-retired": retired,
		"work-methods":        MethodsPage{Work: w("/lexicon/figures"), Categories: chart("by-category", in2(code, "Precision by category", "Précision par catégorie"), category("drugs-offer", "crime-recruitment", "violence-for-hire", "fraud-offer")), Languages: chart("by-language", in2(code, "Precision by language", "Précision par langue"), category("drugs-offer", "fraud-offer")), Weeks: weeks, Worst: []PrecisionRow{{"boss", "/lexicon/entry?id=fr/boss", bad}}, Stale: stale, StaleDays: 180, Few: 10, CSV: "/lexicon/figures.csv"},
		"work-methods-empty":  MethodsPage{Work: w("/lexicon/figures"), Categories: chart("by-category", "Precision by category", nil), Languages: chart("by-language", "Precision by language", nil), Weeks: StackChart{ID: "weeks", Title: "Verdicts by week"}, StaleDays: 180, Few: 10, CSV: "/lexicon/figures.csv"},
		"work-bulletin":       BulletinPage{Work: w("/lexicon/bulletin"), Day: "2026-11-21", Version: "9f2c41d7e0b3", Entries: 412, Few: 10, Categories: chart("c", in2(code, "Precision by category", "Précision par catégorie"), category("drugs-offer", "fraud-offer")), Languages: chart("l", in2(code, "Precision by language", "Précision par langue"), nil), Codes: chart("d", in2(code, "Precision of codes", "Précision des codes"), []PrecisionRow{{"neige", "", good}}), Stale: stale, Changes: []ChangeRow{{"zibeline", "live", "2026-11-02"}}},
		"work-bulletin-empty": BulletinPage{Work: w("/lexicon/bulletin"), Day: "2026-11-21", Version: "9f2c41d7e0b3", Entries: 412, Few: 10, Categories: chart("c", "Precision by category", nil), Languages: chart("l", "Precision by language", nil), Codes: chart("d", "Precision of codes", nil)},
		"work-break":          broken, "work-break-wrong": wrong,
		"work-glass":      GlassPage{Work: w("/glass"), Waiting: []GlassRow{late, soon}, Done: []GlassRow{done}},
		"work-glass-none": GlassPage{Work: w("/glass")},
	}
}
