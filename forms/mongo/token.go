package mongo

import (
	"context"
	"errors"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type tokenDocument struct {
	Hash    string        `bson:"_id"`
	Form    string        `bson:"form"`
	Scope   forms.Scope   `bson:"scope"`
	List    string        `bson:"list"`
	Format  string        `bson:"format"`
	Created bson.DateTime `bson:"created"`
	Expires bson.DateTime `bson:"expires"`
}

// CreateToken implements forms.Store.
func (s *Store) CreateToken(ctx context.Context, token forms.Token) error {
	document := tokenDocument{token.Hash, token.Form, token.Scope, token.List, token.Format, stamp(token.Created), stamp(token.Expires)}
	_, err := s.tokens.ReplaceOne(ctx, bson.D{{Key: "_id", Value: token.Hash}}, document, options.Replace().SetUpsert(true))
	return translate(ctx, err)
}

// Token implements forms.Store.
func (s *Store) Token(ctx context.Context, hash string) (forms.Token, error) {
	var d tokenDocument
	err := s.tokens.FindOne(ctx, bson.D{{Key: "_id", Value: hash}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return forms.Token{}, forms.Missing("Ce jeton n’existe pas.", "There is no such token.")
	}
	if err != nil {
		return forms.Token{}, translate(ctx, err)
	}
	return forms.Token{Hash: d.Hash, Form: d.Form, Scope: d.Scope, List: d.List, Format: d.Format, Created: instant(d.Created), Expires: instant(d.Expires)}, nil
}

type secretDocument struct {
	Name  string `bson:"_id"`
	Value []byte `bson:"value"`
}

// Secret implements forms.Store.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	_, err := s.secretStore.InsertOne(ctx, secretDocument{name, fresh})
	if err != nil && !mongo.IsDuplicateKeyError(err) {
		return nil, translate(ctx, err)
	}
	var kept secretDocument
	if err := s.secretStore.FindOne(ctx, bson.D{{Key: "_id", Value: name}}).Decode(&kept); err != nil {
		return nil, translate(ctx, err)
	}
	return kept.Value, nil
}
