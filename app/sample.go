package app

import (
	"context"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/mandate"
	"ronde/patrol"
	"ronde/people"
)

// A fictional organisation: every name, handle and place is invented.
const (
	SampleOrganisation = "Police du district de Valombre"
	SampleService      = "Patrouille en ligne de Valombre"
)

// SamplePerson is somebody to sign in as.
type SamplePerson struct {
	Name       string `json:"name"`
	Role       string `json:"role"`
	Login      string `json:"login"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totp_secret"`
	Handle     string `json:"handle"`
	Person     string `json:"person"` // account id
	Unit       string `json:"unit"`
}

// Sample is what the demo starts from.
type Sample struct {
	People  []SamplePerson `json:"people"`
	Feed    string         `json:"feed"` // host and port of the sample feed
	Mandate string         `json:"mandate"`
	Stream  string         `json:"stream_key"` // key of the sample stream
}

// samplePaste is a post that an analyst finds.
var samplePaste = channel.Post{Lang: "fr", Platform: "example", Author: "exemple_offre",
	Text: "🍃🔌 arrivage ce soir, menu complet en dm, 10g 80€ 20g 150€, livraison tout le 91 de 14h à 2h, tele exemple_offre"}

// As is the actor of a sample person, by login.
func (s *Sample) As(login string) access.Actor {
	for _, p := range s.People {
		if p.Login == login {
			return access.Actor{Person: p.Person, Handle: p.Handle, Roles: []access.Role{access.Role(p.Role)}, Unit: p.Unit, Regime: regimeOf(login)}
		}
	}
	return access.Actor{}
}

// regimeOf is that of the unit in which a sample person works.
func regimeOf(login string) string {
	for _, p := range samplePeople {
		if p.login == login {
			return p.unit
		}
	}
	return ""
}

var samplePeople = []struct {
	login, name string
	role        access.Role
	unit        string
}{
	{"noor", "Noor Valette", access.PatrolOfficer, "patrol"},
	{"elias", "Elias Brandin", access.PatrolOfficer, "patrol"},
	{"maud", "Maud Ferrand", access.DutyLead, "patrol"},
	{"yann", "Yann Keriel", access.WatchAnalyst, "watch"},
	{"sana", "Sana Bourget", access.WatchAnalyst, "watch"},
	{"paul", "Paul Osmin", access.DutyLead, "watch"},
	{"iris", "Iris Calmette", access.Investigator, "investigation"},
	{"helene", "Hélène Durieux", access.MandateAuthority, ""},
	{"marc", "Marc Tessandier", access.Magistrate, ""},
	{"lea", "Léa Montfaucon", access.PlatformLiaison, ""},
	{"tomas", "Tomas Riveal", access.PartnerLiaison, ""},
	{"rose", "Rose Aubépin", access.PreventionPartner, ""},
	{"david", "David Nercy", access.DataProtection, ""},
	{"agnes", "Agnès Thorel", access.Auditor, ""},
}

// Seed fills an empty house: units, people of every role, public officers and
// accounts, hours, and one approved mandate that reads feedURL.
func (a *App) Seed(ctx context.Context, feedURL string) (*Sample, error) {
	s := &Sample{}
	first, err := a.People.CreateFirst(ctx, people.NewAccount{Name: "Ada Lormier", Login: "ada"})
	if err != nil {
		return nil, errs.Wrap(err, "seed administrator")
	}
	if err := a.enrol(ctx, s, "Ada Lormier", "ada", access.Administrator, first); err != nil {
		return nil, err
	}
	units := map[string]string{"": ""}
	for regime, name := range map[string]string{"patrol": "Patrouille en ligne", "watch": "Veille", "investigation": "Enquêtes numériques"} {
		u, err := a.People.CreateUnit(ctx, s.As("ada"), name, regime)
		if err != nil {
			return nil, errs.Wrap(err, "seed units")
		}
		units[regime] = u.ID
	}
	for _, p := range samplePeople {
		made, err := a.People.Create(ctx, s.As("ada"), people.NewAccount{Name: p.name, Login: p.login, Roles: []access.Role{p.role}, Unit: units[p.unit]})
		if err != nil {
			return nil, errs.Wrap(err, "seed "+p.login)
		}
		if err := a.enrol(ctx, s, p.name, p.login, p.role, made); err != nil {
			return nil, err
		}
	}
	if err := a.seedPatrol(ctx, s); err != nil {
		return nil, err
	}
	return s, a.seedMandate(ctx, s, feedURL)
}

// enrol does what the person would do at the first sign-in.
func (a *App) enrol(ctx context.Context, s *Sample, name, login string, role access.Role, made people.Handover) error {
	step, err := a.People.SignIn(ctx, login, made.Password, "seed")
	if err != nil {
		return errs.Wrap(err, "sign in "+login)
	}
	e, err := a.People.EnrolTOTP(ctx, step.Token)
	if err != nil {
		return errs.Wrap(err, "enrol "+login)
	}
	secret := ungroup(e.Secret)
	password := id.Secret(4)
	session, err := a.confirm(ctx, step.Token, password, secret, 30*time.Second)
	if errs.FieldOf(err) == "code" { // the half minute was over while the password was hashed
		session, err = a.confirm(ctx, step.Token, password, secret, 0)
	}
	if err != nil {
		return errs.Wrap(err, "enrol "+login)
	}
	s.People = append(s.People, SamplePerson{Name: name, Role: string(role), Login: login, Password: password, TOTPSecret: secret,
		Handle: session.Actor.Handle, Person: session.Actor.Person, Unit: session.Actor.Unit})
	return a.People.SignOut(ctx, session.Token)
}

