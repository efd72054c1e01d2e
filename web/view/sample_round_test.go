package view

import "time"

func roundSamples(code string) map[string]Page {
	w := func(path string) Work { return sampleWork(code, path) }
	says := []Saying{{"fr", "Bonjour ! Je suis Agent 07, de la police (Patrouille en ligne). Je suis ici pour être joignable et répondre à vos questions."}, {"en", "Hello! I am Agent 07, of the police (online patrol). I am here to be reachable and to answer your questions."}}
	purposes := []Option{{Value: "presence", Label: in2(code, "To be there and reachable", "Être là et joignable")}, {Value: "questions", Label: in2(code, "To answer questions", "Répondre aux questions")}}
	outcomes := []Option{{Value: "advice", Label: in2(code, "advice given · 4", "conseil donné · 4")}, {Value: "warning", Label: in2(code, "warning given", "avertissement")}, {Value: "child-welfare", Label: in2(code, "child-welfare notice", "enfance en danger")}, {Value: "emergency", Label: in2(code, "handed to the emergency desk", "transmis aux urgences")}}
	last := Round{ID: "rnd_2", Channel: "twitch", Officer: "Maëlle R.", Purpose: "event", Started: ago(26 * time.Hour), Ended: ago(23 * time.Hour), Contacts: 41, Outcomes: outcomes[:1]}
	rounds := RoundsPage{Work: w("/rounds"), Channels: []Option{{Value: "discord", Label: "Discord"}}, Groups: []Option{{Value: "adm_1", Label: "Joueurs de Valombre (Discord)"}}, Purposes: purposes, Showable: "Discord, Twitch",
		Intro: says, Explain: says, Form: Form{Values: map[string]string{"purpose": "presence"}}, Last: []Round{last},
		Others: []Round{{ID: "rnd_3", Channel: "instagram", Officer: "Inès T.", Purpose: "questions", Started: ago(time.Hour), Contacts: 3}},
		Asked: []Admission{{ID: "adm_1", Channel: "discord", Group: "Joueurs de Valombre", URL: "https://discord.example/valombre", Officer: "Agent 07", State: "admitted", Asked: ago(300 * time.Hour), Answered: ago(280 * time.Hour)},
			{ID: "adm_2", Channel: "facebook", Group: "Voisins du Pré-Haut", Officer: "Maëlle R.", State: "asked", Asked: ago(30 * time.Hour)}, {ID: "adm_3", Channel: "reddit", Officer: "Maëlle R.", State: "refused", Asked: ago(9000 * time.Hour), Answered: ago(8990 * time.Hour)}}}
	walking := rounds
	walking.Mine = &Round{ID: "rnd_1", Channel: "discord", Group: "Joueurs de Valombre", Officer: "Agent 07", Purpose: "presence", Shown: true, Started: ago(50 * time.Minute), Contacts: 9, Outcomes: outcomes}
	checks := []Option{{Value: "tone", Label: in2(code, "The tone is that of the police", "Le ton est celui de la police"), Hint: in2(code, "No mockery, no false familiarity.", "Ni moquerie, ni familiarité déplacée.")}, {Value: "nobody", Label: in2(code, "Nobody is named or pointed at", "Personne n’est nommé ni désigné")}}
	title := in2(code, "Identity checks at the station", "Contrôles d’identité en gare")
	rows := []CampaignRow{{"cam_1", "correction", title, "P-22910", false, ago(3 * time.Hour)}, {"cam_2", "campaign", in2(code, "A parcel for you", "Un colis pour vous"), "P-10112", true, ago(90 * time.Hour)}}
	body := in2(code, "The decree of 3 November allows checks of identity papers. No photo is kept.\n\nWhoever is checked can ask why.", "L’arrêté du 3 novembre permet de contrôler les papiers. Aucune photo n’est gardée.\n\nToute personne contrôlée peut demander pourquoi.")
	sources := []Link{{in2(code, "Decree of 3 November", "Arrêté du 3 novembre"), "https://prefecture.valombre.example/arrete"}}
	campaign := CampaignPage{Work: w("/campaigns/cam_1"), ID: "cam_1", Kind: "correction", Title: title, Aim: in2(code, "Say what is true of Saturday’s checks.", "Dire ce qui est vrai des contrôles de samedi."), Audience: in2(code, "Travellers", "Voyageurs"),
		Claim: in2(code, "The police keep the photos of all travellers.", "La police garde les photos de tous les voyageurs."), Sources: sources, State: "review", Author: "P-22910", Revision: 2, Checks: checks, MayReview: true,
		Texts:  []CampaignText{{0, "portal", code, in2(code, "No, no photo is kept", "Non, aucune photo n’est gardée"), body, 140, false}, {1, "instagram", code, "", in2(code, "No photo is kept.", "Aucune photo n’est gardée."), 27, true}},
		Places: []Option{{Value: "portal", Label: "portal"}, {Value: "instagram", Label: "Instagram"}}}
	published, returned := campaign, campaign
	published.State, published.MayReview, published.Reviewer, published.Published, published.MayRetract, published.Reach = "published", false, "P-10112", ago(2*time.Hour), true, []ReachRow{{"instagram", 1520, ago(time.Hour)}}
	returned.State, returned.MayReview, returned.Mine, returned.MayEdit, returned.Remark = "draft", false, true, true, in2(code, "The tone mocks.", "Le ton est moqueur.")
	draft := CampaignDraftPage{Work: w("/campaigns/new"), Kind: "correction", Platforms: []Option{{Value: "portal", Label: in2(code, "our site", "notre site")}, {Value: "instagram", Label: "Instagram"}}, Languages: []Option{{Value: "fr", Label: "français"}, {Value: "en", Label: "English"}},
		Slots: []TextSlot{{0, "portal", "fr", "Non, aucune photo n’est gardée", "L’arrêté du 3 novembre…"}, {1, "portal", "en", "", ""}, {2, "instagram", "fr", "", ""}}, Form: Form{Values: map[string]string{"title": title}, Problems: []Problem{{"claim", in2(code, "A correction points at nobody.", "Une rectification ne désigne personne.")}}}}
	item := NewsItem{ID: "cam_1", Kind: "correction", Lang: code, Title: in2(code, "No, no photo is kept", "Non, aucune photo n’est gardée"), Body: []string{body}, At: ago(2 * time.Hour), Claim: campaign.Claim, Sources: sources, Reach: 1520}
	advice := NewsItem{ID: "cam_2", Kind: "campaign", Lang: code, Title: rows[1].Title, Body: []string{body}, At: ago(90 * time.Hour)}
	hours := HoursPage{Portal: samplePortal(code, "/hours")}
	hours.Duty.Here = []HereNow{{"discord", "Agent 07", "agent-07", ago(50 * time.Minute)}}
	return map[string]Page{
		"work-rounds": rounds, "work-rounds-walking": walking, "work-rounds-nocard": RoundsPage{Work: w("/rounds"), NoCard: true}, "hours-here": hours,
		"work-campaigns": CampaignsPage{Work: w("/campaigns"), Waiting: rows[:1], Drafts: rows[1:], Public: rows, Gone: rows[1:]}, "work-campaigns-empty": CampaignsPage{Work: w("/campaigns")},
		"work-campaigndraft": draft, "work-campaign": campaign, "work-campaign-published": published, "work-campaign-returned": returned,
		"news": NewsPage{Portal: samplePortal(code, "/news"), Items: []NewsItem{item, advice}}, "news-empty": NewsPage{Portal: samplePortal(code, "/news")},
		"newsitem": NewsItemPage{Portal: samplePortal(code, "/news/cam_1"), Item: item}, "newsitem-advice": NewsItemPage{Portal: samplePortal(code, "/news/cam_2"), Item: advice},
	}
}
