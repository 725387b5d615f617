package cli

import (
	"fmt"
	"log/slog"

	"guichet/forms"
	"guichet/schemas"
)

// samples is how many registrations the demonstration has.
const samples = 40

type demoCommand struct{}

func (demoCommand) Run(p *program) error {
	if p.Store == "" {
		p.Store = "sqlite:guichet-demo/guichet.db"
	}
	if p.Data == "" {
		p.Data = "guichet-demo"
	}
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return p.serve(log, func(service *forms.Service, address string) error {
		for i, name := range schemas.StarterNames() {
			slug, err := p.publishStarter(service, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "form      %s/f/%s\n", address, slug)
			if i > 0 {
				continue
			}
			if err := p.addSamples(service, slug); err != nil {
				return err
			}
			secret, err := service.FixedToken(p.ctx, forms.Token{Form: slug, Scope: forms.Export, Format: "xlsx"})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "workbook  %s/x/%s\n", address, secret)
		}
		return nil
	})
}

func (p *program) publishStarter(service *forms.Service, name string) (slug string, err error) {
	data, err := schemas.Starter(name)
	if err != nil {
		return "", err
	}
	published, err := service.Publish(p.ctx, name, "", data)
	if err != nil {
		return "", err
	}
	if published.Form.State == forms.Draft {
		_, err = service.SetState(p.ctx, published.Form.Slug, forms.Open)
	}
	return published.Form.Slug, err
}

// addSamples adds the sample registrations that are not there yet: they are told by their e-mail addresses.
func (p *program) addSamples(service *forms.Service, slug string) error {
	there := map[any]bool{}
	for submission, err := range service.Submissions(p.ctx, forms.Query{Form: slug}) {
		if err != nil {
			return err
		}
		answers, _ := schemas.DecodeJSON(submission.Answers, "en")
		there[answers["email"]] = true
	}
	for n := 1; n <= samples; n++ {
		answers := sample(n)
		if there[answers["email"]] {
			continue
		}
		if _, err := service.Submit(p.ctx, forms.Entry{Form: slug, Language: "fr", Answers: answers}); err != nil {
			return err
		}
	}
	return nil
}

// sample invents the registration of a person who plainly does not exist.
func sample(n int) schemas.Answers {
	pick := func(values ...string) string { return values[n%len(values)] }
	answers := schemas.Answers{
		"prenom": pick("Camille", "Dominique", "Claude", "Alix", "Sacha"), "nom": fmt.Sprintf("Exemple %02d", n), "email": fmt.Sprintf("participant%02d@exemple.fr", n),
		"profil": pick("agent", "agent", "association", "entreprise", "citoyen", "agent"), "presence": pick("journee", "journee", "matin", "apres-midi"),
		"presenter": n%4 == 0, "photos": n%2 == 0, "gazette": n%3 == 0,
	}
	if n%5 != 0 {
		answers["organisation"] = pick("Service exemple", "Association exemple", "Entreprise exemple", "Commune exemple")
	}
	if n%3 != 0 {
		answers["technique"] = pick("non", "un-peu", "metier")
	}
	if n%13 == 0 {
		answers["accessibilite"] = "Une place pour un fauteuil roulant."
	}
	if n%2 == 1 {
		answers["tables"] = []any{pick("souverainete", "acteurs", "communs")}
	}
	answers["ateliers"] = [][]any{{"geo"}, {"datascience", "dev"}, {}, {"ops"}, {"dev"}, {"geo", "ops"}}[n%6]
	if n%4 == 0 {
		answers["presentations"] = sampleTalks(n)
	}
	return answers
}

func sampleTalks(n int) []any {
	talk := map[string]any{
		"titre":   fmt.Sprintf("Un logiciel libre en service, exemple %d", n/4),
		"resume":  "Retour d’expérience sur un outil libre développé dans un service public : le besoin, le code, la communauté et ce que l’on ferait autrement.",
		"minutes": int64(5 + n/4%4), "niveau": []string{"tous", "initie", "expert"}[n/4%3],
	}
	if n%8 == 0 {
		talk["lien"] = fmt.Sprintf("https://exemple.fr/presentation-%d", n/4)
	}
	if n%12 == 0 {
		talk["intervenants"] = []any{map[string]any{"prenom": "Andrea", "nom": fmt.Sprintf("Exemple-Duo %02d", n), "email": fmt.Sprintf("duo%02d@example.org", n)}}
	}
	if n%20 == 0 {
		return []any{talk, map[string]any{"titre": fmt.Sprintf("Une donnée ouverte, exemple %d", n/4), "resume": "Comment publier un jeu de données utile, de la collecte à sa réutilisation.", "minutes": int64(5), "niveau": "tous"}}
	}
	return []any{talk}
}
