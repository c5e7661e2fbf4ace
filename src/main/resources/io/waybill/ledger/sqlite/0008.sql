-- The policy as the process that serves, or served last, took it; its text, to tell what changed.
CREATE TABLE policy_file (
  home           TEXT    PRIMARY KEY,
  digest         TEXT    NOT NULL, -- hex SHA-256 of the version that holds; empty if none does
  text           TEXT    NOT NULL,
  loaded_at      INTEGER,
  refused_digest TEXT    NOT NULL, -- of a later version that was refused; empty if none was
  reason         TEXT    NOT NULL,
  refused_at     INTEGER
) STRICT, WITHOUT ROWID;

-- Kill switches that are on by order; those of the policy stand there.
CREATE TABLE kill_switch (
  kind       TEXT    NOT NULL CHECK (kind IN ('environment', 'flow')),
  name       TEXT    NOT NULL,
  ordered_by TEXT    NOT NULL,
  since      INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- What somebody wants and a second person has to approve.
CREATE TABLE approval (
  id          INTEGER PRIMARY KEY,
  action      TEXT    NOT NULL, -- as the policy calls it, or statement
  flow        TEXT    NOT NULL,
  environment TEXT    NOT NULL,
  rule        TEXT    NOT NULL, -- line of the policy that asks for it
  subject     TEXT    NOT NULL, -- the order, JSON; of a statement the digest of its text
  summary     TEXT    NOT NULL, -- in words
  ordered_by  TEXT    NOT NULL,
  ordered_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'expired')),
  decided_by  TEXT    NOT NULL DEFAULT '',
  decided_at  INTEGER
) STRICT;
CREATE INDEX approval_waiting ON approval (id) WHERE state = 'waiting';
CREATE INDEX approval_of_statement ON approval (flow, subject) WHERE action = 'statement';
