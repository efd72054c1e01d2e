package view

import "time"

func sampleStrip() []Chip {
	return []Chip{{ID: "cnv_02", Ref: "C-0146", Channel: "portal", Unread: 1, Here: true}, {ID: "cnv_03", Ref: "C-0144", Channel: "instagram", Unread: 2}, {ID: "cnv_05", Ref: "C-0131", Channel: "portal", Urgent: true}}
}

// inboxSamples are the pages of the desk in the states that others do not show.
func inboxSamples(code string) map[string]Page {
	live := sampleTalkWork(code)
	live.Strip, live.Present, live.DraftAt, live.Live = sampleStrip(), []Present{{"P-9", true}, {"P-3", false}}, ago(time.Minute), "/inbox/cnv_02/live"
	live.Form.Values = map[string]string{"message": in2(code, "Thank you for", "Merci de")}
	live.Threads = []ThreadRow{{"cnv_08", "C-0120", "instagram", ago(time.Hour), "P-7"}}
	live.Messages = append(live.Messages, Message{ID: "msg_9", Thread: "C-0120", Via: "instagram", From: "you", At: ago(time.Minute), Text: in2(code, "It is me again.", "C’est encore moi.")})
	live.Handed = &Handed{"P-7", "P-9", ago(time.Hour), time.Time{}}
	live.Two, live.May.Merge, live.May.Export = true, true, true
	live.Joinable = []Option{{"cnv_03", "C-0144", ""}}
	asked, ready := sampleTalkWork(code), sampleTalkWork(code)
	asked.Reveal = &Reveal{ID: "rev_1", Asker: "P-7", State: "asked", Reason: in2(code, "To call her back tonight.", "Pour la rappeler ce soir."), At: ago(time.Hour), May: true}
	asked.Handed = &Handed{"P-7", "P-9", ago(time.Hour), ago(time.Minute)}
	ready.Reveal, ready.Question = &Reveal{ID: "rev_1", Asker: "P-7", Second: "P-2", State: "agreed", At: ago(time.Hour), Ready: true}, true
	waits := sampleTalkWork(code)
	waits.Reveal, waits.Under = &Reveal{ID: "rev_1", Asker: "P-7", State: "asked", At: ago(time.Hour)}, "cnv_03"
	busy := InboxPage{Work: sampleWork(code, "/inbox"), Show: "open", Rows: sampleInbox(code), Strip: sampleStrip(), Tabs: []Tab{{"open", 5, "/inbox"}, {"mine", 3, "/inbox?show=mine"}}}
	busy.Live = "/inbox/live?show=open"
	busy.Rows[0].Present, busy.Rows[2].Draft, busy.Rows[1].Same = []Present{{"P-9", true}}, true, 14
	ways := words("way", code, "mail", "hook", "sms")
	call := OnCallPage{Work: sampleWork(code, "/oncall"), Sends: true, Edit: true, Ways: ways, Hooks: []string{"salle"}, Grace: 5, Looks: 10, MaxWindow: 72, Two: true,
		Contacts: []ContactRow{{"cnt_1", 1, "mail", in2(code, "Officer on call", "Officier d’astreinte"), "astreinte@valombre.example", false, 5, ago(time.Hour), "sent"}, {"cnt_2", 2, "sms", in2(code, "Deputy", "Adjoint"), "+33600000000", false, 5, ago(time.Hour), "unreachable"}, {"cnt_3", 3, "hook", in2(code, "Operations room", "Salle de commandement"), "salle", true, 2, time.Time{}, ""}},
		Calls:    []CallRow{{"C-0147", "cnv_01", ago(4 * time.Minute), moment, 1, "waiting", time.Time{}, ""}, {"C-0100", "cnv_09", ago(50 * time.Hour), ago(50 * time.Hour), 2, "answered", ago(49 * time.Hour), "P-9"}, {"C-0090", "cnv_07", ago(90 * time.Hour), ago(70 * time.Hour), 40, "ended", time.Time{}, ""}}}
	read := OnCallPage{Work: sampleWork(code, "/oncall"), Protect: true, Window: 24, MaxWindow: 72, Grace: 5, Looks: 10}
	live.Texts = []Agreed{{"txt_1", in2(code, "Easy money (English)", "Argent facile (français)"), code, in2(code, "Hello, keep away from it.", "Bonjour, restez à l’écart.")}}
	ready.Protocols = []Protocol{{"suicide", []ProtocolStep{{"answer", "P-9", ago(time.Hour)}, {"ask", "", time.Time{}}, {"where", "", time.Time{}}}}, {"child", []ProtocolStep{{"believe", "", time.Time{}}}}}
	ready.DangerWord, ready.May.Sheet = in2(code, "want to die", "envie de mourir"), true
	texts := TextsPage{Work: sampleWork(code, "/texts"), Draft: true, Languages: words("language", code, "fr", "en"), Kinds: words("textkind", code, "reply", "away"), Places: []Fact{{"{name}", in2(code, "the published name", "le nom publié")}},
		Rows: []TextRow{{"txt_1", in2(code, "Easy money", "Argent facile"), "fr", "reply", "Bonjour, je suis {name}.\nN’y allez pas.", "draft", "P-9", "", ago(time.Hour), time.Time{}, true}, {"txt_2", in2(code, "Away", "Absence"), "en", "away", "Nobody is here before {hours}. In danger call {emergency}.", "approved", "P-9", "P-2", ago(90 * time.Hour), ago(80 * time.Hour), false}}}
	answers := PacesPage{Work: sampleWork(code, "/answers"), Days: 30, Spans: []string{"15m", "1h", "4h", "1d", "3d", "more"}, Rows: []PaceRow{{"portal", 3, 212, 9, []int{80, 60, 40, 20, 12, 9}, 221}, {"discord", 0, 0, 0, []int{4, 0, 0, 0, 0, 0}, 4}, {"mail", 3, 4, 0, []int{0, 0, 4, 0, 0, 0}, 4}}}
	sheet := SheetPage{Work: sampleWork(code, "/inbox/cnv_01/sheet"), ID: "cnv_01", Ref: "C-0147", Channel: "portal", Tongue: code, Received: ago(time.Hour), Danger: []string{in2(code, "knife", "couteau")}, Age: "13", Name: "Camille", Kept: []KeptAddress{{"192.0.2.7", ago(time.Hour), moment.Add(23 * time.Hour)}}, Messages: live.Messages[:1], By: "P-9", At: moment}
	ready.Referrals = []ReferralRow{{"ref_1", "3018", "writer", "P-9", in2(code, "Blackmail with pictures.", "Chantage avec des photos."), "", ago(time.Hour), time.Time{}}, {"ref_2", "116 111", "danger", "P-9", in2(code, "Age and town.", "Âge et ville."), "Camille B.", ago(2 * time.Hour), ago(time.Hour)}}
	ready.May.Refer, ready.Services, ready.Consents = true, []Option{{"3018", "3018 · Violences numériques (09:00-23:00)", ""}}, words("consent", code, "writer", "guardian", "danger")
	looks := LooksPage{Work: sampleWork(code, "/looks"), Verdicts: words("look", code, "agreed", "reopen", "learn"), Rows: []LookRow{{"loo_1", "cnv_05", "C-0131", "P-3", ago(30 * time.Hour)}}}
	return map[string]Page{
		"work-looks": looks, "work-looks-empty": LooksPage{Work: sampleWork(code, "/looks")},
		"work-texts": texts, "work-texts-empty": TextsPage{Work: sampleWork(code, "/texts")}, "work-answers": answers, "work-answers-empty": PacesPage{Work: sampleWork(code, "/answers"), Days: 30}, "work-sheet": sheet,
		"work-oncall": call, "work-oncall-protect": read,
		"work-inbox-live": busy, "work-talk-live": live, "work-talk-asked": asked, "work-talk-ready": ready, "work-talk-under": waits,
		"work-print": PrintPage{Work: sampleWork(code, "/inbox/cnv_02/print"), ID: "cnv_02", Ref: "C-0146", Channel: "portal", Tongue: code, Identity: "confidential", State: "answered", Outcome: "advice", Link: "https://example.org/x", Masked: true, Received: ago(30 * time.Hour), Now: moment, Messages: live.Messages},
	}
}
