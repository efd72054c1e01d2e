package watch

import (
	"slices"

	"ronde/mandate"
)

// guarded are the categories whose alerts are for specialised staff only: to
// everybody else such an alert is as nothing (access/policies/alert.cedar).
var guarded = []string{"exploitation-coded"}

// Guarded reports whether the alert is for specialised staff only.
func (a *Alert) Guarded() bool { return anyGuarded(a.Categories) }

// MayRaiseGuarded reports whether a mandate asks for a category whose alerts
// are for specialised staff only.
func MayRaiseGuarded(m *mandate.Mandate) bool { return anyGuarded(m.Categories) }

func anyGuarded(categories []string) bool {
	return slices.ContainsFunc(categories, func(c string) bool { return slices.Contains(guarded, c) })
}
