package patrol

import (
	"context"
	"database/sql"

	"ronde/internal/db"
)

const campaignColumns = `id, kind, title, aim, audience, claim, sources, state, drafter, author, reviewer, remark, revision, made, published, withdrawn`

func scanCampaign(scan func(...any) error) (c Campaign, err error) {
	var sources string
	err = scan(&c.ID, &c.Kind, &c.Title, &c.Aim, &c.Audience, &c.Claim, &sources, &c.State, &c.drafter, &c.Author, &c.Reviewer, &c.Remark, &c.Revision, &c.Made, &c.Published, &c.Withdrawn)
	if err == nil && sources != "" {
		c.Sources, err = readSources(sources)
	}
	return c, err
}

func insertCampaign(ctx context.Context, tx *db.Tx, c Campaign) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_campaigns (id, kind, title, aim, audience, claim, sources, state, drafter, author, reviewer, remark, revision, made, published, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', $11, $12, 0, 0)`,
		c.ID, c.Kind, c.Title, c.Aim, c.Audience, c.Claim, writeSources(c.Sources), c.State, c.drafter, c.Author, c.Revision, c.Made)
	return err
}

func updateCampaign(ctx context.Context, tx *db.Tx, c Campaign) error {
	_, err := tx.Exec(ctx, `UPDATE patrol_campaigns SET kind = $2, title = $3, aim = $4, audience = $5, claim = $6, sources = $7, state = $8, reviewer = $9, remark = $10,
		revision = $11, published = $12, withdrawn = $13 WHERE id = $1`,
		c.ID, c.Kind, c.Title, c.Aim, c.Audience, c.Claim, writeSources(c.Sources), c.State, c.Reviewer, c.Remark, c.Revision, c.Published, c.Withdrawn)
	return err
}

func selectCampaign(ctx context.Context, tx *db.Tx, id string) (Campaign, error) {
	return scanCampaign(tx.QueryRow(ctx, `SELECT `+campaignColumns+` FROM patrol_campaigns WHERE id = $1`, id).Scan)
}

// selectCampaigns lists those of a state, or all for "": what waits for review
// first, then drafts, then the newest.
func selectCampaigns(ctx context.Context, tx *db.Tx, state string, most int) ([]Campaign, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (Campaign, error) { return scanCampaign(r.Scan) },
		`SELECT `+campaignColumns+` FROM patrol_campaigns WHERE state = $1 OR $1 = ''
		ORDER BY CASE state WHEN 'review' THEN 0 WHEN 'draft' THEN 1 ELSE 2 END, published DESC, made DESC, id LIMIT $2`, state, most)
}

func countCampaigns(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM patrol_campaigns`).Scan(&n)
	return n, err
}

func insertText(ctx context.Context, tx *db.Tx, id, campaign string, t Text) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_texts (id, campaign, platform, language, title, body) VALUES ($1, $2, $3, $4, $5, $6)`, id, campaign, t.Platform, t.Language, t.Title, t.Body)
	return err
}

// deleteTexts deletes the texts of a draft and returns their rows.
func deleteTexts(ctx context.Context, tx *db.Tx, campaign string) ([]string, error) {
	rows, err := db.Collect(ctx, tx, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	}, `SELECT id FROM patrol_texts WHERE campaign = $1 ORDER BY id`, campaign)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM patrol_texts WHERE campaign = $1`, campaign)
	}
	return rows, err
}

func selectTexts(ctx context.Context, tx *db.Tx, campaign string) ([]Text, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (t Text, err error) {
		err = r.Scan(&t.Platform, &t.Language, &t.Title, &t.Body)
		return t, err
	}, `SELECT platform, language, title, body FROM patrol_texts WHERE campaign = $1 ORDER BY CASE platform WHEN 'portal' THEN 0 ELSE 1 END, platform, language`, campaign)
}

func upsertReach(ctx context.Context, tx *db.Tx, campaign string, r Reach) error {
	_, err := tx.Exec(ctx, `INSERT INTO patrol_reaches (campaign, platform, n, noted) VALUES ($1, $2, $3, $4) ON CONFLICT (campaign, platform) DO UPDATE SET n = $3, noted = $4`, campaign, r.Platform, r.N, r.Noted)
	return err
}

func selectReach(ctx context.Context, tx *db.Tx, campaign string) ([]Reach, error) {
	return db.Collect(ctx, tx, func(r *sql.Rows) (x Reach, err error) {
		err = r.Scan(&x.Platform, &x.N, &x.Noted)
		return x, err
	}, `SELECT platform, n, noted FROM patrol_reaches WHERE campaign = $1 ORDER BY platform`, campaign)
}
