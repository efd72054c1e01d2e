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
	return map[string]Page{
		"work-oncall": call, "work-oncall-protect": read,
		"work-inbox-live": busy, "work-talk-live": live, "work-talk-asked": asked, "work-talk-ready": ready, "work-talk-under": waits,
		"work-print": PrintPage{Work: sampleWork(code, "/inbox/cnv_02/print"), ID: "cnv_02", Ref: "C-0146", Channel: "portal", Tongue: code, Identity: "confidential", State: "answered", Outcome: "advice", Link: "https://example.org/x", Masked: true, Received: ago(30 * time.Hour), Now: moment, Messages: live.Messages},
	}
}
