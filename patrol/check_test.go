package patrol

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/errs"
)

func sample() list {
	l := list{
		now: 1,
		accounts: []Account{
			{ID: "acc_1", Platform: "instagram", Handle: "police_valombre", URL: "https://www.instagram.com/police_valombre/", State: Published},
			{ID: "acc_2", Platform: "discord", Handle: "PatrouilleValombre", URL: "https://discord.com/users/1", State: Published},
			{ID: "acc_3", Platform: "mastodon", Handle: "politi_fjord", URL: "https://social.valombre.example/@politi_fjord", State: Published},
			{ID: "acc_5", Platform: "mastodon", Handle: "patrouille@social.valombre.example", URL: "https://social.valombre.example/@patrouille", State: Published},
			{ID: "acc_4", Platform: "instagram", Handle: "agent_lune", URL: "https://instagram.com/agent_lune", State: Withdrawn},
		},
		officers: []Officer{{ID: "off_3", Name: "Agente Noor 4107", State: Published}, {ID: "off_1", Name: "Agent V-12", State: Published}, {ID: "off_2", Name: "Camille Delorme", State: Published}},
	}
	for i := range l.accounts {
		l.accounts[i].Proof, l.accounts[i].Proven = ProofSeen, 1
	}
	return l
}

func TestIsThisReallyThePolice(t *testing.T) {
	for _, c := range []struct {
		platform, asked string
		want            Verdict
		why             Why
		account         string
	}{
		{"instagram", "police_valombre", Ours, WhyListed, "acc_1"},
		{"", "@Police_Valombre", Ours, WhyListed, "acc_1"},
		{"", "https://instagram.com/police_valombre?igsh=x#y", Ours, WhyListed, "acc_1"},
		{"", "www.instagram.com/police_valombre/", Ours, WhyListed, "acc_1"},
		{"", "https://social.valombre.example/@politi_fjord", Ours, WhyListed, "acc_3"},
		{"", "\u200epolice_valombre\ufeff", Ours, WhyListed, "acc_1"}, // what copying adds
		{"", "@patrouille@social.valombre.example", Ours, WhyListed, "acc_5"},
		{"", "https://social.valombre.example/@patrouille", Ours, WhyListed, "acc_5"},
		{"", "@patrouille@social.valornbre.example", LooksLike, WhySameLetters, "acc_5"},
		{"tiktok", "police_valombre", LooksLike, WhyOtherPlatform, "acc_1"},
		{"", "https://tiktok.com/@police_valombre", LooksLike, WhyOtherPlatform, "acc_1"},
		{"", "https://instagrarn.com/police_valombre", LooksLike, WhyOtherAddress, "acc_1"},
		{"", "https://instagram.com@evil.example/police_valombre", LooksLike, WhyOtherAddress, "acc_1"},
		{"", "police_vаlombre", LooksLike, WhySameLetters, "acc_1"}, // Cyrillic а
		{"", "pοlice_valombre", LooksLike, WhySameLetters, "acc_1"}, // Greek ο
		{"", "p0lice_va1ombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "police.valombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "policevalombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "police__valombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "poliice_valombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "polıce_valombre", LooksLike, WhySameLetters, "acc_1"}, // dotless i
		{"", "ｐｏｌｉｃｅ_valombre", LooksLike, WhySameLetters, "acc_1"},
		{"", "police\u200b_valombre", LooksLike, WhyHidden, "acc_1"},
		{"", "police_\u202evalombre", LooksLike, WhyHidden, "acc_1"},
		{"", "polise_valombre", LooksLike, WhyOneLetter, "acc_1"},
		{"", "polcie_valombre", LooksLike, WhyOneLetter, "acc_1"},
		{"", "policevalombres", LooksLike, WhyOneLetter, "acc_1"},
		{"", "police_valombre_officiel", LooksLike, WhyAddedWords, "acc_1"},
		{"", "the_real_police_valombre", LooksLike, WhyAddedWords, "acc_1"},
		{"", "patrouillevalombre.politi", LooksLike, WhyAddedWords, "acc_2"},
		{"", "valombre_police", LooksLike, WhyAddedWords, "acc_1"},
		{"instagram", "agent_lune", NotOurs, WhyWithdrawn, ""},
		{"", "lea_et_ses_chats", NotOurs, WhyUnknown, ""},
		{"", "https://instagram.com/lea_et_ses_chats", NotOurs, WhyUnknown, ""},
		{"", "pol", NotOurs, WhyUnknown, ""},
		{"", "<script>alert(1)</script>", NotOurs, WhyUnknown, ""},
	} {
		q, err := readQuery(c.platform, c.asked)
		if err != nil {
			t.Errorf("%q: %v", c.asked, err)
			continue
		}
		a := sample().check(q)
		if a.Verdict != c.want || a.Why != c.why {
			t.Errorf("%s %q: %s, %s; want %s, %s", c.platform, c.asked, a.Verdict, a.Why, c.want, c.why)
			continue
		}
		if c.account != "" && (len(a.Accounts) != 1 || a.Accounts[0].ID != c.account) {
			t.Errorf("%q: the true account beside it is %v, want %s", c.asked, a.Accounts, c.account)
		}
	}
}

func TestOfficerByNumberOrName(t *testing.T) {
	for asked, want := range map[string]Verdict{
		"Agent V-12": Ours, "agent v12": Ours, "camille delorme": Ours, "off_2": Ours, "4107": Ours, "noor 4107": Ours, "agente 4112": NotOurs, "Noor": NotOurs,
		"Agent V-l2": LooksLike, "Camille De1orme": LooksLike, "Camille Delorne": LooksLike, "Agent B-77": NotOurs,
	} {
		q, err := readQuery("", asked)
		if err != nil {
			t.Fatal(err)
		}
		if a := sample().check(q); a.Verdict != want || (want != NotOurs && a.Officer == nil) {
			t.Errorf("%q: %s, officer %v; want %s", asked, a.Verdict, a.Officer, want)
		}
	}
}

func TestCheckIsBounded(t *testing.T) {
	for _, asked := range []string{"", " \u200b ", strings.Repeat("a", MaxQuery+1), "a\xffb"} {
		if _, err := readQuery("", asked); !errs.Is(err, errs.Invalid) || errs.FieldOf(err) != "q" {
			t.Errorf("%.20q: %v", asked, err)
		}
	}
}

// A look-alike is never called ours, whatever is put into a handle.
func FuzzCheck(f *testing.F) {
	f.Add("police_valombre")
	f.Add("https://instagram.com/police_valombre")
	f.Add("pоlice_valombre")
	f.Fuzz(func(t *testing.T, asked string) {
		q, err := readQuery("", asked)
		if err != nil {
			return
		}
		a := sample().check(q)
		if a.Verdict != Ours || a.Officer != nil {
			return
		}
		if !slices.ContainsFunc(a.Accounts, func(acc Account) bool {
			return acc.State == Published && strings.EqualFold(acc.Handle, q.handle)
		}) {
			t.Errorf("%q is called ours beside %v", asked, a.Accounts)
		}
	})
}

func TestWeek(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWeek("mon-fri 09:00-12:00 13:00-17:00; sat 22:00-02:00; 2026-12-25 closed; 2026-12-26 10:00-11:00")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for when, want := range map[string]string{
		"2026-11-23 09:00": "12:00", "2026-11-23 12:00": "", "2026-11-23 16:59": "17:00", "2026-11-23 08:59": "",
		"2026-11-28 23:00": "02:00", "2026-11-29 01:59": "02:00", "2026-11-29 02:00": "", "2026-12-25 10:00": "", "2026-12-26 10:30": "11:00",
		"2026-03-30 16:30": "17:00", // the day after summer time began
	} {
		got := ""
		if s, ok := w.Open(at(when)); ok {
			got = s.To.Format("15:04")
		}
		if got != want {
			t.Errorf("open at %s until %q, want %q", when, got, want)
		}
	}
	if s, ok := w.Next(at("2026-12-24 18:00")); !ok || s.From.Format("2006-01-02 15:04") != "2026-12-26 10:00" {
		t.Errorf("next after Christmas Eve: %v %v", s, ok)
	}
	again, err := ParseWeek(w.String())
	if err != nil || again.String() != w.String() {
		t.Errorf("%q reads back as %q, %v", w.String(), again.String(), err)
	}
	for _, bad := range []string{"mon", "mon 9-10", "mon 09:00-09:00", "yesterday 09:00-10:00", "2026-12-25 closed; 2026-12-25 closed", strings.Repeat("mon 09:00-10:00;", 60), "mon 25:00-26:00", "mon 24:00-02:00"} {
		if _, err := ParseWeek(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

func TestHiddenRolesAreRefused(t *testing.T) {
	for _, r := range []access.Role{access.WatchAnalyst, access.Investigator} {
		_, err := OfficerIn{Name: "Agent V-9", Unit: "Patrouille", HolderRoles: []access.Role{access.PatrolOfficer, r}}.officer()
		if !errs.Is(err, errs.Denied) {
			t.Errorf("%s: %v", r, err)
		}
	}
}
