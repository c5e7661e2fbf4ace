-- Up to where tables were read by key: moved by the transaction that ends such a run.
CREATE TABLE checkpoint (
  flow            TEXT    NOT NULL,
  target_database TEXT    NOT NULL,
  target_table    TEXT    NOT NULL,
  key_column      TEXT    NOT NULL,
  key_value       TEXT    NOT NULL, -- kind:value
  run             TEXT    NOT NULL, -- that moved it last
  moved_at        INTEGER NOT NULL,
  PRIMARY KEY (flow, target_database, target_table)
) STRICT, WITHOUT ROWID;
