package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells whether who asks may insert what Waybill inserts, without inserting. Thread-safe.
 *
 * <p>ClickHouse plans an insert for EXPLAIN PIPELINE as it does for the insert itself: it looks at
 * the grants of these columns, at readonly and at the settings, and keeps nothing. EXPLAIN AST and
 * SYNTAX ask for no right, EXPLAIN PLAN and ESTIMATE know no insert.
 */
public final class InsertRights {
  private static final int SYNTAX_ERROR = 62;
  private static final int DENIED = 497;
  private static final String TO_MAKE = "CREATE TABLE, INSERT";
  // what a server says that cannot explain an insert
  private static final List<Integer> NOT_KNOWN = List.of(SYNTAX_ERROR, 48, 80);
  private final ClickHouseClient client;
  private final Tables tables;

  public InsertRights(ClickHouseClient client) {
    this.client = client;
    this.tables = new Tables(client);
  }

  /**
   * By an insert that is planned and not carried out; by CHECK GRANT where the server cannot do
   * that, or there is no table yet.
   *
   * @param role role that is set for it; empty for none
   * @param skipUnknownFields what the flow says of fields that the table has not
   * @param settings settings of the flow
   */
  public Finding explained(
      TableName table, String role, boolean skipUnknownFields, Map<String, String> settings) {
    try {
      if (tables.table(table).isEmpty()) {
        return granted(TO_MAKE, table, role);
      }
      Map<String, String> sent =
          BlockSettings.of(ServerFacts.ask(client).settings(), skipUnknownFields, settings);
      String insert =
          "EXPLAIN PIPELINE INSERT INTO %s%s FORMAT TSV"
              .formatted(table.quoted(), list(tables.insertable(table)));
      client.query(new QueryRequest(insert, "TSVRaw", sent, "", "", role));
      return Finding.ok(
          "GRANTED",
          "%s may insert into %s: ClickHouse planned the insert (EXPLAIN), and kept nothing"
              .formatted(who(role), table));
    } catch (QueryFailedException e) {
      return NOT_KNOWN.contains(e.code())
          ? granted(insert(table), table, role)
          : Finding.hold(e, remedy(e, table, role));
    }
  }

  private Finding granted(String privileges, TableName table, String role) {
    try {
      return isGranted(privileges, table, role)
          ? Finding.ok(
              "GRANTED", "%s has %s on %s (CHECK GRANT)".formatted(who(role), privileges, table))
          : denied(privileges, table, role);
    } catch (QueryFailedException e) {
      return e.code() == SYNTAX_ERROR
          ? Finding.warn(
              "RIGHTS_UNKNOWN",
              "this ClickHouse cannot tell whether %s has %s on %s: the first batch does"
                  .formatted(who(role), privileges, table),
              "")
          : Finding.hold(e, remedy(e, table, role));
    }
  }

  /** By CHECK GRANT, which is there from 24.11 on; empty if there is nothing to say against it. */
  Optional<Finding> objection(TableName table, String role) {
    try {
      String insert = insert(table);
      return isGranted(insert, table, role)
          ? Optional.empty()
          : Optional.of(denied(insert, table, role));
    } catch (QueryFailedException e) {
      return e.code() == SYNTAX_ERROR
          ? Optional.empty() // the first batch tells
          : Optional.of(Finding.hold(e, "see whether the user or role is there"));
    }
  }

  private boolean isGranted(String privileges, TableName table, String role) {
    String check = "CHECK GRANT %s ON %s".formatted(privileges, table.quoted());
    return client.query(new QueryRequest(check, "TSV", Map.of(), "", "", role)).strip().equals("1");
  }

  /** Of the columns that an insert of Waybill's names, and no others. */
  private String insert(TableName table) {
    return "INSERT" + list(tables.insertable(table));
  }

  private static String list(List<String> columns) {
    return columns.isEmpty()
        ? ""
        : columns.stream().map(TableName::quote).collect(Collectors.joining(", ", "(", ")"));
  }

  private Finding denied(String privileges, TableName table, String role) {
    return new Finding(
        Finding.Severity.HOLD,
        DENIED,
        "ACCESS_DENIED",
        "%s has not %s on %s".formatted(who(role), privileges, table),
        // of the whole table: columns come and go
        "GRANT %s ON %s TO %s"
            .formatted(
                privileges.equals(TO_MAKE) ? TO_MAKE : "INSERT", table.quoted(), grantee(role)));
  }

  private String remedy(QueryFailedException e, TableName table, String role) {
    return e.code() == DENIED
        ? "GRANT INSERT ON %s TO %s".formatted(table.quoted(), grantee(role))
        : "mend the cause in ClickHouse";
  }

  private String grantee(String role) {
    return TableName.quote(asRole(role).isEmpty() ? client.connection().user() : asRole(role));
  }

  private String who(String role) {
    return asRole(role).isEmpty() ? client.connection().user() : "role " + asRole(role);
  }

  private String asRole(String asked) {
    return asked.isEmpty() ? client.connection().role() : asked;
  }
}
