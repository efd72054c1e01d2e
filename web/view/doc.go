// Package view is the face of both doors: one struct and one template a page.
//
// It owns the page structs (plain display data), the templates under portal/
// and work/, the parts they share, the style sheets, fonts, icons and the few
// small scripts. It promises that every template fits its struct in every
// language, that a page is written whole or not at all, that everything works
// under a content security policy without inline script or style, and that the
// portal works without any script.
//
// It decides nothing: whoever fills a struct has asked who may see what. It
// reads no request, database or clock, and knows no service.
//
// The addresses that the pages link to and post to are part of each struct's
// comment, with the names of the form fields. Every form carries the field
// "csrf" with the token of the layout.
package view
