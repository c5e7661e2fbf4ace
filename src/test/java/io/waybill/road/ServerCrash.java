package io.waybill.road;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One way of a server to die inside an insert.
 *
 * @param point at which call
 * @param where about which table
 * @param partitions whether the tables have several partitions
 * @param view whether the table has a materialized view
 * @param kills how often in a row
 */
record ServerCrash(Point point, Where where, boolean partitions, boolean view, int kills) {
  static final int PARTITIONS = 7;

  /** Where in an insert the server dies; what is counted, and how often per part. */
  enum Point {
    PART_WRITE("write-before", "tmp_insert_", 2),
    TOKEN_BEFORE("write-before", "deduplication_log_", 1),
    TOKEN_AFTER("write-after", "deduplication_log_", 1),
    RENAME_BEFORE("rename-before", "tmp_insert_", 1),
    RENAME_AFTER("rename-after", "tmp_insert_", 1);

    private final String call;
    private final String path;
    private final int perPart;

    Point(String call, String path, int perPart) {
      this.call = call;
      this.path = path;
      this.perPart = perPart;
    }

    /** Whether the token is noted then and its part is not there. */
    boolean remembersWithoutRows() {
      return this == TOKEN_AFTER || this == RENAME_BEFORE;
    }

    String rule(String uuid, int parts) {
      return "%s %d %s %s".formatted(call, parts * perPart, uuid, path);
    }
  }

  /** The table whose parts are counted. */
  enum Where {
    TABLE,
    VIEW,
    AUDIT
  }

  /** Every way. */
  static Stream<ServerCrash> all() {
    List<ServerCrash> cases = new ArrayList<>();
    for (Point point : Point.values()) {
      for (int kills : point.remembersWithoutRows() ? new int[] {1, 3} : new int[] {1}) {
        for (boolean partitions : new boolean[] {false, true}) {
          cases.add(new ServerCrash(point, Where.TABLE, partitions, false, kills));
          cases.add(new ServerCrash(point, Where.TABLE, partitions, true, kills));
          cases.add(new ServerCrash(point, Where.VIEW, partitions, true, kills));
        }
        cases.add(new ServerCrash(point, Where.AUDIT, false, false, kills));
      }
    }
    return cases.stream();
  }

  /**
   * In the sixth batch, among its partitions; then at the first part that comes along.
   *
   * @param uuid of the table whose parts are counted
   */
  List<String> rules(String uuid) {
    // several events of the audit trail go with one insert, so that there are few of these
    int parts = where == Where.AUDIT ? 1 : partitions ? 5 * PARTITIONS + 4 : 6;
    List<String> rules = new ArrayList<>(List.of(point.rule(uuid, parts)));
    while (rules.size() < kills) {
      rules.add(point.rule(uuid, partitions ? 4 : 1));
    }
    return rules;
  }

  /**
   * The one loss that nobody can see: the target of a view remembers a token without its rows, and
   * what a view makes of a batch cannot be counted.
   */
  boolean losesInView() {
    return where == Where.VIEW && point.remembersWithoutRows();
  }

  /**
   * Whether one batch is on its way at a time: else the death at another point may find a second
   * batch at that one in a view.
   */
  boolean isAlone() {
    return view && !losesInView();
  }
}
