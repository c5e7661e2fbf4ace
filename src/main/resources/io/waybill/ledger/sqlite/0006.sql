-- Occasions on which flows were started: by a schedule, a person, the flows before them, a backfill.
CREATE TABLE flow_trigger (
  number     INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  flow       TEXT    NOT NULL,
  kind       TEXT    NOT NULL CHECK (kind IN ('schedule', 'manual', 'upstream', 'backfill')),
  due_at     INTEGER NOT NULL,
  parameters TEXT    NOT NULL, -- JSON object of texts
  ordered_by TEXT    NOT NULL,
  state      TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'completed',
    'completed_with_dead_letters', 'failed', 'held', 'skipped', 'missed', 'cancelled', 'timed_out')),
  reason     TEXT    NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at   INTEGER,
  parent     TEXT    NOT NULL DEFAULT '', -- the backfill that it is a part of
  attempts   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX flow_trigger_of_flow ON flow_trigger (flow, number);
CREATE INDEX flow_trigger_open ON flow_trigger (number) WHERE state IN ('queued', 'running', 'held');
CREATE INDEX flow_trigger_of_parent ON flow_trigger (parent, number) WHERE parent <> '';
-- Each due time of a schedule is an occasion once, whoever sees it first.
CREATE UNIQUE INDEX flow_trigger_due ON flow_trigger (flow, due_at) WHERE kind = 'schedule';

ALTER TABLE run ADD COLUMN trigger_id TEXT NOT NULL DEFAULT '';
CREATE INDEX run_of_trigger ON run (trigger_id, number) WHERE trigger_id <> '';

-- How often a flow came to an end, counted by the transaction that ends a run or trigger.
CREATE TABLE flow_end (
  flow         TEXT    PRIMARY KEY,
  ended        INTEGER NOT NULL, -- in any state
  completed    INTEGER NOT NULL, -- with dead letters or without
  ended_at     INTEGER NOT NULL,
  completed_at INTEGER,
  state        TEXT    NOT NULL, -- of the last end
  cause        TEXT    NOT NULL  -- run or trigger that ended last
) STRICT, WITHOUT ROWID;

-- Which flows a flow waits for, and up to which of their ends it has been started.
CREATE TABLE flow_upstream (
  flow      TEXT    NOT NULL,
  upstream  TEXT    NOT NULL,
  ends      TEXT    NOT NULL CHECK (ends IN ('completed', 'any')),
  mode      TEXT    NOT NULL CHECK (mode IN ('all', 'any')),
  within    INTEGER NOT NULL, -- microseconds; 0 for no bound
  seen      INTEGER NOT NULL,
  PRIMARY KEY (flow, upstream)
) STRICT, WITHOUT ROWID;

-- A person wants a flow to rest.
ALTER TABLE flow ADD COLUMN paused_at INTEGER;
ALTER TABLE flow ADD COLUMN paused_by TEXT;
-- When it is due next, as the process that serves says; empty for no schedule.
ALTER TABLE flow ADD COLUMN schedule TEXT NOT NULL DEFAULT '';
ALTER TABLE flow ADD COLUMN next_due_at INTEGER;
