-- Batches are parted: the good records of a refused batch go on as another batch in its place, the
-- bad ones are dead letters, one by one. What is left out of the range are numbers with commas.
ALTER TABLE batch ADD COLUMN parent TEXT REFERENCES batch (id);
ALTER TABLE batch ADD COLUMN without TEXT NOT NULL DEFAULT '';
-- Attempts of which ClickHouse said that nothing of them was applied.
ALTER TABLE batch ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN dead_rows INTEGER NOT NULL DEFAULT 0;
UPDATE batch SET dead_rows = records WHERE state = 'dead';

-- Tokens that a batch was sent under before the one it has; audit batches as well.
CREATE TABLE former_token (
  batch  TEXT    NOT NULL,
  number INTEGER NOT NULL,
  token  TEXT    NOT NULL,
  PRIMARY KEY (batch, number)
) STRICT, WITHOUT ROWID;

-- Records that are sent again: a unit of its own, over a file of its own.
CREATE TABLE replay (
  id              INTEGER PRIMARY KEY,
  flow            TEXT    NOT NULL,
  target_database TEXT    NOT NULL,
  target_table    TEXT    NOT NULL,
  format          TEXT    NOT NULL,
  source_id       TEXT    NOT NULL UNIQUE,
  file            TEXT    NOT NULL, -- relative to the folder of dead letters
  mended          INTEGER NOT NULL CHECK (mended IN (0, 1)),
  letters         INTEGER NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('open', 'done', 'failed')),
  run             TEXT    NOT NULL DEFAULT '',
  ordered_by      TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  ended_at        INTEGER
) STRICT;
CREATE INDEX replay_open ON replay (id) WHERE state = 'open';

CREATE TABLE letter (
  number        INTEGER PRIMARY KEY,
  id            TEXT    NOT NULL UNIQUE,
  batch         TEXT    NOT NULL REFERENCES batch (id),
  run           TEXT    NOT NULL REFERENCES run (id),
  flow          TEXT    NOT NULL,
  file          TEXT    NOT NULL, -- relative to the folder of dead letters
  file_offset   INTEGER NOT NULL, -- 0 only of whole batches that were kept before batches were parted
  bytes         INTEGER NOT NULL,
  records       INTEGER NOT NULL,
  record        INTEGER NOT NULL, -- number in the source
  source_offset INTEGER NOT NULL,
  line          INTEGER NOT NULL, -- 0 when nobody knows
  column_name   TEXT    NOT NULL,
  verdict       TEXT    NOT NULL,
  error_code    INTEGER NOT NULL,
  error_name    TEXT    NOT NULL,
  reason        TEXT    NOT NULL,
  remedy        TEXT    NOT NULL,
  first_seen_at INTEGER NOT NULL,
  stored_at     INTEGER NOT NULL,
  state         TEXT    NOT NULL DEFAULT 'stored'
    CHECK (state IN ('stored', 'replaying', 'replayed', 'discarded')),
  replay        INTEGER REFERENCES replay (id),
  settled_at    INTEGER,
  settled_by    TEXT    NOT NULL DEFAULT '',
  note          TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO letter (id, batch, run, flow, file, file_offset, bytes, records, record, source_offset,
    line, column_name, verdict, error_code, error_name, reason, remedy, first_seen_at, stored_at)
  SELECT dead_letter.id, dead_letter.batch, batch.run, run.flow, dead_letter.file, 0,
    dead_letter.bytes, dead_letter.records, batch.first_record, batch.position_from, 0, '',
    dead_letter.verdict, dead_letter.error_code, dead_letter.error_name, dead_letter.reason,
    dead_letter.remedy, dead_letter.stored_at, dead_letter.stored_at
  FROM dead_letter JOIN batch ON batch.id = dead_letter.batch JOIN run ON run.id = batch.run
  ORDER BY dead_letter.stored_at;
DROP TABLE dead_letter;
ALTER TABLE letter RENAME TO dead_letter;
CREATE INDEX dead_letter_of_batch ON dead_letter (batch);
CREATE INDEX dead_letter_of_file ON dead_letter (file);
CREATE INDEX dead_letter_of_run ON dead_letter (run, number);
CREATE INDEX dead_letter_of_flow ON dead_letter (flow, state, number);
CREATE INDEX dead_letter_in_state ON dead_letter (state, number);
CREATE INDEX dead_letter_of_replay ON dead_letter (replay) WHERE replay IS NOT NULL;

-- What a person orders while another process has the ledger.
CREATE TABLE request (
  id         INTEGER PRIMARY KEY,
  argument   TEXT    NOT NULL, -- JSON
  ordered_by TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('open', 'done')),
  answer     TEXT    NOT NULL DEFAULT '' -- JSON
) STRICT;
CREATE INDEX request_open ON request (id) WHERE state = 'open';

-- Whether the table noted the batch of each row when the batch was planned: only then its rows count.
ALTER TABLE shape ADD COLUMN provenance INTEGER NOT NULL DEFAULT 0;

-- When somebody decided that this ledger goes on here, restored or copied: what is older than that may
-- have been delivered without this ledger knowing.
ALTER TABLE meta ADD COLUMN adopted_at INTEGER;

-- What is kept of settled batches when their detail is pruned: enough to know their source again.
CREATE TABLE settled_range (
  unit          INTEGER NOT NULL REFERENCES unit (id),
  position_from INTEGER NOT NULL,
  position_to   INTEGER NOT NULL,
  first_record  INTEGER NOT NULL,
  records       INTEGER NOT NULL,
  digest        TEXT    NOT NULL,
  PRIMARY KEY (unit, position_from)
) STRICT, WITHOUT ROWID;
