package view

import "time"

func sampleLines() []LineRow {
	return []LineRow{
		{Name: "chat-nord", Kind: "telegram", Account: "@patrouille_valombre_bot", Alarm: "unreachable", Received: ago(26 * time.Hour), Passed: ago(40 * time.Minute), Failing: ago(31 * time.Minute), Waiting: 3, Keep: 30},
		{Name: "page", Kind: "facebook", Account: "Patrouille de Valombre", Alarm: "ends", Received: ago(3 * time.Minute), Passed: ago(2 * time.Minute), Expires: ago(-5 * 24 * time.Hour), Keep: 30},
		{Name: "mail-fr", Kind: "mail", Account: "patrouille@valombre.example", Received: ago(12 * time.Minute), Passed: ago(time.Minute), Keep: 90},
		{Name: "direct", Kind: "twitch", Account: "valombre_en_direct", Passed: ago(4 * time.Minute), Keep: 7},
	}
}

// lineSamples are the channels, and a conversation that came by one.
func lineSamples(code string) map[string]Page {
	talk := sampleTalkWork(code)
	talk.Channel, talk.Line = "twitch", &TalkLine{Account: "valombre_en_direct", Subject: in2(code, "A question", "Une question"), Public: true, Left: 12, Most: 500}
	talk.Messages = []Message{
		{ID: "m1", From: "you", At: ago(2 * time.Hour), Text: in2(code, "Is somebody there at midnight?", "Quelqu’un est là à minuit ?"),
			Line: &OnLine{Edited: true, Public: true, Written: ago(5 * time.Hour), Earlier: []EarlierText{{in2(code, "Is somebody there at noon?", "Quelqu’un est là à midi ?"), ago(2 * time.Hour)}}, Lost: []string{"files"}}},
		{ID: "m2", From: "you", At: ago(110 * time.Minute), Line: &OnLine{Taken: ago(100 * time.Minute), Ask: true}},
		{ID: "m3", From: "you", At: ago(105 * time.Minute), Line: &OnLine{Taken: ago(100 * time.Minute), Ask: true, Shown: in2(code, "I live in Lilac Street", "J’habite rue des Lilas")}},
		{ID: "m4", From: "us", Author: "P-10041", At: ago(90 * time.Minute), Text: in2(code, "Yes, until one.", "Oui, jusqu’à une heure."), Line: &OnLine{Way: &Way{State: "read", Parts: 1}}},
		{ID: "m5", From: "us", Author: "P-10041", At: ago(80 * time.Minute), Text: in2(code, "And tomorrow, too.", "Et demain aussi."), Line: &OnLine{Way: &Way{State: "refused", Why: "window", Parts: 1}}},
		{ID: "m6", From: "us", Author: "P-10041", At: ago(70 * time.Minute), Text: in2(code, "A long answer.", "Une longue réponse."), Line: &OnLine{Way: &Way{State: "sent", Parts: 3}}},
		{ID: "m7", From: "us", Author: "P-10041", At: ago(time.Minute), Text: in2(code, "One moment.", "Un instant."), Line: &OnLine{Way: &Way{State: "waiting", Why: "later", Parts: 1}}},
		{ID: "m8", From: "us", Author: "machine:line", At: ago(time.Minute), Text: in2(code, "Written on the phone.", "Écrit au téléphone."), Line: &OnLine{Elsewhere: true, Auto: true}},
	}
	rows := []LogbookRow{
		{ID: "log_1", Place: "minecraft", Account: "AgenteNoor", At: ago(3 * time.Hour), Minutes: 60, Talks: 7, Handed: 1, Handle: "P-10041", Mine: true, Came: []LogbookCame{{"advice", 6}, {"warning", 1}}},
		{ID: "log_2", Place: "school", At: ago(26 * time.Hour), Minutes: 100, Talks: 24, Handle: "P-10007", Came: []LogbookCame{{"advice", 20}}},
	}
	typed := Form{Values: map[string]string{"place": "minecraft", "account": "AgenteNoor", "at": "2026-11-21T19:30", "minutes": "60", "lang": "fr"}}
	book := LogbookPage{Work: sampleWork(code, "/logbook"), Form: typed, Nonce: "x", Places: words("place", code, "minecraft", "roblox", "school"), Outcomes: []string{"advice", "warning", "child-welfare", "crime-report"},
		Rows: rows, More: 2, Month: "2026-11", Title: moment, Prev: "2026-10", Entries: 2, Talks: 31, Minutes: 160, Handed: 1, Hours: 2.7,
		Sums: []LogbookSum{{"school", 1, 24, 1.7, 0}, {"minecraft", 1, 7, 1, 1}}, Came: []LogbookCame{{"advice", 26}, {"warning", 1}}}
	entry := LogEntryPage{Work: sampleWork(code, "/logbook/log_1"), Row: rows[0], Form: typed, Nonce: "x", Places: book.Places, Outcomes: book.Outcomes, Tongues: words("language", code, "fr", "en"), Edit: true, May: true,
		Hand: LogHand{Code: "k3tm-92wd-a7qf-hh4x-p0ze", Ref: "C-0151", Href: "/inbox/con_1", Danger: true}, Emergency: "112"}
	home := workSamples(code)["work-dashboard"].(DashboardPage)
	home.Lines = sampleLines()[:2]
	return map[string]Page{
		"work-logbook":        book,
		"work-logbook-none":   LogbookPage{Work: sampleWork(code, "/logbook"), Form: typed, Places: book.Places, Title: moment, Next: "2026-12", Show: "roblox"},
		"work-logentry":       entry,
		"work-logentry-other": LogEntryPage{Work: sampleWork(code, "/logbook/log_2"), Row: rows[1], Ended: moment, Hand: LogHand{Ref: "C-0151", Href: "/inbox/con_1"}},
		"work-lines":          LinesPage{Work: sampleWork(code, "/channels"), Rows: sampleLines(), Alarms: 2},
		"work-lines-none":     LinesPage{Work: sampleWork(code, "/channels")},
		"work-talk-line":      talk,
		"work-home-lines":     home,
	}
}
