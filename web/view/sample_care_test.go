package view

import "time"

func careSamples(code string) map[string]Page {
	w := func(path string) Work { return sampleWork(code, path) }
	shown := []Option{{Value: "blur", Label: in2(code, "Blur", "Flouter"), Hint: in2(code, "Pictures and alerts stay blurred.", "Les images et les alertes restent floues.")}, {Value: "grey", Label: in2(code, "Grey", "En gris")}, {Value: "mute", Label: in2(code, "Calm", "Au calme")}}
	rows := []TrainingRow{{"trn_1", "P-22910", "patrol", moment.Add(400 * time.Hour), "soon"}, {"trn_2", "P-10112", "children", moment.Add(9000 * time.Hour), "valid"}, {"trn_3", "P-10112", "habilitation", ago(300 * time.Hour), "over"}, {"trn_4", "P-40001", "suicide", moment.Add(900 * time.Hour), "gone"}}
	care := CarePage{Work: w("/care"), Shown: shown, Hour: 51 * time.Minute, Today: 2 * time.Hour, Week: 9 * time.Hour, Trainings: rows[:3], Needs: []NeedRow{{"walk", "patrol", true}, {"review", "publication", false}},
		Came: []CameRow{{"alert", "A-0146", in2(code, "a crime report was taken", "plainte prise"), ago(50 * time.Hour)}}, Form: Form{Values: map[string]string{"calm=grey": "on"}}}
	care.Break, care.Calm = true, "calm-grey"
	exercise := HomePage{Portal: samplePortal(code, "/")}
	exercise.Exercise = true
	work := CarePage{Work: w("/care"), Shown: shown}
	work.Exercise, work.Mute = true, true
	options := []Option{{Value: "patrol", Label: in2(code, "Online patrol", "Patrouille en ligne")}}
	return map[string]Page{"work-care": care, "work-care-exercise": work, "home-exercise": exercise,
		"work-training":       TrainingPage{Work: w("/training"), Rows: rows, Needs: []NeedRow{{"vouch", "", false}, {"walk", "patrol", false}}, People: []Option{{Value: "P-10112", Label: "P-10112"}}, Trainings: options, NeedOf: append([]Option{{Label: in2(code, "nothing", "rien")}}, options...)},
		"work-training-empty": TrainingPage{Work: w("/training")}}
}
