package patrol

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

const purposeIncident = "patrol_incidents.handle"

// ReportImpostor counts a report and opens an incident for the duty lead, or
// adds to the one that is open for the same account. What is ours is not an
// impostor: the answer says so and nothing is kept.
func (s *Service) ReportImpostor(ctx context.Context, in ImpostorIn) (Answer, error) {
	q, err := in.read()
	if err != nil {
		return Answer{}, err
	}
	a, err := s.CheckHandle(ctx, q.platform, in.Handle)
	if err != nil || a.Verdict == Ours {
		return a, err
	}
	mark := s.keys.Hash("patrol_incidents.mark", q.mark())
	known, err := s.again(ctx, mark)
	if known || err != nil {
		return a, err
	}
	return a, s.openIncident(ctx, q, mark)
}

// again adds to an open incident, or, when too many are open, to the count alone.
func (s *Service) again(ctx context.Context, mark []byte) (known bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		row, open, err := findIncident(ctx, tx, mark)
		if err != nil {
			return errs.Wrap(err, "report impostor")
		}
		if known = row != "" || open >= MaxIncidents; !known {
			return nil
		}
		if err := count(ctx, tx, dayOf(tx.Now), "impostor.reported"); err != nil || row == "" {
			return errs.Wrap(err, "report impostor")
		}
		if err := addReport(ctx, tx, row); err != nil {
			return errs.Wrap(err, "report impostor")
		}
		return s.account(ctx, tx, access.AsCitizen(), "impostor.report", "patrol_incidents", row, "again")
	})
	return known, err
}

func (s *Service) openIncident(ctx context.Context, q query, mark []byte) error {
	row := id.New("imp", s.db.Now(), 0)
	if err := s.keys.Create(row); err != nil {
		return errs.Wrap(err, "report impostor")
	}
	text, err := q.sealed()
	if err != nil {
		return errs.Wrap(err, "report impostor")
	}
	sealed, err := s.keys.Seal(row, purposeIncident, text)
	if err != nil {
		return errs.Wrap(err, "report impostor")
	}
	added := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if added, err = insertIncident(ctx, tx, Incident{ID: row, Platform: q.platform}, mark, sealed); err != nil {
			return errs.Wrap(err, "report impostor")
		}
		if !added { // somebody else was first, a moment ago
			return nil
		}
		if err := count(ctx, tx, dayOf(tx.Now), "impostor.reported"); err != nil {
			return errs.Wrap(err, "report impostor")
		}
		return s.account(ctx, tx, access.AsCitizen(), "impostor.report", "patrol_incidents", row, "new")
	})
	if err == nil && added {
		return nil
	}
	if gone := s.keys.Destroy(row, s.db.Now()); gone != nil || err != nil {
		return errs.Wrap(firstOf(err, gone), "report impostor")
	}
	_, err = s.again(ctx, mark)
	return err
}

// Incidents lists what was reported, newest first, for the duty lead; it is
// recorded as a list view.
func (s *Service) Incidents(ctx context.Context, by access.Actor) (out []Incident, err error) {
	if err := people.Allow(by, "official.publish", access.Resource{Kind: "official"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := selectIncidents(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list impostors")
		}
		l, err := readList(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list impostors")
		}
		notices, err := selectNotices(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list impostors")
		}
		out = nil
		for _, r := range rows {
			i, err := s.openSealed(r, l)
			if err != nil {
				return err
			}
			n := notices[i.ID]
			i.Told, i.Again, i.There = n.told, n.again, n.state
			out = append(out, i)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "impostor.list", ID: "impostor", By: by, Detail: countText(len(out), "rows")})
	})
	return out, err
}

func (s *Service) openSealed(r incidentRow, l list) (Incident, error) {
	if r.State != Open {
		return r.Incident, nil
	}
	text, err := s.keys.Open(r.ID, purposeIncident, r.sealed)
	if err != nil {
		return r.Incident, errs.Wrap(err, "list impostors")
	}
	var n named
	if err := json.Unmarshal(text, &n); err != nil {
		return r.Incident, errs.Wrap(err, "list impostors")
	}
	q, err := readQuery(r.Platform, n.Handle)
	if err != nil {
		return r.Incident, errs.Wrap(err, "list impostors")
	}
	r.Handle, r.Answer = n.Handle, l.check(q)
	return r.Incident, nil
}

// TellPlatform writes down that an incident's platform was told, or what
// somebody found who looked again: Told, StillThere or GoneThere.
func (s *Service) TellPlatform(ctx context.Context, by access.Actor, incident, state string) error {
	if err := people.Allow(by, "account.impostor", access.Resource{Kind: "account", ID: incident}); err != nil {
		return err
	}
	if !slices.Contains([]string{Told, StillThere, GoneThere}, state) {
		return errs.Field("state", "err.patrol.outcome", "tell platform: no such state")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := selectIncidentState(ctx, tx, incident)
		if err != nil {
			return db.One(err, "tell platform")
		}
		if now != Open {
			return errs.New(errs.Conflict, "err.patrol.withdrawn", "tell platform: the incident is closed")
		}
		all, err := selectNotices(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "tell platform")
		}
		n := all[incident]
		if n.state = state; n.told == 0 || state == Told {
			n.told = tx.Now
		}
		if n.again = tx.Now + LookAgain.Microseconds(); state == GoneThere {
			n.again = 0
		}
		if err := upsertNotice(ctx, tx, incident, n); err != nil {
			return errs.Wrap(err, "tell platform")
		}
		if err := count(ctx, tx, dayOf(tx.Now), "impostor."+state); err != nil {
			return errs.Wrap(err, "tell platform")
		}
		return s.account(ctx, tx, by, "account.impostor", "patrol_notices", incident, state)
	})
}

// CloseIncident ends an incident with one of Outcomes. What named the account
// becomes unreadable; the counts stay.
func (s *Service) CloseIncident(ctx context.Context, by access.Actor, incident, outcome string) error {
	if err := people.Allow(by, "official.publish", access.Resource{Kind: "official"}); err != nil {
		return err
	}
	if !validOutcome(outcome) {
		return errs.Field("outcome", "err.patrol.outcome", "close incident: no such outcome")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := closeIncident(ctx, tx, incident, outcome); err != nil {
			return db.One(err, "close incident")
		}
		if err := count(ctx, tx, dayOf(tx.Now), "impostor.closed."+outcome); err != nil {
			return errs.Wrap(err, "close incident")
		}
		return s.account(ctx, tx, by, "impostor.close", "patrol_incidents", incident, outcome)
	})
	if err != nil {
		return err
	}
	return s.keys.Destroy(incident, s.db.Now())
}

// Counts sums the module's own counters over days, both ends included
// ("2026-11-23"), for the public figures.
func (s *Service) Counts(ctx context.Context, tx *db.Tx, fromDay, toDay string) (map[string]int64, error) {
	m, err := selectCounts(ctx, tx, fromDay, toDay)
	return m, errs.Wrap(err, "read counts")
}

func dayOf(at int64) string { return time.UnixMicro(at).UTC().Format(dateForm) }

func countText(n int, of string) string { return fmt.Sprintf("%d %s", n, of) }

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
