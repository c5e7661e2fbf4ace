package io.waybill.policy;

import io.waybill.policy.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One right at ClickHouse, as GRANT and REVOKE name it. Immutable.
 *
 * @param revoke whether it is taken away, out of a wider one
 * @param privilege upper case, as {@code CREATE TABLE}; {@code ROLE} for membership in a role
 * @param columns the columns that it is about; empty for all
 * @param database a name, or the beginning of one and {@code *}; empty for what is in no database
 * @param table likewise; a role's name for {@code ROLE}
 */
public record Grant(
    boolean revoke, String privilege, List<String> columns, String database, String table) {
  /** Membership in a role. */
  public static final String ROLE = "ROLE";

  private static final String ALL = "ALL";

  public Grant {
    columns = List.copyOf(columns);
  }

  /** A privilege on tables. */
  public static Grant on(String privilege, String database, String table) {
    return new Grant(false, privilege, List.of(), database, table);
  }

  /** The same, taken away. */
  Grant revoked() {
    return new Grant(true, privilege, columns, database, table);
  }

  /**
   * What a line of SHOW GRANTS says; nothing for a line that says nothing.
   *
   * @throws IllegalArgumentException if it is no such line
   */
  public static List<Grant> parse(String line) {
    List<Token> tokens = SqlTokens.of(line);
    boolean revoke = !tokens.isEmpty() && tokens.get(0).is("REVOKE");
    if (tokens.isEmpty() || (!revoke && !tokens.get(0).is("GRANT"))) {
      throw new IllegalArgumentException("no line of SHOW GRANTS: " + line);
    }
    int on = indexOf(tokens, "ON", 1);
    int to = indexOf(tokens, revoke ? "FROM" : "TO", Math.max(on, 1));
    if (on < 0) {
      return roles(tokens.subList(1, to < 0 ? tokens.size() : to), revoke);
    }
    List<Token> target = tokens.subList(on + 1, to < 0 ? tokens.size() : to);
    int dot = dot(target);
    String database = dot < 0 ? "" : text(target.subList(0, dot));
    String table = text(target.subList(dot + 1, target.size()));
    List<Grant> grants = new ArrayList<>();
    for (Privilege each : privileges(tokens.subList(1, on))) {
      if (!each.name().equals("USAGE")) {
        grants.add(new Grant(revoke, each.name(), each.columns(), database, table));
      }
    }
    return grants;
  }

  private record Privilege(String name, List<String> columns) {}

  private static List<Grant> roles(List<Token> names, boolean revoke) {
    return names.stream()
        .filter(Token::isName)
        .map(name -> new Grant(revoke, ROLE, List.of(), "", name.text()))
        .toList();
  }

  private static List<Privilege> privileges(List<Token> tokens) {
    List<Privilege> privileges = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    List<String> columns = new ArrayList<>();
    boolean inside = false;
    for (Token token : tokens) {
      if (token.isSign('(')) {
        inside = true;
      } else if (token.isSign(')')) {
        inside = false;
      } else if (token.isSign(',') && !inside) {
        privileges.add(new Privilege(name.toString(), List.copyOf(columns)));
        name.setLength(0);
        columns.clear();
      } else if (inside && token.isName()) {
        columns.add(token.text());
      } else if (!inside) {
        name.append(name.isEmpty() ? "" : " ").append(token.text().toUpperCase(Locale.ROOT));
      }
    }
    privileges.add(new Privilege(name.toString(), List.copyOf(columns)));
    return privileges;
  }

  private static int indexOf(List<Token> tokens, String keyword, int from) {
    for (int i = from; i < tokens.size(); i++) {
      if (tokens.get(i).is(keyword)) {
        return i;
      }
    }
    return -1;
  }

  private static int dot(List<Token> target) {
    for (int i = 0; i < target.size(); i++) {
      if (target.get(i).isSign('.')) {
        return i;
      }
    }
    return -1;
  }

  private static String text(List<Token> tokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.append(token.text()));
    return text.toString();
  }

  /** Whether it gives, or takes, this privilege on this table. */
  boolean meets(String wanted, String ofDatabase, String ofTable) {
    return columns.isEmpty()
        && includes(wanted)
        && Globs.covers(database, ofDatabase)
        && Globs.covers(table, ofTable);
  }

  /** Whether whoever has this has that. */
  boolean covers(Grant other) {
    boolean columnsToo = columns.isEmpty() || columns.containsAll(other.columns());
    return includes(other.privilege())
        && (columnsToo && (columns.isEmpty() || !other.columns().isEmpty()))
        && Globs.covers(database, other.database())
        && Globs.covers(table, other.table());
  }

  private boolean includes(String wanted) {
    return privilege.equals(wanted)
        || (privilege.startsWith(ALL) && !wanted.equals(ROLE))
        || wanted.startsWith(privilege + " ")
        || (privilege.equals("CREATE") && wanted.startsWith("CREATE"));
  }

  /** How narrow it is: the narrower one decides. */
  int narrowness() {
    return width(database) * 1000 + width(table);
  }

  private static int width(String name) {
    return name.endsWith("*") ? name.length() - 1 : 500;
  }

  /** As SQL, without the name of who gets it. */
  public String words() {
    if (privilege.equals(ROLE)) {
      return (revoke ? "REVOKE " : "GRANT ") + quoted(table);
    }
    String what =
        columns.isEmpty()
            ? privilege
            : privilege
                + "("
                + String.join(", ", columns.stream().map(Grant::quoted).toList())
                + ")";
    String where = database.isEmpty() ? table : quoted(database) + "." + quoted(table);
    return (revoke ? "REVOKE " : "GRANT ") + what + " ON " + where;
  }

  /** As SQL. */
  public String sql(String grantee) {
    return words() + (revoke ? " FROM " : " TO ") + quoted(grantee);
  }

  /**
   * A name that needs no quotes has none; the star behind the beginning of a name stays outside.
   */
  static String quoted(String name) {
    String plain = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
    String star = name.endsWith("*") ? "*" : "";
    return (plain.isEmpty() || plain.matches("[A-Za-z_][A-Za-z0-9_]*")
            ? plain
            : "`" + plain.replace("\\", "\\\\").replace("`", "\\`") + "`")
        + star;
  }
}
