package app

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/lang"
)

// Config is the whole configuration; it is also its manual. Every field can
// be a flag (--data), an environment variable (RONDE_DATA) or a line of the
// file given with --config (data = "…").
type Config struct {
	Data      string `help:"Folder for the database, blobs and ledger." default:"ronde-data" env:"RONDE_DATA" type:"path"`
	Keys      string `help:"Folder of the key ring; several copies of the program share one. Default: keys in the data folder." env:"RONDE_KEYS" type:"path"`
	MasterKey string `help:"File with the master key (64 hexadecimal letters, mode 0600), kept outside the data folder." env:"RONDE_MASTER_KEY" type:"path"`
	Database  string `help:"postgres:// address; default: SQLite in the data folder." env:"RONDE_DATABASE"`
	Bus       string `help:"nats:// address; default: a bus inside the program." env:"RONDE_BUS"`

	Roles   []string `help:"What this copy of the program does: web (the doors), watch (feeds and verdicts), worker (ledger, retention). Default: all. Copies that part the work share one database, bus and key folder." env:"RONDE_ROLES"`
	Lexicon string   `help:"Folder of the agency's own lexicon; default: the shipped one." env:"RONDE_LEXICON" type:"path"`

	Portal    string `help:"Address of the public door." default:"127.0.0.1:8080" env:"RONDE_PORTAL"`
	Workbench string `help:"Address of the staff door; never public." default:"127.0.0.1:8081" env:"RONDE_WORKBENCH"`
	Partner   string `help:"Address of the partners' door." default:"127.0.0.1:8082" env:"RONDE_PARTNER"`

	TLSCert        string   `help:"PEM certificate chain for all doors; read again when it changes." env:"RONDE_TLS_CERT" type:"path"`
	TLSKey         string   `help:"PEM key of the certificate." env:"RONDE_TLS_KEY" type:"path"`
	ClientCA       string   `help:"PEM authorities whose client certificates the partners' door asks for." env:"RONDE_CLIENT_CA" type:"path"`
	TrustedProxies []string `help:"Networks whose X-Forwarded-For is believed (10.0.0.0/8)." env:"RONDE_TRUSTED_PROXIES"`

	Organisation string   `help:"Name of the organisation, as citizens read it." default:"Ronde" env:"RONDE_ORGANISATION"`
	Service      string   `help:"Name of the patrol, as citizens read it." default:"Online patrol" env:"RONDE_SERVICE"`
	Address      string   `help:"Postal address of the controller, for the legal page." env:"RONDE_ADDRESS"`
	DataOfficer  string   `help:"Contact of the data-protection officer, for the rights page." env:"RONDE_DATA_OFFICER"`
	Authority    string   `help:"Name of the supervisory authority." env:"RONDE_AUTHORITY"`
	AuthorityURL string   `help:"Address of the supervisory authority." env:"RONDE_AUTHORITY_URL"`
	Contact      string   `help:"Contact for feedback on accessibility." env:"RONDE_CONTACT"`
	ExitURL      string   `help:"Where quick exit leads." default:"https://www.wikipedia.org/" env:"RONDE_EXIT_URL"`
	Log          string   `help:"Name of the ledger in its checkpoints: no spaces, no plus." default:"ronde.local/ledger" env:"RONDE_LOG"`
	Site         string   `help:"Address of the portal as people type it (https://patrouille.example): stands in QR codes, feeds and the signed list of accounts." env:"RONDE_SITE"`
	OfficerNames string   `help:"How officers are named in public: free (as the lead writes it), full (first and family name), service (a name with a number) or number." enum:"free,full,service,number" default:"free" env:"RONDE_OFFICER_NAMES"`
	Exercise     bool     `help:"An exercise on invented data: every page says so, no channel is opened, nobody is rung and nothing outside is reached." env:"RONDE_EXERCISE"`
	RoundsShown  []string `help:"Networks where the public may know that an officer is there now (discord,twitch); default: none." env:"RONDE_ROUNDS_SHOWN"`
	PLC          string   `help:"Directory of did:plc documents that official accounts are proven by." default:"https://plc.directory" env:"RONDE_PLC"`
	Zone         string   `help:"Time zone of the hours that are shown." default:"Europe/Paris" env:"RONDE_ZONE"`
	Law          string   `help:"Legal profile: fr, or default, which denies." default:"default" env:"RONDE_LAW"`
	Translations []string `help:"Translations of the portal that a native speaker of yours has read, each with who and when (nb=Language service, 2026-11-30); separate several with a semicolon. The others stay off." sep:";" env:"RONDE_TRANSLATIONS"`
	LocalFeeds   []string `help:"Feeds inside our own network that may be read (host:port); all other private addresses are refused." env:"RONDE_LOCAL_FEEDS"`

	Notify        string   `help:"TOML file that says how staff is rung when danger waits: mail, webhooks, SMS gateway. Without it nobody is rung." env:"RONDE_NOTIFY" type:"path"`
	WorkbenchURL  string   `help:"Address of the workbench as staff reach it, for the link in what they are sent (https://ronde.intern)." env:"RONDE_WORKBENCH_URL"`
	StaffLanguage string   `help:"Language of what staff are sent." default:"fr" env:"RONDE_STAFF_LANGUAGE"`
	Channels      string   `help:"File with one row for each account on which people write to us: mailboxes, pages, bots." env:"RONDE_CHANNELS" type:"path"`
	LocalChannels []string `help:"Addresses inside our own network that a channel may reach over the web (host:port); all other private addresses are refused." env:"RONDE_LOCAL_CHANNELS"`

	// Clock and Logger are set by the program, never by a file.
	Clock  db.Clock     `kong:"-" toml:"-"`
	Logger *slog.Logger `kong:"-" toml:"-"`
	// FeedInterval is the time between two readings of a feed; 0 is the watch's own.
	FeedInterval time.Duration `kong:"-" toml:"-"`
	restored     bool          // the folder was just restored: see ledger.Trim
	// Drafts shows translations that no native speaker has reviewed yet.
	Drafts bool `kong:"-" toml:"-"`

	reviewed map[string]string // of Translations, made by settle
}

