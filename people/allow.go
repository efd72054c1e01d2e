package people

import (
	"ronde/access"
	"ronde/internal/errs"
)

// Allow asks the rules and returns an error for people: errs.Denied
// "err.denied" when they may know of the thing but not do this, errs.NotFound
// "err.not_found" when they may not even know that it exists.
func Allow(by access.Actor, verb string, r access.Resource) error {
	d := access.Decide(by, verb, r)
	switch {
	case d.Allowed:
		return nil
	case d.Known:
		return errs.New(errs.Denied, "err.denied", "allow "+verb+": "+by.Handle+" is refused by "+rule(d))
	}
	return errs.New(errs.NotFound, "err.not_found", "allow "+verb+": "+by.Handle+" may not know, by "+rule(d))
}

func rule(d access.Decision) string {
	if len(d.Reasons) == 0 {
		return "default"
	}
	return d.Reasons[0].Policy
}
