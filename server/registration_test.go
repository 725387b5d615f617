package server_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"guichet/forms"
	"guichet/schemas"
)

// TestRegistration registers for the day as a participant does, with mistakes first.
func TestRegistration(t *testing.T) {
	for _, store := range []struct {
		name string
		open func(*testing.T) forms.Store
	}{{"sqlite", openSQLite}, {"mongo", openMongo}} {
		t.Run(store.name, func(t *testing.T) {
			site := startSite(t, store.open(t), time.Now)
			for _, scripts := range []bool{false, true} {
				for _, language := range []string{"fr", "en"} {
					t.Run(fmt.Sprintf("scripts=%v %s", scripts, language), func(t *testing.T) {
						register(t, site, openBrowser(t, scripts), language)
					})
				}
			}
		})
	}
}

func register(t *testing.T, site *site, b *browser, language string) {
	say := func(fr, en string) string { return schemas.Wording{FR: fr, EN: en}.In(language) }
	const send = ".send button"
	b.open(site.form() + "?lang=" + language)
	b.want("language of the page", language, eval[string](b, "document.documentElement.lang"))

	// Nothing filled in: one summary, focused, with a link to each control.
	if status := b.press(send); status != 422 {
		t.Fatalf("status of an empty form = %d, want 422", status)
	}
	b.want("title", say("Erreur\u00a0: ", "Error: "), eval[string](b, "document.title"))
	b.want("focused", "erreurs", eval[string](b, "document.activeElement.id"))
	b.want("heading", say("Il reste 6 réponses à corriger", "6 answers need correcting"), b.text(".errors h2"))
	dead := eval[[]string](b, `[...document.querySelectorAll('.errors a')].map(a => a.hash).filter(h => !document.querySelector(h) || !document.querySelector(h).matches('input,select,textarea'))`)
	if len(dead) > 0 {
		t.Errorf("links of the summary that lead to no control: %v", dead)
	}

	// A mistake in the address, and the wish to present, which brings more questions.
	b.fill("#q-prenom", "Camille")
	b.fill("#q-nom", "Exemple")
	b.fill("#q-email", "camille@")
	b.tick("#q-profil-0")
	b.tick("#q-presence-0")
	b.tick("#q-ateliers-1")
	b.tick("#q-presenter-0")
	if status := b.press(send); status != 200 {
		t.Fatalf("status when questions are added = %d, want 200", status)
	}
	b.want("notice", say("Quelques questions de plus", "A few more questions"), b.text(".notice h2"))
	if strings.Contains(b.text("main"), say("Il reste", "need correcting")) {
		t.Error("a page with more questions shows errors")
	}
	b.fill("#q-presentations-0-titre", "Un outil libre")
	b.fill("#q-presentations-0-lien", "exemple.fr")
	b.tick("#q-presentations-0-minutes-2")
	b.tick("#q-presentations-0-niveau-0")
	if status := b.press(`button[name=_add][value="/presentations/0/intervenants"]`); status != 200 {
		t.Fatalf("status when a person is added = %d, want 200", status)
	}
	b.want("focused", "q-presentations-0-intervenants-0-title", eval[string](b, "document.activeElement.id"))
	b.fill("#q-presentations-0-intervenants-0-prenom", "Andrea")
	b.fill("#q-presentations-0-intervenants-0-nom", "Exemple")
	b.press(`button[name=_add][value="/presentations"]`)
	b.want("second presentation", say("Présentation 2", "Presentation 2"), b.text("#q-presentations-1-title"))
	b.press(`button[name=_remove][value="/presentations/1"]`)
	if status := b.press(send); status != 422 {
		t.Fatalf("status with two mistakes = %d, want 422", status)
	}
	b.want("summary", say("Il manque la fin, après le «", "The end is missing, after the"), b.text(".errors"))
	b.want("summary", say("L’adresse doit commencer par https://", "The address has to begin with https://"), b.text(".errors"))
	for selector, want := range map[string]string{"#q-email": "camille@", "#q-presentations-0-titre": "Un outil libre", "#q-presentations-0-intervenants-0-prenom": "Andrea"} {
		b.want("value kept in "+selector, want, eval[string](b, fmt.Sprintf("document.querySelector(%q).value", selector)))
	}
	b.want("described by its error", "q-email-error", eval[string](b, "document.querySelector('#q-email').getAttribute('aria-describedby')"))

	// Mended. Enter in a field sends the form: it must not press "remove".
	b.fill("#q-presentations-0-lien", "https://exemple.fr/outil")
	b.fill("#q-presentations-0-resume", "Retour d’expérience sur un outil libre dans un service public.")
	b.fill("#q-email", "")
	response, err := chromedp.RunResponse(b.ctx, chromedp.SendKeys(chromedp.CSS("#q-email"), "camille@exemple.fr\r"))
	if err != nil || response.Status != 200 {
		t.Fatalf("status of the receipt = %v, error %v", response, err)
	}
	reference := b.text(".reference")
	if !regexp.MustCompile(`^BH-[2-9A-HJKMNP-TV-Z]{6}$`).MatchString(reference) {
		t.Errorf("reference = %q", reference)
	}
	for _, want := range []string{"Camille", "Un outil libre", "Andrea", say("7\u00a0minutes", "7\u00a0minutes"), say("géo", "Geo")} {
		b.want("receipt", want, b.text("main"))
	}
	receipt := eval[string](b, "location.href")
	b.open(receipt)
	b.want("receipt again", reference, b.text(".reference"))
}
