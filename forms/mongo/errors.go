package mongo

import (
	"context"
	"errors"

	"guichet/forms"
	"guichet/schemas"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

var errClosed = errors.New("mongo: the store is closed")

// outages are the codes of servers that are starting, stopping, or no primary.
var outages = []int{6, 7, 89, 91, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 50, 64, 251}

// translate turns an error of the driver into one of the domain, by its kind and code. What is neither an outage nor the end of
// ctx is a defect and stays as it is.
func translate(ctx context.Context, err error) error {
	var known *forms.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case isSnapshotGone(err):
		return &forms.Error{Code: forms.Unavailable, Cause: err, Message: schemas.Wording{
			FR: "La lecture a pris plus de cinq minutes, et MongoDB ne garde pas si longtemps un état des données. Exportez une liste à la fois, ou augmentez minSnapshotHistoryWindowInSeconds.",
			EN: "Reading took more than five minutes, and MongoDB does not keep one state of the data for so long. Export one list at a time, or raise minSnapshotHistoryWindowInSeconds.",
		}}
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), err)
	case isOutage(err):
		return forms.Unreachable(err)
	}
	return err
}

// isSnapshotGone says whether a read went on for longer than MongoDB keeps what it reads from: 300 seconds, unless set otherwise.
func isSnapshotGone(err error) bool {
	var server mongo.ServerError
	return errors.As(err, &server) && (server.HasErrorCode(239) || server.HasErrorCode(246))
}

func isOutage(err error) bool {
	var selection topology.ServerSelectionError
	if errors.Is(err, errClosed) || errors.Is(err, mongo.ErrClientDisconnected) || errors.As(err, &selection) || mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true // of our own limits: the caller's context was looked at before
	}
	var server mongo.ServerError
	if errors.As(err, &server) {
		if server.HasErrorLabel("RetryableWriteError") || server.HasErrorLabel("TransientTransactionError") || server.HasErrorLabel("UnknownTransactionCommitResult") {
			return true
		}
		for _, code := range outages {
			if server.HasErrorCode(code) {
				return true
			}
		}
	}
	return false
}

// retryable says whether trying again at once may help: the server was reached, or was just now.
func retryable(err error) bool {
	var server mongo.ServerError
	if errors.As(err, &server) && (server.HasErrorLabel("TransientTransactionError") || server.HasErrorLabel("RetryableWriteError")) {
		return true
	}
	return mongo.IsNetworkError(err)
}

// duplicated gives the first field of the unique index that a write ran into, "" for other errors.
func duplicated(raw bson.Raw) string {
	if raw.Lookup("code").AsInt64() != 11000 {
		return ""
	}
	pattern, ok := raw.Lookup("keyPattern").DocumentOK()
	if !ok {
		return ""
	}
	elements, err := pattern.Elements()
	if err != nil || len(elements) == 0 {
		return ""
	}
	return elements[len(elements)-1].Key()
}