// confirm ends the first sign-in with the code of a moment ago. The code of half
// a minute ago is still good, and leaves the present one to who signs in first.
func (a *App) confirm(ctx context.Context, token, password, secret string, ago time.Duration) (people.Session, error) {
	code, err := people.Code(secret, a.Now()-ago.Microseconds())
	if err != nil {
		return people.Session{}, err
	}
	return a.People.ConfirmEnrol(ctx, token, password, code)
}

func ungroup(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != ' ' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

func (a *App) seedPatrol(ctx context.Context, s *Sample) error {
	lead := s.As("maud")
	weekdays := "mon-fri 09:00-12:30 13:30-18:00"
	card, err := a.Patrol.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agente Noor 4107", Unit: SampleService, Languages: []string{"fr", "en"},
		Channels: []string{"portal", "instagram", "discord"}, Hours: weekdays, Holder: s.As("noor").Handle, Photo: samplePhoto(0)})
	if err != nil {
		return errs.Wrap(err, "seed officer")
	}
	elias, err := a.Patrol.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent Elias 4112", Unit: SampleService, Languages: []string{"fr"},
		Channels: []string{"portal", "twitch"}, Hours: "mon-sun 17:00-23:00", Holder: s.As("elias").Handle, Photo: samplePhoto(1)})
	if err != nil {
		return errs.Wrap(err, "seed officer")
	}
	if err := a.seedRoster(ctx, lead, card.ID, elias.ID); err != nil {
		return err
	}
	for _, acc := range []patrol.AccountIn{
		{Platform: "instagram", Handle: "patrouille.valombre", URL: "https://instagram.example/patrouille.valombre", Proof: "seen"},
		{Platform: "discord", Handle: "noor4107_valombre", Proof: "seen", Officer: card.ID},
		{Platform: "mastodon", Handle: "patrouille@social.valombre.example", URL: "https://social.valombre.example/@patrouille", Proof: "seen"},
	} {
		if _, err := a.Patrol.PublishAccount(ctx, lead, acc); err != nil {
			return errs.Wrap(err, "seed account "+acc.Handle)
		}
	}
	return errs.Wrap(a.Patrol.SetHours(ctx, lead, "portal", "mon-fri 09:00-12:30 13:30-18:00; sat 10:00-16:00", 3), "seed hours")
}

// seedRoster plans this week and the two after it, as the cards say.
func (a *App) seedRoster(ctx context.Context, lead access.Actor, noor, elias string) error {
	in := patrol.ShiftIn{Week: time.UnixMicro(a.Now()).In(a.zone).Format(time.DateOnly), Weeks: 3}
	day, evening := in, in
	day.Days, day.Times, day.Channel, day.Languages, day.Purpose, day.Officer = []string{"mon", "tue", "wed", "thu", "fri"}, "09:00-12:30 13:30-18:00", "portal", []string{"fr", "en"}, "answer", noor
	evening.Days, evening.Times, evening.Channel, evening.Languages, evening.Purpose, evening.Officer = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, "17:00-23:00", "twitch", []string{"fr"}, "patrol", elias
	for _, plan := range []patrol.ShiftIn{day, evening} {
		if _, err := a.Patrol.PlanShifts(ctx, lead, plan); err != nil {
			return errs.Wrap(err, "seed roster")
		}
	}
	return nil
}

func (a *App) seedMandate(ctx context.Context, s *Sample, feedURL string) error {
	now := a.Now()
	p := mandate.Proposal{
		Text: mandate.Text{
			Purpose: "Trouver les offres codées de stupéfiants et les recrutements pour violences commandées dans des flux publics du district.",
			Act:     "Arrêté VAL-2026-114 (exemple)", DPIA: "AIPD 2026-07 (exemple)",
			Necessity:       "Les signalements de familles montrent des offres publiques que les patrouilles visibles ne rencontrent pas à temps.",
			Proportionality: "Seules des publications publiques de flux nommés sont lues ; ce qui ne correspond pas n’est gardé nulle part.",
			Territory:       "District de Valombre",
		},
		Categories: []string{"drugs-offer", "crime-recruitment", "violence-for-hire", "fraud-offer", "police-impersonation"}, DailyVolume: 1_000_000,
		Sources: []mandate.SourceIn{{Kind: mandate.Feed, Name: "Flux d’exemple", Address: feedURL}, {Kind: mandate.Stream, Name: "Partenaire d’exemple"}, {Kind: mandate.Paste, Name: "Collage d’un analyste"}, {Kind: mandate.Archive, Name: "Fichiers d’un analyste"}},
		Starts:  now, Ends: now + (30 * 24 * time.Hour).Microseconds(),
	}
	man, err := a.Mandates.Draft(ctx, s.As("yann"), p)
	if err != nil {
		return errs.Wrap(err, "seed mandate")
	}
	if err := a.Mandates.Approve(ctx, s.As("helene"), man); err != nil {
		return errs.Wrap(err, "approve sample mandate")
	}
	s.Mandate = man
	m, err := a.Mandates.Open(ctx, s.As("yann"), man)
	if err != nil {
		return errs.Wrap(err, "seed mandate")
	}
	for _, src := range m.Sources {
		if src.Kind != mandate.Stream {
			continue
		}
		if s.Stream, err = a.Mandates.IssueKey(ctx, s.As("yann"), src.ID); err != nil {
			return errs.Wrap(err, "seed stream key")
		}
	}
	return nil
}
