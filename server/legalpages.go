package server

import (
	"github.com/gofiber/fiber/v2"
)

// textPage is a page of titled paragraphs.
type textPage struct {
	frame
	Parts []part
	Back  *anchor
}

type part struct {
	Heading    string
	Paragraphs []string
	Mail       string
}

// handlePrivacy tells everything about the data that a form collects: what Article 13 of the GDPR asks for.
func (s *Server) handlePrivacy(c *fiber.Ctx) error {
	view, err := s.view(c)
	if err != nil {
		return err
	}
	definition := view.Definition.In(s.language(c, view.Definition))
	slug, language := view.Form.Slug, definition.Language
	page := textPage{frame: s.formFrame(c.Path(), slug, definition, nil), Back: &anchor{Href: "/f/" + slug + "?lang=" + language, Name: say("back.form", language)}}
	page.Heading = sayf(language, "Vos données et vos droits", "Your data and your rights")
	page.Title, page.Lead = page.Heading+page.T("colon")+definition.Title, definition.Title
	privacy := definition.Privacy
	if privacy == nil {
		page.Parts = []part{{Heading: sayf(language, "Pas encore renseigné", "Not filled in yet"), Paragraphs: []string{sayf(language, "L’organisateur n’a pas encore dit à quoi servent les réponses.", "The organiser has not yet said what the answers are for.")}}}
		return s.show(c, fiber.StatusOK, "text", page)
	}
	add := func(fr, en string, paragraphs ...string) {
		if paragraphs[0] != "" {
			page.Parts = append(page.Parts, part{Heading: sayf(language, fr, en), Paragraphs: paragraphs})
		}
	}
	add("Qui est responsable", "Who is responsible", capital(privacy.Controller)+".")
	add("À quoi servent vos réponses", "What your answers are for", capital(privacy.Purpose)+".")
	add("Base légale", "Legal basis", capital(privacy.LegalBasis)+".")
	add("Qui les voit", "Who sees them", capital(privacy.Recipients)+".")
	add("Combien de temps", "For how long", sayf(language, "Elles sont effacées %s après l’événement.", "They are erased %s after the event.", duration(privacy.Retention, language)))
	add("Ce qui est obligatoire", "What is required", sayf(language, "Le formulaire dit quelles réponses sont facultatives. Sans les autres, l’inscription ne peut pas être enregistrée.", "The form says which answers are optional. Without the others the registration cannot be saved."))
	add("Vos droits", "Your rights",
		sayf(language, "Vous pouvez demander à voir vos réponses, à les corriger, à les effacer ou à en limiter l’usage, et vous opposer à leur utilisation. Un consentement se retire à tout moment.", "You may ask to see your answers, to correct or erase them or to restrict their use, and you may object to their use. Consent can be withdrawn at any time."),
		sayf(language, "Si vous estimez que vos droits ne sont pas respectés, vous pouvez adresser une réclamation à la CNIL (cnil.fr).", "If you believe that your rights are not respected, you may lodge a complaint with the CNIL, the French data protection authority (cnil.fr)."))
	page.Parts[len(page.Parts)-1].Mail = privacy.Contact
	add("Cookies", "Cookies", sayf(language, "Ce site ne dépose aucun cookie pour les visiteurs et ne charge rien d’ailleurs.", "This site sets no cookie for visitors and loads nothing from elsewhere."))
	return s.show(c, fiber.StatusOK, "text", page)
}

func (s *Server) handleAccessibility(c *fiber.Ctx) error {
	language := s.language(c, nil)
	page := textPage{frame: s.frame(c, sayf(language, "Accessibilité\u00a0: non conforme", "Accessibility: not compliant"))}
	add := func(fr, en, textFR, textEN string) {
		page.Parts = append(page.Parts, part{Heading: sayf(language, fr, en), Paragraphs: []string{sayf(language, textFR, textEN)}})
	}
	add("État de conformité", "Compliance status",
		"Aucun audit n’a encore été fait selon le référentiel général d’amélioration de l’accessibilité (RGAA 4.1)\u00a0: ce site est donc déclaré non conforme.",
		"No audit against the French accessibility standard (RGAA 4.1) has been made yet: this site is therefore declared not compliant.")
	add("Ce qui est fait", "What is done",
		"Les pages sont faites pour fonctionner sans JavaScript, au clavier, à 320 pixels de large et avec un lecteur d’écran. Des contrôles automatiques (axe-core) les vérifient à chaque modification\u00a0; ils ne remplacent pas un audit.",
		"Pages are made to work without JavaScript, by keyboard, at 320 pixels wide and with a screen reader. Automatic checks (axe-core) run at every change; they do not replace an audit.")
	add("Signaler un obstacle", "Report a barrier",
		"Si vous n’arrivez pas à remplir un formulaire, écrivez au contact indiqué sur sa page\u00a0: une autre façon de vous inscrire vous sera proposée.",
		"If you cannot fill in a form, write to the contact given on its page: you will be offered another way to register.")
	add("Voie de recours", "Remedies",
		"Si vous avez signalé un obstacle et n’avez pas obtenu de réponse satisfaisante, vous pouvez saisir le Défenseur des droits (defenseurdesdroits.fr).",
		"If you reported a barrier and got no satisfactory reply, you may turn to the Défenseur des droits, the French ombudsman (defenseurdesdroits.fr).")
	return s.show(c, fiber.StatusOK, "text", page)
}

func (s *Server) handleLegal(c *fiber.Ctx) error {
	language := s.language(c, nil)
	page := textPage{frame: s.frame(c, sayf(language, "Mentions légales", "Legal notice"))}
	publisher := s.config.Publisher
	if publisher == "" {
		publisher = sayf(language, "L’exploitant de ce service n’a pas encore indiqué son nom\u00a0: réglez --publisher ou GUICHET_PUBLISHER.", "The operator of this service has not given a name yet: set --publisher or GUICHET_PUBLISHER.")
	}
	page.Parts = []part{
		{Heading: sayf(language, "Éditeur", "Publisher"), Paragraphs: []string{publisher}},
		{Heading: sayf(language, "Logiciel", "Software"), Paragraphs: []string{sayf(language, "Guichet est un logiciel libre sous licence Apache 2.0.", "Guichet is free software under the Apache 2.0 licence.")}},
		{Heading: sayf(language, "Données personnelles", "Personal data"), Paragraphs: []string{sayf(language, "Chaque formulaire dit, au lien «\u00a0Vos données\u00a0», qui est responsable des réponses, à quoi elles servent et combien de temps elles sont gardées.", "Each form says, under “Your data”, who is responsible for the answers, what they are for and how long they are kept.")}},
	}
	return s.show(c, fiber.StatusOK, "text", page)
}
