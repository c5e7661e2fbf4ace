package io.waybill.clickhouse;

import java.sql.SQLException;

/**
 * Decides on statements of JDBC before they are asked: by which connection, under which role, and
 * whether they may change anything. Thread-safe.
 */
public interface StatementGuard {
  /** Everything goes as it is written. */
  StatementGuard NONE =
      new StatementGuard() {
        @Override
        public String connection(String named) {
          return named;
        }

        @Override
        public Admission admit(String connection, String sql) {
          return Admission.FREE;
        }
      };

  /**
   * How a statement is asked.
   *
   * @param role role of ClickHouse to set; empty for those that the user has by default
   * @param readOnly whether the server is to refuse whatever changes something
   */
  record Admission(String role, boolean readOnly) {
    /** As whoever the connection is, whatever it does. */
    public static final Admission FREE = new Admission("", false);
  }

  /**
   * The named connection that is used in the place of one.
   *
   * @throws SQLException if there is none for who asks
   */
  String connection(String named) throws SQLException;

  /**
   * Decides.
   *
   * @param connection the one that the statement is written for
   * @throws SQLException if it may not be asked; nothing was sent
   */
  Admission admit(String connection, String sql) throws SQLException;
}
