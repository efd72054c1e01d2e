package view

import "time"

func sampleGrade(code string, value string) Grade {
	g := Grade{}
	if value != "" {
		g = Grade{Value: value, System: in2(code, "Admiralty system", "Système de l’Amirauté"), Source: in2(code, "usually reliable", "habituellement fiable"), Information: in2(code, "possibly true", "peut-être vraie")}
	}
	g.Scales = []GradeScale{{in2(code, "Admiralty system", "Système de l’Amirauté"), []Option{{"admiralty A", "A · " + in2(code, "completely reliable", "totalement fiable"), ""}}, []Option{{"admiralty 1", "1 · " + in2(code, "confirmed", "confirmée"), ""}}}}
	return g
}

// watchSamples are the pages of what one person lets out alone, and of the
// lexicon.
func watchSamples(code string) map[string]Page {
	w := func(path string) Work { return sampleWork(code, path) }
	why := in2(code, "He names the girl, the school gate and the hour; nobody of the leads answers.", "Il nomme la fille, le portail du collège et l’heure ; aucun chef ne répond.")
	leads := words("destination", code, "case", "notice")
	late := GlassRow{ID: "ale_1", Ref: "A-0412", Href: "/alerts/ale_1", Category: "violence-for-hire", To: "case", Grade: "B2", By: "W-17", At: ago(30 * time.Hour), Due: ago(6 * time.Hour), Late: true, Reason: why}
	soon := GlassRow{ID: "ale_2", Ref: "A-0413", Category: "crime-recruitment", To: "case", Grade: "F6", By: "W-18", At: ago(time.Hour), Due: moment.Add(23 * time.Hour), Left: 23 * time.Hour, Reason: why, Own: true}
	done := late
	done.Reviewer, done.Reviewed, done.Review = "A-03", ago(time.Hour), in2(code, "Justified.", "Justifié.")
	broken := BreakPage{Work: w("/alerts/ale_1/glass"), ID: "ale_1", Ref: "A-0412", Category: "violence-for-hire", Grade: sampleGrade(code, "B3"), Leads: leads, Hours: 24, Letters: 20}
	wrong := broken
	wrong.Grade, wrong.Form = sampleGrade(code, ""), Form{Problems: []Problem{{"danger", in2(code, "For danger to life only.", "Pour un danger de mort seulement.")}, {"reason", in2(code, "Say more.", "Dites-en plus.")}}}
	return map[string]Page{
		"work-break": broken, "work-break-wrong": wrong,
		"work-glass":      GlassPage{Work: w("/glass"), Waiting: []GlassRow{late, soon}, Done: []GlassRow{done}},
		"work-glass-none": GlassPage{Work: w("/glass")},
	}
}
