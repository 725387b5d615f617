CREATE TABLE forms (
    slug     TEXT PRIMARY KEY,
    state    TEXT NOT NULL,
    version  INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL
) STRICT;

CREATE TABLE versions (
    form      TEXT NOT NULL REFERENCES forms (slug),
    number    INTEGER NOT NULL,
    sha256    TEXT NOT NULL,
    bytes     BLOB NOT NULL,
    published INTEGER NOT NULL,
    PRIMARY KEY (form, number)
) STRICT;

CREATE TABLE submissions (
    id         TEXT NOT NULL,
    form       TEXT NOT NULL REFERENCES forms (slug),
    version    INTEGER NOT NULL,
    reference  TEXT NOT NULL,
    status     TEXT NOT NULL,
    language   TEXT NOT NULL,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    key        TEXT,
    digest     TEXT NOT NULL,
    places     TEXT NOT NULL,
    answers    TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX submissions_id ON submissions (form, id);
CREATE UNIQUE INDEX submissions_reference ON submissions (form, reference);
CREATE UNIQUE INDEX submissions_key ON submissions (form, key) WHERE key IS NOT NULL;
CREATE INDEX submissions_created ON submissions (form, created, id);

CREATE TABLE counters (
    form  TEXT NOT NULL,
    name  TEXT NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (form, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    hash    TEXT PRIMARY KEY,
    form    TEXT NOT NULL,
    scope   TEXT NOT NULL,
    list    TEXT NOT NULL,
    format  TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
