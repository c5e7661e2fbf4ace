package io.waybill.camel;

import java.sql.SQLException;
import java.util.Optional;

/** Up to which key a table may be extracted without leaving out rows that are not committed yet. */
interface KeyBound {

  /**
   * The bound now; empty if there is none yet, so that nothing is to be extracted this time.
   *
   * @throws SQLException if the database cannot be asked
   */
  Optional<KeyValue> now() throws SQLException;
}
