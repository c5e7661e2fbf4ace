package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the target of a materialized view out of its CREATE statement, as ClickHouse formats it.
 */
final class ViewTarget {
  private static final String NAME = "(`(?:[^`\\\\]|\\\\.)+`|[A-Za-z_][A-Za-z0-9_]*)";
  private static final Pattern TO = Pattern.compile("\\sTO (?:" + NAME + "\\.)?" + NAME);

  private ViewTarget() {}

  static Optional<TableName> of(TableName view, String create) {
    int as = create.indexOf(" AS SELECT");
    Matcher to = TO.matcher(as < 0 ? create : create.substring(0, as));
    if (!to.find()) {
      return Optional.empty();
    }
    String database = to.group(1) == null ? view.database() : plain(to.group(1));
    return Optional.of(new TableName(database, plain(to.group(2))));
  }

  private static String plain(String name) {
    return name.startsWith("`")
        ? name.substring(1, name.length() - 1).replace("\\`", "`").replace("\\\\", "\\")
        : name;
  }
}
