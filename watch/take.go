package watch

import (
	"context"

	"ronde/internal/db"
	"ronde/mandate"
)

// share is one batch's part of the day's volume.
type share struct {
	permit  mandate.Permit
	asked   int // posts that could be read
	refused int // outside the contract
	left    int // not asked for by the mandate

	granted int
	err     error
}

// take checks the permit against the mandate's row and counts, in one
// transaction, before a single text is looked at.
func (s *Service) take(p mandate.Permit, n int, r *Result) (granted int, err error) {
	sh := &share{permit: p, asked: n, refused: r.Refused, left: r.NotRead}
	s.takes.do(sh)
	if sh.err != nil {
		return 0, sh.err
	}
	r.Read, r.NotRead = sh.granted, r.NotRead+n-sh.granted
	return sh.granted, nil
}

// takeAll serves batches that wait together. Each source is asked once.
func (s *Service) takeAll(shares []*share) {
	ctx, cancel := context.WithTimeout(context.Background(), writeIn)
	defer cancel()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, group := range bySource(shares) {
			if err := s.takeGroup(ctx, tx, group); err != nil {
				return err
			}
		}
		return nil
	})
	for _, sh := range shares {
		if err != nil {
			sh.err = err
		}
	}
}

func bySource(shares []*share) [][]*share {
	at := map[[2]string]int{}
	var out [][]*share
	for _, sh := range shares {
		key := [2]string{sh.permit.Mandate(), sh.permit.Source()}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], sh)
	}
	return out
}

// takeGroup takes for all batches of a source. A permit that no longer holds
// fails its batches; an error of the database fails the transaction.
func (s *Service) takeGroup(ctx context.Context, tx *db.Tx, group []*share) error {
	p := group[0].permit
	refusal := s.Mandates.Check(ctx, tx, p)
	if refusal != nil && !isRefusal(refusal) {
		return refusal
	}
	asked, refused, left := 0, 0, 0
	for _, sh := range group {
		sh.granted, sh.err = 0, refusal
		asked, refused, left = asked+sh.asked, refused+sh.refused, left+sh.left
	}
	if refusal != nil {
		return nil
	}
	granted, err := s.Mandates.Take(ctx, tx, p, asked)
	if err != nil {
		return err
	}
	for rest := granted; len(group) > 0; group = group[1:] {
		group[0].granted = min(rest, group[0].asked)
		rest -= group[0].granted
	}
	if err := s.Mandates.LeaveOut(ctx, tx, p.Mandate(), p.Source(), refused+left); err != nil {
		return err
	}
	if err := s.Channels.CountGap(ctx, tx, "volume", asked-granted); err != nil {
		return err
	}
	return s.Channels.CountGap(ctx, tx, "post", refused)
}
