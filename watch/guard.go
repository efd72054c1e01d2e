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

func (a *Alert) guardedBy() string {
	if i := slices.IndexFunc(a.Categories, GuardedCategory); i >= 0 {
		return a.Categories[i]
	}
	return ""
}

// MayRaiseGuarded reports whether a mandate asks for a category whose alerts
// are for specialised staff only.
func MayRaiseGuarded(m *mandate.Mandate) bool { return anyGuarded(m.Categories) }

// GuardedCategory reports whether what is found of a category is for
// specialised staff only.
func GuardedCategory(category string) bool { return slices.Contains(guarded, category) }

// GuardedCategories lists them.
func GuardedCategories() []string { return slices.Clone(guarded) }

func anyGuarded(categories []string) bool {
	return slices.ContainsFunc(categories, GuardedCategory)
}
