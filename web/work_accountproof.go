package web

import (
	"net/http"
	"net/url"
	"slices"

	"ronde/internal/errs"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// officialAccount is an account as the workbench shows it.
func (b *Workbench) officialAccount(a patrol.Account, owner string) view.Account {
	out := view.Account{ID: a.ID, Channel: a.Platform, Handle: a.Handle, URL: a.URL, Owner: owner, Since: b.time(a.Published), State: a.State, Way: a.Proof, Place: a.ProofAt}
	if a.State != patrol.Published {
		return out
	}
	out.Standing, out.Alarm, out.Seen, out.Tried = accountStanding(a, b.Now()), a.Alarm(b.Now()), b.time(a.Proven), b.time(a.Tried)
	if a.Proof != patrol.ProofSeen {
		out.Found = a.Result
	}
	return out
}

// proofWays are the choices of how an account is shown to be ours. Without an
// address of the portal there is nothing to point back to.
func (b *Workbench) proofWays(r *http.Request) (out []view.Option) {
	l := b.words(r)
	ways := slices.Clone(patrol.Proofs)
	slices.Reverse(ways)
	for _, p := range ways {
		if p == patrol.ProofSeen || b.Site != "" {
			out = append(out, view.Option{Value: p, Label: l.T("word.proof." + p)})
		}
	}
	return out
}

func (b *Workbench) proofPage(r *http.Request, by people.Session) (view.AccountProofPage, error) {
	page := view.AccountProofPage{Work: b.frame(r, by), Site: b.Site, Ways: b.proofWays(r)}
	_, accounts, err := b.Patrol.List(r.Context(), by.Actor)
	if err != nil {
		return page, err
	}
	i := slices.IndexFunc(accounts, func(a patrol.Account) bool { return a.ID == r.PathValue("id") && a.State == patrol.Published })
	if i < 0 {
		return page, errs.New(errs.NotFound, "err.not_found", "show proof: no such account")
	}
	a := accounts[i]
	page.Account = b.officialAccount(a, "")
	page.Form.Values = map[string]string{"proof": a.Proof, "proof_at": a.ProofAt}
	if u, err := url.Parse(b.Site); err == nil && u.Host != "" {
		page.Record = "_ronde." + u.Hostname()
	}
	page.Text = "account=" + a.Platform + ":" + a.Handle
	return page, nil
}

// accountProof is GET /officials/accounts/{id}.
func (b *Workbench) accountProof(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.proofPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// proveAccount is POST /officials/accounts/{id}/prove: look now.
func (b *Workbench) proveAccount(w http.ResponseWriter, r *http.Request, by people.Session) error {
	a, err := b.Patrol.Prove(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	done := "proven"
	if !a.Stands(b.Now()) || a.Proof != patrol.ProofSeen && a.Result != patrol.Proven {
		done = "not-proven"
	}
	return after(w, r, "/officials/accounts/"+a.ID, done)
}

// setProof is POST /officials/accounts/{id}/proof; the new proof is looked for
// at once.
func (b *Workbench) setProof(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Patrol.SetProof(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("proof"), r.PostFormValue("proof_at"))
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.proofPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return b.proveAccount(w, r, by)
}
