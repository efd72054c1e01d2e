package view

import (
	"time"

	"ronde/people"
)

func sampleSquare(id, file string) Square {
	opens := "https://patrouille.valombre.example/check?q=" + id
	code, err := people.NewQR(opens)
	if err != nil {
		panic(err)
	}
	return Square{Size: code.Size, Path: code.Path, Opens: opens, File: file}
}

func proofSamples(code string) map[string]Page {
	officers, accounts := sampleOfficers(code), sampleAccounts(code)
	check := CheckPage{Portal: samplePortal(code, "/check"), Accounts: accounts, Officers: officers}
	asks, vouched, wrong := check, check, check
	asks.Question, asks.Coded = "4821 0937", true
	vouched.Vouched = &Vouched{Officer: officers[1], Channel: "discord", Made: ago(3 * time.Minute), Accounts: accounts[1:2]}
	wrong.Form.Problems = []Problem{{"code", in2(code, "This code tells us nothing.", "Ce code ne nous dit rien.")}}
	vouch := VouchPage{Work: sampleWork(code, "/vouch"), Site: "https://patrouille.valombre.example", Minutes: 10, Card: &officers[1], Square: sampleSquare("off_06c3px35a40c003feywx1rew00", ""),
		Channels: []Option{{Value: "discord", Label: "Discord"}, {Value: "instagram", Label: "Instagram"}}}
	made, none := vouch, vouch
	made.Code = &VouchCode{Figures: "4821 0937", Channel: "discord", Until: moment.Add(10 * time.Minute), Says: []Saying{
		{"fr", "Je suis Agent 07, de la Patrouille en ligne. Tapez vous-même https://patrouille.valombre.example/check puis ce code : 4821 0937."},
		{"en", "I am Agent 07, of the online patrol. Type https://patrouille.valombre.example/check yourself and then this code: 4821 0937."}}}
	none.Card = nil
	proven, lost, later := accounts[0], accounts[1], accounts[2]
	proven.Standing, proven.Way, proven.Place, proven.Seen, proven.Tried, proven.Found = "proven", "link-back", "https://instagram.example/police_valombre", ago(3*time.Hour), ago(3*time.Hour), "proven"
	lost.Standing, lost.Way, lost.Seen, lost.Tried, lost.Found, lost.Alarm = "unproven", "dns", ago(220*time.Hour), ago(time.Hour), "missing", true
	later.Standing, later.Way, later.Seen, later.Alarm = "proven", "seen", ago(1900*time.Hour), true
	ways := []Option{{Value: "seen", Label: in2(code, "Seen and confirmed by a person", "Vu et confirmé par une personne")}, {Value: "dns", Label: in2(code, "A DNS record under our domain", "Un enregistrement DNS sous notre domaine")}, {Value: "link-back", Label: in2(code, "A link to us on the profile", "Un lien vers nous sur le profil")}}
	ours, doubt, gone := check, check, check
	ours.Question, ours.Result = "police_valombre", &Result{Kind: "ours", Account: &proven}
	doubt.Question, doubt.Result = "Patrouille Valombre#0112", &Result{Kind: "unproven", Account: &lost}
	gone.Question, gone.Result = "ancien_compte", &Result{Kind: "gone"}
	officials := OfficialsPage{Work: sampleWork(code, "/officials"), Edit: true, Accounts: []Account{proven, lost, later}, Ways: ways,
		Officers: []OfficialOfficer{{ID: "off_1", State: "published", Since: ago(500 * time.Hour), Given: true, Card: officers[0]}}}
	says := []Saying{{"fr", "Nous sommes : Police de Valombre (Patrouille en ligne). Le compte « police_valornbre » se fait passer pour notre service de police."}, {"en", "We are Police de Valombre (online patrol). The account “police_valornbre” pretends to be our police service."}}
	ends := []Option{{Value: "removed", Label: in2(code, "taken down by the platform", "retiré par la plateforme")}}
	impostors := ImpostorsPage{Work: sampleWork(code, "/impostors"), Outcomes: ends, Open: []Impostor{
		{ID: "imp_1", Channel: "instagram", Handle: "police_valornbre", Reports: 14, First: ago(50 * time.Hour), Last: ago(time.Hour), Looks: "looks-like", Like: "police_valombre", Way: in2(code, "Profile › … › Report › Pretending to be someone", "Profil › … › Signaler › Se fait passer pour quelqu’un"), Texts: says},
		{ID: "imp_2", Channel: "telegram", Handle: "@agent_officiel", Reports: 1, First: ago(150 * time.Hour), Looks: "not-ours", There: "told", Told: ago(100 * time.Hour), Again: ago(28 * time.Hour), Due: true, Texts: says}},
		Closed: []Impostor{{ID: "imp_3", Channel: "tiktok", Reports: 3, First: ago(900 * time.Hour), Outcome: "removed"}}}
	return map[string]Page{
		"check-proven": ours, "check-unproven": doubt, "check-gone": gone, "work-officials-proofs": officials,
		"official-account-lost": OfficialAccountPage{Portal: samplePortal(code, "/accounts/acc_2"), Account: lost},
		"work-accountproof":     AccountProofPage{Work: sampleWork(code, "/officials/accounts/acc_2"), Account: lost, Ways: ways, Site: "https://patrouille.valombre.example", Record: "_ronde.patrouille.valombre.example", Text: "account=discord:Patrouille Valombre#0112", Form: Form{Values: map[string]string{"proof": "dns"}}},
		"work-impostors":        impostors, "work-impostors-empty": ImpostorsPage{Work: sampleWork(code, "/impostors")},
		"check-code": asks, "check-vouched": vouched, "check-code-wrong": wrong,
		"official-account": OfficialAccountPage{Portal: samplePortal(code, "/accounts/acc_1"), Account: accounts[0], Square: sampleSquare("acc_06c3px35a40c003feywx1rew00", "/accounts/acc_1/qr.png")},
		"work-vouch":       vouch, "work-vouch-made": made, "work-vouch-none": none,
	}
}
