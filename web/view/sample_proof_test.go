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
	return map[string]Page{
		"check-code": asks, "check-vouched": vouched, "check-code-wrong": wrong,
		"official-account": OfficialAccountPage{Portal: samplePortal(code, "/accounts/acc_1"), Account: accounts[0], Square: sampleSquare("acc_06c3px35a40c003feywx1rew00", "/accounts/acc_1/qr.png")},
		"work-vouch":       vouch, "work-vouch-made": made, "work-vouch-none": none,
	}
}
