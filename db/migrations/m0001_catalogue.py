"""The catalogue itself: services as their pages show them, what is read out of them, and the word index.

Texts and labels that repeat are stored once (``value``, ``question``, ``heading``): suppliers give the same
answers in most of their services. ``*_count`` columns of ``service`` are ``NULL`` where the page states
nothing and 0 where it states an empty list. Tables ``choice`` and ``price`` and the column
``question.canonical`` are derived and can be made again from the rest.
"""

from __future__ import annotations

from sqlite_utils import Database

from db.migrations import migrations

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE framework (key INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT) STRICT;
CREATE TABLE lot (key INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT) STRICT;
CREATE TABLE supplier (key INTEGER PRIMARY KEY, id TEXT, name TEXT NOT NULL) STRICT;
CREATE INDEX supplier_name ON supplier (name);

CREATE TABLE service (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    url TEXT,
    status TEXT NOT NULL CHECK (status IN ('live', 'withdrawn', 'expired')),
    framework INTEGER NOT NULL REFERENCES framework (key),
    lot INTEGER NOT NULL REFERENCES lot (key),
    supplier INTEGER NOT NULL REFERENCES supplier (key),
    name TEXT NOT NULL,
    description TEXT,
    price TEXT,
    category_count INTEGER,
    feature_count INTEGER,
    benefit_count INTEGER,
    document_count INTEGER,
    section_count INTEGER,
    structured TEXT,
    digest TEXT NOT NULL,
    shuffle INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    changed TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    run INTEGER
) STRICT;
CREATE INDEX service_shuffle ON service (status, shuffle);
CREATE INDEX service_supplier ON service (supplier);

CREATE TABLE feature (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (service, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE benefit (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (service, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE document (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    PRIMARY KEY (service, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE category (
    key INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES category (key),
    name TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;
CREATE INDEX category_parent ON category (parent, name);
CREATE TABLE service_category (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    category INTEGER REFERENCES category (key),
    PRIMARY KEY (service, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_category_category ON service_category (category, service);

CREATE TABLE heading (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE question (
    key INTEGER PRIMARY KEY,
    framework TEXT NOT NULL,
    lot TEXT NOT NULL,
    heading INTEGER NOT NULL REFERENCES heading (key),
    label TEXT NOT NULL,
    canonical TEXT,
    UNIQUE (framework, lot, heading, label)
) STRICT;
CREATE INDEX question_canonical ON question (canonical);
CREATE TABLE value (key INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX value_hash ON value (hash);
CREATE TABLE section (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    heading INTEGER NOT NULL REFERENCES heading (key),
    answers INTEGER NOT NULL,
    PRIMARY KEY (service, position)
) STRICT, WITHOUT ROWID;
-- A row per value; an answer without values has one row with NULL. "position" counts answers, "place" values.
CREATE TABLE answer (
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    place INTEGER NOT NULL,
    question INTEGER NOT NULL REFERENCES question (key),
    value INTEGER REFERENCES value (key),
    PRIMARY KEY (service, position, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_question ON answer (question, value, service);

CREATE TABLE choice (
    question INTEGER NOT NULL REFERENCES question (key),
    value INTEGER NOT NULL REFERENCES value (key),
    option TEXT NOT NULL,
    PRIMARY KEY (question, value)
) STRICT, WITHOUT ROWID;
CREATE TABLE price (
    service INTEGER PRIMARY KEY REFERENCES service (key) ON DELETE CASCADE,
    minimum TEXT NOT NULL,
    maximum TEXT,
    currency TEXT NOT NULL,
    unit TEXT,
    interval TEXT
) STRICT;

CREATE TABLE change (
    key INTEGER PRIMARY KEY,
    service INTEGER NOT NULL REFERENCES service (key) ON DELETE CASCADE,
    at TEXT NOT NULL,
    run INTEGER,
    field TEXT NOT NULL,
    question TEXT,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX change_at ON change (at);
CREATE INDEX change_service ON change (service);

CREATE TABLE issue (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    place TEXT NOT NULL,
    message TEXT NOT NULL,
    details TEXT,
    times INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    run INTEGER,
    UNIQUE (kind, subject)
) STRICT;

-- Words of the texts with the stem that the index has for them, for correcting typing errors. "services" is
-- how many have the stem, counted again after larger changes.
CREATE TABLE word (
    word TEXT PRIMARY KEY,
    stem TEXT NOT NULL,
    services INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW service_text AS
SELECT service.key AS service,
    service.name AS name,
    supplier.name AS supplier,
    service.description AS description,
    (SELECT group_concat(text, char(10)) FROM
        (SELECT text FROM feature WHERE feature.service = service.key ORDER BY position)) AS features,
    (SELECT group_concat(text, char(10)) FROM
        (SELECT text FROM benefit WHERE benefit.service = service.key ORDER BY position)) AS benefits,
    (SELECT group_concat(path, char(10)) FROM
        (SELECT path FROM service_category JOIN category ON category.key = service_category.category
         WHERE service_category.service = service.key ORDER BY position)) AS categories,
    (SELECT group_concat(text, char(10)) FROM
        (SELECT text FROM answer JOIN value ON value.key = answer.value
         WHERE answer.service = service.key ORDER BY position, place)) AS answers
FROM service JOIN supplier ON supplier.key = service.supplier;

CREATE VIRTUAL TABLE service_fts USING fts5 (
    name, supplier, description, features, benefits, categories, answers,
    content = 'service_text', content_rowid = 'service',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Bytes of new words to hold before they are written to the index; more makes for fewer pieces to merge.
INSERT INTO service_fts (service_fts, rank) VALUES ('hashsize', 16777216);
CREATE VIRTUAL TABLE service_fts_word USING fts5vocab ('service_fts', 'row');

CREATE VIEW service_overview AS
SELECT service.id, service.name, supplier.name AS supplier, framework.slug AS framework, lot.slug AS lot,
    service.status, service.price, CAST(price.minimum AS REAL) AS minimum_price, price.unit, price.interval,
    service.description, service.url, service.first_seen, service.changed, service.last_seen
FROM service
JOIN supplier ON supplier.key = service.supplier
JOIN framework ON framework.key = service.framework
JOIN lot ON lot.key = service.lot
LEFT JOIN price ON price.service = service.key;

CREATE VIEW answer_text AS
SELECT service.id AS service, heading.name AS section, question.label AS question, question.canonical,
    value.text AS value, choice.option, answer.position, answer.place
FROM answer
JOIN service ON service.key = answer.service
JOIN question ON question.key = answer.question
JOIN heading ON heading.key = question.heading
LEFT JOIN value ON value.key = answer.value
LEFT JOIN choice ON choice.question = answer.question AND choice.value = answer.value;

CREATE VIEW issue_count AS
SELECT kind, count(*) AS subjects, sum(times) AS times, max(last_at) AS last_at FROM issue GROUP BY kind;
"""


@migrations()
def m0001_catalogue(db: Database) -> None:
    """Create every table, index and view of the catalogue."""
    statement = ""
    for line in _SCHEMA.splitlines():
        statement += line + "\n"
        if line.rstrip().endswith(";"):
            db.conn.execute(statement)
            statement = ""
