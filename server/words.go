package server

import (
	"fmt"
	"time"

	"guichet/schemas"
)

// words are the texts of pages. A no-break space stands before the French colon and question mark.
var words = map[string]schemas.Wording{
	"error":                {FR: "Erreur", EN: "Error"},
	"colon":                {FR: "\u00a0: ", EN: ": "},
	"skip":                 {FR: "Aller au contenu", EN: "Skip to content"},
	"language":             {FR: "Langue", EN: "Language"},
	"about":                {FR: "À propos de l’événement", EN: "About the event"},
	"question":             {FR: "Une question\u00a0?", EN: "Any questions?"},
	"footer.accessibility": {FR: "Accessibilité\u00a0: non conforme", EN: "Accessibility: not compliant"},
	"footer.legal":         {FR: "Mentions légales", EN: "Legal notice"},
	"footer.data":          {FR: "Vos données", EN: "Your data"},
	"footer.served":        {FR: "Servi par Guichet, logiciel libre", EN: "Served by Guichet, free software"},

	"when":      {FR: "Quand", EN: "When"},
	"where":     {FR: "Où", EN: "Where"},
	"places":    {FR: "Places", EN: "Places"},
	"programme": {FR: "Programme", EN: "Programme"},
	"event.url": {FR: "La page de l’événement", EN: "The event’s own page"},
	"agenda":    {FR: "Agenda", EN: "Calendar"},
	"calendar":  {FR: "Ajouter à mon agenda", EN: "Add to my calendar"},

	"optional":          {FR: "(facultatif)", EN: "(optional)"},
	"mandatory":         {FR: "(obligatoire)", EN: "(required)"},
	"required.rule":     {FR: "Tout est demandé, sauf mention «\u00a0facultatif\u00a0».", EN: "Everything is required unless marked “optional”."},
	"required.rare":     {FR: "Seul ce qui est marqué «\u00a0obligatoire\u00a0» est demandé.", EN: "Only what is marked “required” has to be filled in."},
	"submit":            {FR: "Envoyer mes réponses", EN: "Send my answers"},
	"blank":             {FR: "Choisissez…", EN: "Choose…"},
	"yes":               {FR: "Oui", EN: "Yes"},
	"no":                {FR: "Non", EN: "No"},
	"add":               {FR: "Ajouter", EN: "Add"},
	"remove":            {FR: "Retirer", EN: "Remove"},
	"full.choice":       {FR: "complet", EN: "full"},
	"privacy.link":      {FR: "Vos données et vos droits", EN: "Your data and your rights"},
	"more":              {FR: "Quelques questions de plus", EN: "A few more questions"},
	"more.text":         {FR: "Vos réponses en appellent d’autres, ajoutées ci-dessous. Rien n’est encore envoyé.", EN: "Your answers call for others, added below. Nothing has been sent yet."},
	"old":               {FR: "Cette page était ouverte depuis longtemps", EN: "This page had been open for a long time"},
	"old.text":          {FR: "Vos réponses sont toujours là. Vérifiez-les, puis envoyez-les de nouveau.", EN: "Your answers are still here. Please check them, then send them again."},
	"unavailable":       {FR: "Vos réponses n’ont pas pu être enregistrées", EN: "Your answers could not be saved"},
	"unavailable.text":  {FR: "Le service est momentanément indisponible. Gardez cette page ouverte et envoyez de nouveau dans quelques instants\u00a0: une inscription déjà enregistrée ne sera pas doublée.", EN: "The service is not available right now. Keep this page open and send again in a moment: a registration that was saved already will not be doubled."},
	"form.full":         {FR: "Il n’y a plus de place", EN: "There is no place left"},
	"form.full.text":    {FR: "Toutes les places sont prises. Si quelqu’un annule, le formulaire s’ouvrira de nouveau.", EN: "All places are taken. If someone cancels, the form will open again."},
	"closed":            {FR: "Les inscriptions sont closes", EN: "Registration is closed"},
	"not_yet":           {FR: "Les inscriptions ne sont pas encore ouvertes", EN: "Registration is not open yet"},
	"receipt.confirmed": {FR: "Inscription confirmée", EN: "Registration confirmed"},
	"receipt.cancelled": {FR: "Inscription annulée", EN: "Registration cancelled"},
	"receipt.thanks":    {FR: "Merci, vos réponses sont enregistrées.", EN: "Thank you, your answers are saved."},
	"receipt.gone":      {FR: "Cette inscription a été annulée.", EN: "This registration was cancelled."},
	"receipt.next":      {FR: "Gardez cette référence\u00a0: elle suffit à l’accueil. Imprimez cette page ou gardez son adresse pour relire vos réponses.", EN: "Keep this reference: it is all you need at the welcome desk. Print this page or keep its address to read your answers again."},
	"receipt.gone.next": {FR: "Sa place est libérée.", EN: "Its place is free again."},
	"receipt.day":       {FR: "Votre journée", EN: "Your day"},
	"receipt.answers":   {FR: "Vos réponses", EN: "Your answers"},
	"reference":         {FR: "Référence", EN: "Reference"},

	"home":           {FR: "Formulaires ouverts", EN: "Open forms"},
	"home.lead":      {FR: "Choisissez un événement pour vous inscrire.", EN: "Choose an event to register for."},
	"home.empty":     {FR: "Aucun formulaire n’est ouvert", EN: "No form is open"},
	"home.empty.how": {FR: "Les formulaires apparaissent ici dès qu’ils sont publiés puis ouverts\u00a0:", EN: "Forms appear here once they are published and opened:"},
	"state.open":     {FR: "ouvert", EN: "open"},
	"state.not_yet":  {FR: "bientôt", EN: "soon"},
	"state.closed":   {FR: "clos", EN: "closed"},
	"state.full":     {FR: "complet", EN: "full"},
	"back.form":      {FR: "Revenir au formulaire", EN: "Back to the form"},
	"back.home":      {FR: "Voir les formulaires ouverts", EN: "See the open forms"},
}

