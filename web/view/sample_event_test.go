package view

import "time"

func samplePublicEvent(code string) PublicEvent {
	return PublicEvent{ID: "evt_1", Kind: "game", Title: in2(code, "One round with the patrol", "Une partie avec la patrouille"), Lang: code, Channel: "Twitch", From: moment.Add(70 * time.Hour), To: moment.Add(73 * time.Hour),
		About:   in2(code, "We play, you ask. Cheating, scams, trouble in the group: everything goes.", "Nous jouons, vous demandez. Triche, arnaques, ennuis dans le groupe : tout y passe."),
		Rules:   []string{in2(code, "Be kind, also to who plays badly.", "Restez aimables, aussi avec qui joue mal."), in2(code, "Tell nobody’s secrets: this is public.", "Ne racontez les secrets de personne : c’est public."), in2(code, "Whoever insults or threatens has to leave.", "Qui insulte ou menace doit partir.")},
		Officer: "Maëlle R.", OfficerHref: "/officers/maelle-r", Second: "Agent 07", Chat: true, Capacity: 40, Left: 12}
}

func sampleLetters(code string) []BookLetter {
	return []BookLetter{{false, "", ago(70 * time.Hour), in2(code, "Two classes, 13 years old. Easy money offers go round in their groups. Any Tuesday morning in January.", "Deux classes, 13 ans. Des offres d’argent facile circulent dans leurs groupes. Un mardi matin de janvier.")},
		{true, "", ago(30 * time.Hour), in2(code, "With pleasure. Would 12 January suit you?", "Volontiers. Le 12 janvier vous irait-il ?")}}
}

