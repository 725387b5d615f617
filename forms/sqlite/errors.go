package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"guichet/forms"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var errClosed = errors.New("sqlite: the store is closed")

// translate turns an error of the driver into one of the domain, by its code. What is neither an outage nor the end of a
// context is a defect and stays as it is.
func translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, errClosed) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, errLost) || err.Error() == "sql: database is closed" {
		return forms.Unreachable(err) // database/sql has no value for a closed database
	}
	var driver *sqlite.Error
	if errors.As(err, &driver) {
		switch driver.Code() & 0xff {
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY,
			lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_NOMEM, lib.SQLITE_PROTOCOL, lib.SQLITE_INTERRUPT:
			return forms.Unreachable(err)
		}
	}
	return err
}
