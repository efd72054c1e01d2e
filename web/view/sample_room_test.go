package view

import "time"

func roomSamples(code string) map[string]Page {
	p := func(path string) Portal {
		f := samplePortal(code, path)
		f.Calm = true
		return f
	}
	w := func(path string) Work { return sampleWork(code, path) }
	photo := FileRow{ID: "fil_1", Name: in2(code, "screenshot.png", "capture.png"), Class: "picture", Size: 1_830_000, State: "kept", Shown: true}
	voice := FileRow{ID: "fil_2", Name: "PTT-2026.ogg", Class: "voice", Size: 88_000, State: "kept"}
	away := FileRow{ID: "fil_3", Name: "IMG_2201.HEIC", Class: "picture", State: "away"}
	closed := FileRow{ID: "fil_4", State: "guarded"}
	said := []Message{
		{From: "us", Author: "Maëlle R.", At: ago(9 * time.Minute), Text: in2(code, "Hello, I am Maëlle. Here nobody reads along. Take your time.", "Bonjour, c’est Maëlle. Ici personne ne lit par-dessus. Prenez votre temps.")},
		{From: "you", At: ago(6 * time.Minute), Text: in2(code, "He has pictures of me and wants money.", "Il a des photos de moi et veut de l’argent."), Files: []FileRow{photo, voice}},
		{From: "us", Author: "Maëlle R.", At: ago(2 * time.Minute), Text: in2(code, "You did right to tell us. Don’t pay. This page says what to do now.", "Vous avez bien fait de le dire. Ne payez pas. Cette feuille dit quoi faire."), Files: []FileRow{{ID: "fil_5", Name: in2(code, "what-to-do.pdf", "que-faire.pdf"), Class: "document", Size: 210_000, State: "kept"}}},
	}
	wrong := Form{Problems: []Problem{{"word", in2(code, "That is not the word. Tries left: 3.", "Ce n’est pas le mot. Essais restants : 3.")}}}
	badFile := Form{Values: map[string]string{"message": in2(code, "Here it is", "La voici")}, Problems: []Problem{{"files", in2(code, "The file “film.mp4” is too large: 25 MB at most.", "Le fichier « film.mp4 » est trop lourd : 25 Mo au plus.")}}}
	why := words("look", code, "answer", "danger", "evidence")
	talk := sampleTalkWork(code)
	talk.Room = &Room{State: "open", Until: moment.Add(2 * time.Hour), Seen: ago(time.Minute), Seated: true, Live: true, Tries: 1}
	talk.May.Room = true
	for _, m := range said {
		m.Room = true
		talk.Messages = append(talk.Messages, m)
	}
	talk.Messages[len(talk.Messages)-2].Files = []FileRow{photo, voice, away, closed}
	ended := sampleTalkWork(code)
	ended.Room = &Room{State: "ended", Cause: "guesses", Ended: ago(time.Hour)}
	ended.May.Room = true
	file := FilePage{Work: w("/files/fil_1"), File: photo, Type: "image/png", At: ago(6 * time.Minute), Talk: Link{"C-0146", "/inbox/cnv_02"}, Text: said[1].Text, Look: "blurred", Copy: "/files/fil_1/copy", Why: why, Seal: &Link{"2026-0007", "/cases/cas_7"}}
	grey := file
	grey.Look = "grey"
	unshown := FilePage{Work: w("/files/fil_2"), File: voice, Type: "audio/ogg", At: ago(6 * time.Minute), Talk: file.Talk, Failed: "kind", Why: why}
	far := FilePage{Work: w("/files/fil_3"), File: away, At: ago(6 * time.Minute), Talk: file.Talk, Fetch: true, Why: why}
	refused := FilePage{Work: w("/files/fil_3"), File: FileRow{ID: "fil_3", Class: "video", State: "refused"}, At: ago(6 * time.Minute), Talk: file.Talk, Why: why}
	return map[string]Page{
		"portal-room-door":       RoomDoorPage{Portal: p("/room/abcd"), Link: "abcd"},
		"portal-room-door-wrong": RoomDoorPage{Portal: p("/room/abcd"), Link: "abcd", Form: wrong},
		"portal-room":            RoomPage{Portal: p("/room"), Messages: said, Until: moment.Add(2 * time.Hour), News: 3, Keep: 90},
		"portal-room-empty":      RoomPage{Portal: p("/room"), Until: moment.Add(2 * time.Hour), Keep: 90},
		"portal-room-wrong":      RoomPage{Portal: p("/room"), Messages: said[:1], Form: badFile, Until: moment.Add(2 * time.Hour), Keep: 90},
		"portal-room-over":       RoomOverPage{Portal: p("/"), Child: &Errand{Key: "child-helpline", Contact: "116 111", Href: "tel:116111"}},
		"work-talk-room":         talk,
		"work-talk-room-ended":   ended,
		"work-roommade":          RoomMadePage{Work: w("/inbox/cnv_02"), ID: "cnv_02", Ref: "C-0146", Tongue: code, Link: "https://patrouille.example/room/3kq7-m2xf-9arw-01hd-n7yt-c4s8-e6vb", Word: in2(code, "lantern owl", "renard lune"), Until: moment.Add(24 * time.Hour), Invite: mustCatalog().For(code).T("room.invite", "link", "https://patrouille.example/room/3kq7"), NoSite: true},
		"work-file":              file,
		"work-file-grey":         grey,
		"work-file-voice":        unshown,
		"work-file-away":         far,
		"work-file-refused":      refused,
		"work-suspect":           SuspectPage{Work: w("/files/fil_1/suspect"), ID: "fil_1", Name: photo.Name},
		"work-guarded":           GuardedPage{Work: w("/guarded"), Case: true, Rows: []GuardedRow{{File: FileRow{ID: "fil_4", Class: "picture", Size: 900_000, State: "guarded"}, Type: "image/jpeg", At: ago(time.Hour), Talk: "C-0146"}}},
		"work-guarded-none":      GuardedPage{Work: w("/guarded")},
	}
}