// settle fills what follows from the rest and refuses what cannot work.
func (c *Config) settle() error {
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	if c.Database == "" {
		c.Database = filepath.Join(c.Data, "ronde.db")
	}
	if c.Clock == nil {
		c.Clock = db.System
	}
	if c.StaffLanguage == "" {
		c.StaffLanguage = "fr"
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.MasterKey == "" {
		return refuse("no master key: give --master-key FILE (make one with: ronde key new FILE)")
	}
	if within(c.Data, c.MasterKey) || within(c.Keys, c.MasterKey) {
		return refuse("the master key lies in the data folder or the key folder: whoever copies the folder could read it; keep it elsewhere")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return refuse("--tls-cert and --tls-key go together")
	}
	if err := c.settleRoles(); err != nil {
		return err
	}
	if err := c.settleTranslations(); err != nil {
		return err
	}
	if err := c.settleSite(); err != nil {
		return err
	}
	if err := c.settleExercise(); err != nil {
		return err
	}
	if strings.ContainsAny(c.Log, " +\n") || c.Log == "" {
		return refuse("--log has a space or a plus")
	}
	return nil
}

// Warnings say, a line each, what the law or the doors ask for and the
// configuration leaves out. The program runs without it.
func (a *App) Warnings() (lines []string) {
	c := &a.cfg
	if !c.does(roleWeb) {
		return nil
	}
	for _, w := range []struct {
		missing bool
		line    string
	}{
		{c.Law == "default", "no --law: the profile default denies, so no mandate can be approved and nothing is watched (--law fr for France)"},
		{c.Organisation == "Ronde" || c.Service == "Online patrol", "no --organisation or --service: citizens read the names that were shipped"},
		{c.Address == "", "no --address: the legal page must name where the controller can be reached (GDPR 13(1)(a), LED 13(1)(a))"},
		{c.DataOfficer == "", "no --data-officer: the rights page must say how to reach the data-protection officer (LED 13(1)(b))"},
		{c.Authority == "" || c.AuthorityURL == "", "no --authority or --authority-url: people must be told where to complain (LED 13(1)(d))"},
		{c.Site == "" && !c.Drafts, "no --site: officers' QR codes cannot be drawn on the workbench, and the signed list names no address"},
		{c.Contact == "", "no --contact: the accessibility page must offer a way to write (directive 2016/2102, 7(1)(b))"},
		{c.Notify == "" && !c.Drafts, "no --notify: nobody is rung when danger is written and nobody is on duty"},
		{c.TLSCert == "" && c.openWide(), "no --tls-cert, and a door listens beyond this machine: passwords and messages travel in clear unless a proxy in front adds TLS"},
	} {
		if w.missing {
			lines = append(lines, w.line)
		}
	}
	return lines
}

// settleSite accepts an origin: a scheme, a host, nothing behind it.
func (c *Config) settleSite() error {
	c.Site = strings.TrimSuffix(c.Site, "/")
	if c.Site == "" {
		return nil
	}
	u, err := url.Parse(c.Site)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return refuse("--site is the address of the portal and no page of it: https://patrouille.example")
	}
	return nil
}

