-- Route files as the process that serves, or served last, took or refused them.
CREATE TABLE route_file (
  home           TEXT    NOT NULL,    -- of the process; empty for a ledger that no others share
  name           TEXT    NOT NULL,    -- relative to home
  digest         TEXT    NOT NULL,    -- hex SHA-256 of the version that is loaded; empty if none is
  flows          TEXT    NOT NULL,    -- of that version; JSON array
  loaded_at      INTEGER,
  refused_digest TEXT    NOT NULL,    -- of a later version that was refused; empty if none was
  reason         TEXT    NOT NULL,
  refused_at     INTEGER,
  PRIMARY KEY (home, name)
) STRICT;

-- Whether a route file that is loaded declares it.
ALTER TABLE flow ADD COLUMN loaded INTEGER NOT NULL DEFAULT 1 CHECK (loaded IN (0, 1));
