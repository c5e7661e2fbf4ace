package io.waybill.delivery;

/** The steps, of deliveries and of changes of route files, between which a crash may fall. */
public enum Step {
  /** A batch is cut; its plan is about to be written. */
  PLAN,
  /** The plan is durable. */
  PLANNED,
  /** A batch is about to be sent. */
  SEND,
  /** ClickHouse answered with success; the ledger does not know yet. */
  SENT,
  /** The settlement is durable. */
  COMMITTED,
  /** The bad records of a refused batch are found; nothing of that is durable. */
  PROBED,
  /** Their bytes and papers are on disk; the ledger does not know yet. */
  DEAD_LETTERS_STORED,
  /** The ledger knows them, and the batch that takes the place of the refused one. */
  SPLIT,
  /** The file of a replay is durable; nothing in the ledger says so. */
  REPLAY_KEPT,
  /** Its dead letters are claimed; nothing is sent. */
  REPLAY_CLAIMED,
  /** All of it arrived; its dead letters are not settled. */
  REPLAY_SENT,
  /** The end of a run is durable. */
  RUN_ENDED,
  /** The source is about to get its acknowledgement. */
  ACKNOWLEDGE,
  /** A batch of audit events is frozen. */
  AUDIT_FROZEN,
  /** ClickHouse answered its insert with success; the ledger does not know yet. */
  AUDIT_SENT,
  /** Its events left the outbox. */
  AUDIT_SETTLED,
  /** The routes of changed files are out; their next versions are not loaded. */
  ROUTES_OUT,
  /** These are loaded and started; the ledger does not know yet. */
  ROUTES_IN,
  /** An extract by key is whole in the spool; nothing of it is planned. */
  EXTRACT_SPOOLED,
  /** The table of a full reload is loaded; readers still see the one before. */
  RELOAD_LOADED,
  /** Readers see the new table; the ledger does not know yet. */
  RELOAD_EXCHANGED,
  /** The table before it is dropped. */
  RELOAD_DROPPED,
  /** A signed head is in its file; the trail does not tell of it. */
  HEAD_KEPT,
  /** The trail tells of it. */
  HEAD_NOTED
}