func eventSamples(code string) map[string]Page {
	coming := samplePublicEvent(code)
	visit, off, past, few, full := coming, coming, coming, coming, coming
	visit.ID, visit.Kind, visit.Title, visit.Channel, visit.Place, visit.Capacity, visit.Rules = "evt_2", "visit", in2(code, "Talk with parents: easy money", "Rencontre parents : l’argent facile"), "", "Médiathèque de Valombre", 0, nil
	off.Cancelled, off.ID = true, "evt_3"
	past.Over, past.Came, past.From, past.To = true, &Came{Small: 5, Attended: 38, Contacts: 22, Advice: 9, Referred: 2, Handed: 1}, ago(200*time.Hour), ago(197*time.Hour)
	few.Over, few.Came = true, &Came{Small: 5, Attended: 3}
	full.Left = 0
	p := func(path string) Portal { return samplePortal(code, path) }
	day := time.Date(2027, 1, 12, 8, 0, 0, 0, time.UTC)
	talk := BookTalkPage{Portal: p("/book/return"), Code: "kq7m-2xfa-9trd-vw4h-l8nc", Kind: "class", State: "offered", Heads: 52, From: day, To: day.Add(2 * time.Hour), Starts: "1", Letters: sampleLetters(code)}
	confirmed, ended := talk, talk
	confirmed.State = "confirmed"
	ended.State, ended.Ended = "declined", true
	kinds := words("bookingkind", code, "class", "parents", "staff", "webinar", "visit")
	w := sampleWork(code, "/events")
	edit := WorkEventPage{Work: w, ID: "evt_1", State: "draft", Edit: true, Publish: true, Cancel: true, Kinds: words("eventkind", code, "stream", "game", "webinar", "class", "visit"), Languages: words("language", code, "fr", "en"),
		Channels: words("channel", code, "discord", "twitch"), Officers: []Option{{"off_1", "Maëlle R.", ""}, {"off_2", "Agent 07", ""}}, From: coming.From, To: coming.To,
		Missing: []string{in2(code, "In an open chat a second officer watches. Choose who.", "Dans un salon ouvert, un second agent veille. Choisissez qui.")},
		Form:    Form{Values: map[string]string{"kind": "game", "title": coming.Title, "day": "2026-11-24", "from": "19:00", "to": "22:00", "channel": "twitch", "about": coming.About, "rules": coming.Rules[0] + "\n" + coming.Rules[1], "officer": "off_1", "chat": "on", "public": "on", "capacity": "40"}}}
	record := edit
	record.State, record.Edit, record.Publish, record.Cancel, record.Record, record.Seats, record.Missing, record.Booking = "published", false, false, false, true, 31, nil, "boo_1"
	row := WorkBooking{ID: "boo_1", Org: in2(code, "Valombre secondary school", "Collège de Valombre"), Place: in2(code, "3, school lane, Valombre", "3, chemin de l’école, Valombre"), Kind: "class", State: "asked", Heads: 52, Unread: true, Came: ago(70 * time.Hour)}
	dated := row
	dated.State, dated.Unread, dated.From, dated.ID = "confirmed", false, day, "boo_2"
	booking := BookingPage{Work: sampleWork(code, "/bookings/boo_1"), Booking: row, Name: "Camille", Contact: "vie-scolaire@college.example", Lang: "fr", Letters: sampleLetters(code)[:1], Seen: "1", Answer: true}
	read := booking
	read.Booking, read.Answer, read.EventHref, read.To, read.Letters = dated, false, "/events/evt_9", day.Add(2*time.Hour), sampleLetters(code)
	return map[string]Page{
		"portal-events": EventsPage{Portal: p("/events"), Coming: []PublicEvent{coming, visit, off}, Past: []PublicEvent{past, few}}, "portal-events-empty": EventsPage{Portal: p("/events")},
		"portal-event": EventPage{Portal: p("/events/evt_1"), Event: coming}, "portal-event-joined": EventPage{Portal: p("/events/evt_1"), Event: coming, Joined: true, URL: "https://twitch.example/valombre"},
		"portal-event-wrong": EventPage{Portal: p("/events/evt_1"), Event: coming, Form: Form{Problems: []Problem{{"rules", in2(code, "Please accept the rules first.", "Acceptez d’abord les règles.")}}}},
		"portal-event-past":  EventPage{Portal: p("/events/evt_1"), Event: past}, "portal-event-full": EventPage{Portal: p("/events/evt_1"), Event: full}, "portal-event-visit": EventPage{Portal: p("/events/evt_2"), Event: visit, Joined: true},
		"portal-book": BookPage{Portal: p("/book"), Kinds: kinds}, "portal-book-wrong": BookPage{Portal: p("/book"), Kinds: kinds, Form: Form{Values: map[string]string{"org": "x"}, Problems: []Problem{{"heads", in2(code, "Write a number, 100,000 at most.", "Écrivez un nombre, 100 000 au plus.")}}}},
		"portal-bookreceipt": BookReceiptPage{Portal: p("/book"), Code: "kq7m-2xfa-9trd-vw4h-l8nc"}, "portal-bookreturn": BookReturnPage{Portal: p("/book/return")},
		"portal-booktalk": talk, "portal-booktalk-confirmed": confirmed, "portal-booktalk-ended": ended,
		"work-events": WorkEventsPage{Work: w, Rows: []WorkEvent{{ID: "evt_1", Kind: "game", Title: coming.Title, State: "draft", Where: "Twitch", From: coming.From, Capacity: 40}, {ID: "evt_4", Kind: "stream", Title: in2(code, "Ask us anything", "Posez vos questions"), State: "published", Where: "Twitch", From: ago(30 * time.Hour), Seats: 31, Record: true},
			{ID: "evt_5", Kind: "class", Title: "–", State: "published", From: day, Booked: true}, {ID: "evt_6", Kind: "visit", Title: visit.Title, State: "cancelled", Where: visit.Place, From: ago(300 * time.Hour)}}},
		"work-events-empty": WorkEventsPage{Work: w}, "work-event": edit, "work-event-record": record,
		"work-bookings": BookingsPage{Work: sampleWork(code, "/bookings"), Rows: []WorkBooking{row, dated}}, "work-bookings-empty": BookingsPage{Work: sampleWork(code, "/bookings")},
		"work-booking": booking, "work-booking-read": read,
	}
}
