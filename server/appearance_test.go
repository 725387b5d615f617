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
	site.publish(t, "soon", `{"schema":{"properties":{"a":{"type":"string"}}},"event":{"name":"Journée à venir"},"registration":{"opens":"2999-01-01T09:00:00+01:00"},"translations":{"en":{"/event/name":"A day to come"}}}`)
	site.publish(t, "full", `{"schema":{"properties":{"a":{"type":"string"}}},"event":{"name":"Journée complète"},"registration":{"places":1},"translations":{"en":{"/event/name":"A full day"}}}`)
	if _, err := site.service.Submit(t.Context(), forms.Entry{Form: "full", Answers: schemas.Answers{"a": "b"}}); err != nil {
		t.Fatal(err)
	}
	site.publish(t, "kinds", kinds)
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
		{"kinds", func(language string) {
			b.open(site.address + "/f/kinds?lang=" + language)
			b.press(`button[name=_add][value="/liens"]`)
		}},
		{"closed", func(language string) { b.open(site.address + "/f/closed?lang=" + language) }},
		{"soon", func(language string) { b.open(site.address + "/f/soon?lang=" + language) }},
		{"full", func(language string) { b.open(site.address + "/f/full?lang=" + language) }},
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

// kinds asks a question of every kind.
const kinds = `{"schema":{"required":["texte","choix","nombre","adresse","regles"],"properties":{
	"texte":{"type":"string","title":"Texte"},"long":{"type":"string","title":"Texte long","maxLength":200},"entier":{"type":"integer","title":"Entier","minimum":1},"nombre":{"type":"number","title":"Nombre"},
	"date":{"type":"string","format":"date","title":"Date"},"courriel":{"type":"string","format":"email","title":"Courriel"},"site":{"type":"string","format":"uri","title":"Site"},"peut-être":{"type":["string","null"],"title":"Peut-être ?"},
	"choix":{"type":"string","title":"Choix","enum":["a","b","c","d","e","f","g","h"]},"niveau":{"type":"integer","title":"Niveau","enum":[1,2,3]},"plusieurs":{"type":"array","title":"Plusieurs","uniqueItems":true,"items":{"enum":["x","y"]}},
	"oui":{"type":"boolean","title":"Oui ou non"},"regles":{"type":"boolean","const":true,"title":"J’accepte les règles"},
	"adresse":{"type":"object","title":"Adresse","required":["ville"],"properties":{"rue":{"type":"string","title":"Rue"},"ville":{"type":"string","title":"Ville"}}},
	"liens":{"type":"array","title":"Liens","items":{"type":"string","format":"uri"}}}},
	"uiSchema":{"long":{"ui:widget":"textarea"},"oui":{"ui:widget":"radio"}},"translations":{"en":{"/schema/properties/texte/title":"Text"}}}`

// TestEveryKindComesBackAsItWasTyped fills a form with a question of every kind, wrongly first.
func TestEveryKindComesBackAsItWasTyped(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	site.publish(t, "kinds", kinds)
	b := openBrowser(t, false)
	b.open(site.address + "/f/kinds")
	for selector, text := range map[string]string{
		"#q-texte": "é <b> & \"", "#q-long": "un\ndeux", "#q-entier": "zéro", "#q-nombre": "1 234,5", "#q-courriel": "a@exemple.fr", "#q-site": "https://exemple.fr", "#q-adresse-ville": "Aubervilliers",
	} {
		b.fill(selector, text)
	}
	eval[any](b, "document.querySelector('#q-choix').value = 'g'; document.querySelector('#q-date').value = '2019-12-11'")
	b.tick("#q-niveau-1")
	b.tick("#q-plusieurs-1")
	b.tick("#q-oui-1")
	b.tick("#q-regles")
	b.press(`button[name=_add][value="/liens"]`)
	b.fill("#q-liens-0", "https://exemple.fr/lien")
	if status := b.press(".send button"); status != 422 {
		t.Fatalf("status with a whole number that is none = %d, want 422", status)
	}
	b.want("what was typed", "zéro", eval[string](b, "document.querySelector('#q-entier').value"))
	b.fill("#q-entier", "12")
	if status := b.press(".send button"); status != 200 {
		t.Fatalf("status = %d: %s", status, b.text(".errors"))
	}
	want := `{"texte":"é <b> & \"","long":"un\ndeux","entier":12,"nombre":1234.5,"date":"2019-12-11","courriel":"a@exemple.fr","site":"https://exemple.fr","choix":"g","niveau":2,"plusieurs":["y"],"oui":false,"regles":true,"adresse":{"ville":"Aubervilliers"},"liens":["https://exemple.fr/lien"]}`
	for submission, err := range site.service.Submissions(t.Context(), forms.Query{Form: "kinds"}) {
		if err != nil || string(submission.Answers) != want {
			t.Errorf("kept %s\nwant %s, error %v", submission.Answers, want, err)
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
