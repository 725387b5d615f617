package mongo

import (
	"testing"

	"guichet/schemas"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FuzzAnswers takes what schemas accept through BSON and back: byte for byte, whatever the names and numbers.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{`{}`, `{"$set":{"a.b":[1,2.5,-0.1,1e-7]},"%24":null,"":true}`, `{"t":"é\u2028 🎩 <&> \"\\ \u0001"}`} {
		f.Add([]byte(seed))
	}
	definition, problems := schemas.Parse("f.json", []byte(`{"properties":{"z":{}},"additionalProperties":{}}`))
	if definition == nil {
		f.Fatal(problems)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		answers, violations := schemas.DecodeJSON(data, "en")
		if violations != nil {
			return
		}
		accepted, violations := definition.Accept(answers)
		if violations != nil {
			return
		}
		document, err := toBSON(accepted.JSON)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := bson.Marshal(bson.D{{Key: "answers", Value: document}})
		if err != nil {
			t.Fatal(err)
		}
		back, err := appendValue(nil, bson.Raw(raw).Lookup("answers"))
		if err != nil {
			t.Fatal(err)
		}
		if string(back) != string(accepted.JSON) {
			t.Fatalf("%s came back as %s", accepted.JSON, back)
		}
	})
}
