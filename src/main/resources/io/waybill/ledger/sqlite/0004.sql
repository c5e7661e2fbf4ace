-- How far a flow has read from a source that hands its changes out by positions of its own.
CREATE TABLE source_offset (
  flow     TEXT NOT NULL,
  name     TEXT NOT NULL,
  position TEXT NOT NULL,
  PRIMARY KEY (flow, name)
) STRICT, WITHOUT ROWID;
