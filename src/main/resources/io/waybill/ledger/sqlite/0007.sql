-- The audit trail: every event, chained to the one before by its hash, kept after it was sent.
CREATE TABLE audit_event (
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  noted_at INTEGER NOT NULL,
  pruned   INTEGER NOT NULL DEFAULT 0 CHECK (pruned IN (0, 1)),
  event    TEXT    NOT NULL, -- one line of JSONEachRow, as it is sent; of one that was pruned its head
  PRIMARY KEY (epoch, seq)
) STRICT;
-- What tells of the chain itself; queries repeat the condition word by word.
CREATE INDEX audit_event_marks ON audit_event (kind, epoch, seq)
  WHERE kind IN ('head', 'retention', 'ledger');
INSERT INTO audit_event (epoch, seq, kind, noted_at, event)
  SELECT meta.epoch, outbox.seq, outbox.event ->> 'kind',
    CAST(strftime('%s', outbox.event ->> 'time') AS INTEGER) * 1000000, outbox.event
  FROM outbox, meta;

-- How far the chain of this epoch is: the hash of its last event, the number of the first one that
-- has a hash, and of the last one that arrived in ClickHouse.
ALTER TABLE meta ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE meta ADD COLUMN audit_from INTEGER NOT NULL DEFAULT 1;
ALTER TABLE meta ADD COLUMN audit_sent INTEGER NOT NULL DEFAULT 0;
UPDATE meta SET audit_from = audit_seq + 1,
  audit_sent = COALESCE((SELECT MIN(seq) - 1 FROM outbox), audit_seq);
DROP TABLE outbox;

-- The same of the epochs before.
CREATE TABLE audit_epoch (
  epoch      INTEGER PRIMARY KEY,
  audit_seq  INTEGER NOT NULL,
  audit_hash TEXT    NOT NULL,
  audit_from INTEGER NOT NULL,
  audit_sent INTEGER NOT NULL
) STRICT;

-- The version of a route file that is loaded, without secrets, for the difference to the next one.
ALTER TABLE route_file ADD COLUMN content TEXT NOT NULL DEFAULT '';
