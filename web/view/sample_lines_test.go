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
	home := workSamples(code)["work-dashboard"].(DashboardPage)
	home.Lines = sampleLines()[:2]
	return map[string]Page{
		"work-lines":      LinesPage{Work: sampleWork(code, "/channels"), Rows: sampleLines(), Alarms: 2},
		"work-lines-none": LinesPage{Work: sampleWork(code, "/channels")},
		"work-talk-line":  talk,
		"work-home-lines": home,
	}
}
