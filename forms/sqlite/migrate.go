package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
)

// migrations are applied in the order of their names and never changed once released.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the file to the newest schema, each step in a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn) error {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	for number := 1; ; number++ {
		done, err := step(ctx, conn, number, len(entries), func() ([]byte, error) {
			return migrations.ReadFile("migrations/" + entries[number-1].Name())
		})
		if done || err != nil {
			return err
		}
	}
}

// step applies one migration, unless the file has it. The version is read inside the transaction: another process may be
// opening the same new file.
func step(ctx context.Context, conn *sql.Conn, number, newest int, read func() ([]byte, error)) (done bool, err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	defer func() {
		if err != nil || done {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	if version > newest {
		return false, fmt.Errorf("it was written by a newer Guichet (schema %d, this one knows %d): install that version again", version, newest)
	}
	if version == newest {
		return true, nil
	}
	if version >= number {
		_, err := conn.ExecContext(ctx, "COMMIT")
		return false, err
	}
	script, err := read()
	if err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, string(script)); err != nil {
		return false, err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", number)); err != nil {
		return false, err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return false, err
}
