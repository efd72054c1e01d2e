// Package lang holds every sentence that people read, in each language.
//
// It owns the catalogues (catalog/<language>/<area>.toml), plural forms, dates,
// numbers and the choice of a language. It promises that French and English have
// the same keys with the same placeholders, that a translation has everything
// that citizens read, that an easy version says nothing that its language does
// not, that every key used in a page or in Go
// exists, and that none is left over: its tests read the whole repository and
// fail otherwise. Catalogues are written with plain spaces and apostrophes;
// the typography of the language is put in when they are loaded.
//
// It does not escape for HTML, decide what is shown, read a clock or know a
// user. Which translations a door offers is the organisation's decision: a
// translation that no native speaker has read stays off (design 7).
package lang
