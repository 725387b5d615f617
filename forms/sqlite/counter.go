package sqlite

import (
	"errors"

	"guichet/forms"
)

// taken gives the counters of a form, which the writes of one transaction share: they are read once and written once, however many
// submissions take places. What is added to the map is written.
func (tx *transaction) taken(slug string, needed bool) (map[string]int, error) {
	if !needed {
		return nil, nil
	}
	if counters, read := tx.counters[slug]; read {
		return counters, nil
	}
	statement, err := tx.prepare(tx.ctx, "SELECT name, taken FROM counters WHERE form = ?")
	if err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(tx.ctx, slug)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counters := map[string]int{}
	for rows.Next() {
		var name string
		var taken int
		if err := rows.Scan(&name, &taken); err != nil {
			return nil, err
		}
		counters[name] = taken
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	tx.counters[slug] = counters
	return counters, nil
}

// without gives the names of the claims that find no place.
func without(taken map[string]int, claims []forms.Claim) (full []string) {
	for _, claim := range claims {
		if taken[claim.Name] >= claim.Limit {
			full = append(full, claim.Name)
		}
	}
	return full
}

// writeCounters writes the counters that the transaction holds, before it commits or before a write that changes them by itself. A
// failure fails the whole transaction: places that are taken and not counted would be taken twice.
func (tx *transaction) writeCounters() error {
	for slug, counters := range tx.counters {
		for name, taken := range counters {
			err := tx.exec(tx.ctx, `INSERT INTO counters (form, name, taken) VALUES (?, ?, ?)
				ON CONFLICT (form, name) DO UPDATE SET taken = excluded.taken WHERE taken <> excluded.taken`, slug, name, taken)
			if err != nil {
				return errors.Join(errLost, err)
			}
		}
	}
	clear(tx.counters)
	return nil
}
