-- Instants are microseconds since 1970-01-01T00:00:00Z.
-- Every batch is planned here before it is sent; what is committed here is never sent again.

CREATE TABLE meta (
  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
  id         TEXT    NOT NULL,
  epoch      INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL, -- number of the last audit event; counted here, so without gaps
  created_at INTEGER NOT NULL,
  host       TEXT    NOT NULL
) STRICT;

CREATE TABLE flow (
  name            TEXT PRIMARY KEY,
  target_database TEXT,        -- the target is unknown of a flow that was held before it was registered
  target_table    TEXT,
  declared_in     TEXT NOT NULL DEFAULT '',
  hold_reason     TEXT,
  hold_remedy     TEXT,
  held_at         INTEGER
) STRICT;

CREATE TABLE unit (
  id              INTEGER PRIMARY KEY,
  flow            TEXT    NOT NULL,
  source_id       TEXT    NOT NULL,
  target_database TEXT    NOT NULL,
  target_table    TEXT    NOT NULL,
  generation      INTEGER NOT NULL,
  format          TEXT    NOT NULL,
  stamp_size      INTEGER NOT NULL,
  stamp_modified  INTEGER NOT NULL, -- nanoseconds since the epoch
  UNIQUE (flow, source_id, target_database, target_table, generation)
) STRICT;

CREATE INDEX unit_of_size ON unit (flow, target_database, target_table, stamp_size);
CREATE INDEX unit_of_source ON unit (source_id);

CREATE TABLE run (
  number           INTEGER PRIMARY KEY, -- the order in which runs began, whatever the clock said
  id               TEXT    NOT NULL UNIQUE,
  flow             TEXT    NOT NULL,
  unit             INTEGER NOT NULL REFERENCES unit (id),
  location         TEXT    NOT NULL,
  state            TEXT    NOT NULL CHECK (state IN
    ('running', 'completed', 'completed_with_dead_letters', 'failed', 'held', 'cancelled')),
  reason           TEXT    NOT NULL DEFAULT '',
  remedy           TEXT    NOT NULL DEFAULT '',
  started_at       INTEGER NOT NULL,
  ended_at         INTEGER,
  -- kept up to date by what plans and settles batches, so that a listing reads no batches
  row_count        INTEGER NOT NULL DEFAULT 0, -- committed
  byte_count       INTEGER NOT NULL DEFAULT 0, -- committed
  batch_count      INTEGER NOT NULL DEFAULT 0, -- committed
  dead_row_count   INTEGER NOT NULL DEFAULT 0,
  dead_batch_count INTEGER NOT NULL DEFAULT 0,
  attempt_count    INTEGER NOT NULL DEFAULT 0,
  first_planned_at INTEGER,
  last_settled_at  INTEGER
) STRICT;
CREATE INDEX run_of_flow ON run (flow, number);
CREATE INDEX run_of_unit ON run (unit, number);
CREATE INDEX run_running ON run (number) WHERE state = 'running';

CREATE TABLE shape (
  id              INTEGER PRIMARY KEY,
  hash            TEXT    NOT NULL UNIQUE, -- SHA-256 over all that follows
  target_database TEXT    NOT NULL,
  target_table    TEXT    NOT NULL,
  table_uuid      TEXT    NOT NULL,
  columns         TEXT    NOT NULL, -- JSON array
  format          TEXT    NOT NULL,
  settings        TEXT    NOT NULL, -- JSON object
  encoder         INTEGER NOT NULL
) STRICT;

CREATE TABLE batch (
  id              TEXT    PRIMARY KEY,
  run             TEXT    NOT NULL REFERENCES run (id),
  unit            INTEGER NOT NULL REFERENCES unit (id),
  sequence        INTEGER NOT NULL,
  position_from   INTEGER NOT NULL,
  position_to     INTEGER NOT NULL,
  first_record    INTEGER NOT NULL,
  records         INTEGER NOT NULL,
  bytes           INTEGER NOT NULL,
  digest          TEXT    NOT NULL,
  token           TEXT    NOT NULL,
  shape           INTEGER NOT NULL REFERENCES shape (id),
  state           TEXT    NOT NULL CHECK (state IN ('planned', 'committed', 'split', 'dead')),
  attempts        INTEGER NOT NULL,
  planned_at      INTEGER NOT NULL,
  settled_at      INTEGER,
  elapsed_micros  INTEGER,
  error_code      INTEGER NOT NULL DEFAULT 0,
  error_name      TEXT    NOT NULL DEFAULT '',
  reason          TEXT    NOT NULL DEFAULT '',
  clickhouse_host TEXT    NOT NULL DEFAULT '',
  clickhouse_user TEXT    NOT NULL DEFAULT '',
  UNIQUE (run, sequence),
  CHECK ((state = 'planned') = (settled_at IS NULL))
) STRICT;
CREATE INDEX batch_of_unit ON batch (unit, position_from, sequence);
CREATE INDEX batch_planned ON batch (unit, run) WHERE state = 'planned';

CREATE TABLE dead_letter (
  id         TEXT    PRIMARY KEY,
  batch      TEXT    NOT NULL REFERENCES batch (id),
  file       TEXT    NOT NULL,
  records    INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  verdict    TEXT    NOT NULL,
  error_code INTEGER NOT NULL,
  error_name TEXT    NOT NULL,
  reason     TEXT    NOT NULL,
  remedy     TEXT    NOT NULL,
  stored_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_letter_of_batch ON dead_letter (batch);

CREATE TABLE outbox (
  seq   INTEGER PRIMARY KEY,
  event TEXT    NOT NULL -- one line of JSONEachRow, as it is sent
) STRICT;

CREATE TABLE audit_batch (
  id         TEXT    PRIMARY KEY,
  epoch      INTEGER NOT NULL,
  from_seq   INTEGER NOT NULL,
  to_seq     INTEGER NOT NULL, -- inclusive
  bytes      INTEGER NOT NULL,
  digest     TEXT    NOT NULL,
  token      TEXT    NOT NULL,
  shape      INTEGER NOT NULL REFERENCES shape (id),
  state      TEXT    NOT NULL CHECK (state IN ('planned', 'committed')),
  planned_at INTEGER NOT NULL
) STRICT;
-- one frozen batch at a time
CREATE UNIQUE INDEX audit_batch_frozen ON audit_batch (state) WHERE state = 'planned';
