package server_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"guichet/forms"
	"guichet/schemas"
)

// TestPagesAreAccessible runs axe-core on every public page, in both languages, light and dark, narrow and wide.
func TestPagesAreAccessible(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	site.publish(t, "closed", `{"schema":{"properties":{"a":{"type":"string"}}},"event":{"name":"Journée passée","starts":"2019-12-11T09:00:00+01:00"},"registration":{"closes":"2019-12-10T00:00:00+01:00"},"translations":{"en":{"/event/name":"A day gone by"}}}`)
	receipt, err := site.service.Submit(t.Context(), forms.Entry{Form: site.slug, Language: "fr", Answers: answers()})
	if err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, true)
	for _, page := range []struct {
		name string
		show func(language string)
	}{
		{"home", func(language string) { b.open(site.address + "/?lang=" + language) }},
		{"form", func(language string) { b.open(site.form() + "?lang=" + language) }},
		{"errors", func(language string) {
			b.open(site.form() + "?lang=" + language)
			b.press(".send button")
		}},
		{"conditions", func(language string) {
			b.open(site.form() + "?lang=" + language)
			b.tick("#q-presenter-0")
			b.press(".send button")
			b.press(`button[name=_add][value="/presentations/0/intervenants"]`)
		}},
		{"receipt", func(language string) { b.open(site.form() + "/r/" + receipt.Token + "?lang=" + language) }},
		{"closed", func(language string) { b.open(site.address + "/f/closed?lang=" + language) }},
		{"privacy", func(language string) { b.open(site.form() + "/confidentialite?lang=" + language) }},
		{"accessibility", func(language string) { b.open(site.address + "/accessibilite?lang=" + language) }},
		{"legal", func(language string) { b.open(site.address + "/mentions-legales?lang=" + language) }},
		{"missing", func(language string) { b.open(site.address + "/nowhere?lang=" + language) }},
	} {
		for _, language := range []string{"fr", "en"} {
			page.show(language)
			for _, width := range []int64{320, 1280} {
				for _, scheme := range []string{"light", "dark"} {
					name := fmt.Sprintf("%s-%s-%d-%s", page.name, language, width, scheme)
					b.dress(width, scheme)
					b.look(name)
					for _, violation := range b.axe() {
						t.Errorf("%s: %s", name, violation)
					}
					if wide := eval[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
						t.Errorf("%s: the page is %d px wide", name, wide)
					}
				}
			}
		}
	}
}

// TestKeyboardAlone registers without touching the mouse.
func TestKeyboardAlone(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	b := openBrowser(t, false)
	b.open(site.form())
	b.do(chromedp.KeyEvent("\t"))
	b.want("first stop", "#main", eval[string](b, "document.activeElement.getAttribute('href')"))
	for range 40 {
		b.do(chromedp.KeyEvent("\t"))
		if eval[bool](b, "document.activeElement.matches('.first-submit')") {
			t.Fatal("the button that only answers Enter is in the tab order")
		}
		if eval[string](b, "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement.closest('.choice')||document.body).outlineStyle") == "nonenone" {
			t.Errorf("no outline shows that %s has the focus", eval[string](b, "document.activeElement.outerHTML"))
		}
		if eval[bool](b, "document.activeElement.matches('.send button')") {
			return
		}
	}
	t.Error("the button that sends is not reached within 40 stops")
}

// answers gives a whole registration with a presentation.
func answers() schemas.Answers {
	return schemas.Answers{
		"prenom": "Camille", "nom": "Exemple", "email": "camille@exemple.fr", "profil": "agent", "organisation": "Service exemple", "presence": "journee",
		"tables": []any{"communs"}, "ateliers": []any{"geo", "ops"}, "presenter": true, "photos": true,
		"presentations": []any{map[string]any{
			"titre": "Un outil libre en service", "resume": "Retour d’expérience sur un outil libre développé dans un service de l’État.", "minutes": int64(6), "niveau": "tous", "lien": "https://exemple.fr/outil",
			"intervenants": []any{map[string]any{"prenom": "Andrea", "nom": "Exemple", "email": "andrea@example.org"}},
		}},
	}
}