// openWide reports whether a door listens on more than this machine.
func (c *Config) openWide() bool {
	return slices.ContainsFunc([]string{c.Portal, c.Workbench, c.Partner}, func(address string) bool {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return false // the door says what is wrong with it
		}
		ip, err := netip.ParseAddr(host)
		return host != "localhost" && (err != nil || !ip.IsLoopback())
	})
}

// What a copy of the program can do.
const (
	roleWeb    = "web"
	roleWatch  = "watch"
	roleWorker = "worker"
)

// settleRoles refuses a division of the work that would leave some undone or
// lock a copy out.
func (c *Config) settleRoles() error {
	if len(c.Roles) == 0 {
		c.Roles = []string{roleWeb, roleWatch, roleWorker}
	}
	for _, r := range c.Roles {
		if !slices.Contains([]string{roleWeb, roleWatch, roleWorker}, r) {
			return refuse("--roles knows web, watch and worker, not " + r)
		}
	}
	switch {
	case c.does(roleWeb) && c.does(roleWatch) && c.does(roleWorker):
	case !strings.HasPrefix(c.Database, "postgres"):
		return refuse("--roles parts the work between copies: they need one --database postgres://…")
	case c.Bus == "":
		return refuse("--roles parts the work between copies: they need one --bus nats://…")
	}
	return nil
}

// settleTranslations reads which translations somebody vouches for.
func (c *Config) settleTranslations() error {
	c.reviewed = map[string]string{}
	for _, row := range c.Translations {
		code, by, _ := strings.Cut(row, "=")
		code, by = strings.TrimSpace(code), strings.TrimSpace(by)
		if !slices.Contains(lang.Translations, code) {
			return refuse("--translations: there is no translation " + code + " (there are: " + strings.Join(lang.Translations, ", ") + ")")
		}
		if by == "" || len(by) > 200 {
			return refuse("--translations: say who has read " + code + ", and when: " + code + "=NAME, DATE")
		}
		c.reviewed[code] = by
	}
	return nil
}

// languages are what citizens may choose: French, English, their easy
// versions, and the translations that somebody has read. A demo shows all.
func (c *Config) languages() *lang.Choice {
	codes := slices.Concat(lang.Codes, lang.Easy)
	for _, code := range lang.Translations {
		if c.reviewed[code] != "" || c.Drafts {
			codes = append(codes, code)
		}
	}
	return lang.Offer(lang.InOrder(codes)...)
}

func (c *Config) does(role string) bool { return slices.Contains(c.Roles, role) }

func refuse(text string) error {
	return errs.New(errs.Invalid, "err.config", "read configuration: "+text)
}

// within reports whether a file lies below a folder, links followed.
func within(dir, file string) bool {
	d, f := resolved(dir), resolved(file)
	return d != "" && strings.HasPrefix(f, d+string(filepath.Separator))
}

// resolved is the path with its links followed, as far as it exists.
func resolved(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if parent := filepath.Dir(abs); parent != abs {
		return filepath.Join(resolved(parent), filepath.Base(abs))
	}
	return abs
}

func (c *Config) zone() (*time.Location, error) {
	z, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, refuse("unknown time zone " + c.Zone)
	}
	return z, nil
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.TrustedProxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, refuse("not a network: " + s)
		}
		out = append(out, p)
	}
	return out, nil
}