// say gives a text of pages.
func say(key, language string) string { return words[key].In(language) }

// sayf is say with figures or names filled in.
func sayf(language, fr, en string, args ...any) string {
	return fmt.Sprintf(schemas.Wording{FR: fr, EN: en}.In(language), args...)
}

// count writes a number of things.
func count(language string, n int, frOne, frMany, enOne, enMany string) string {
	word := enMany
	switch {
	case language != "en" && n < 2:
		word = frOne
	case language != "en":
		word = frMany
	case n == 1:
		word = enOne
	}
	return fmt.Sprintf("%d\u00a0%s", n, word)
}

// languageNames are how each language calls itself.
var languageNames = map[string]string{"fr": "Français", "en": "English"}

func hour(t time.Time, language string) string {
	if language == "en" {
		return schemas.EnglishHour(t)
	}
	return schemas.FrenchHour(t)
}

// hours writes a span within a day: 9 h – 12 h 30.
func hours(starts, ends time.Time, language string) string {
	return hour(starts, language) + "\u00a0–\u00a0" + hour(ends, language)
}

// when writes an event's time: mercredi 11 décembre 2019, de 9 h à 18 h.
func when(event *schemas.Event, location *time.Location, language string) string {
	if event == nil || event.Starts.IsZero() {
		return ""
	}
	starts, ends := event.Starts.In(location), event.Ends.In(location)
	day := schemas.FrenchDay
	if language == "en" {
		day = schemas.EnglishDay
	}
	switch {
	case event.Ends.IsZero():
		return day(starts) + ", " + hour(starts, language)
	case starts.YearDay() == ends.YearDay() && starts.Year() == ends.Year():
		return sayf(language, "%s, de %s à %s", "%s, %s to %s", day(starts), hour(starts, language), hour(ends, language))
	}
	return sayf(language, "du %s à %s au %s à %s", "%s, %s to %s, %s", day(starts), hour(starts, language), day(ends), hour(ends, language))
}
