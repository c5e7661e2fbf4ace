package io.waybill.policy;

import io.waybill.policy.SqlTokens.Token;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what a statement changes, and how. */
final class SqlChanges {
  private static final List<String> SKIPPED =
      List.of(
          "IF",
          "NOT",
          "EXISTS",
          "TEMPORARY",
          "EMPTY",
          "TABLE",
          "VIEW",
          "MATERIALIZED",
          "LIVE",
          "DICTIONARY",
          "OR",
          "REPLACE",
          "INTO",
          "FROM",
          "PERMANENTLY",
          "ALL",
          "TABLES");
  private static final List<String> OF_ACCESS =
      List.of(
          "USER",
          "ROLE",
          "QUOTA",
          "POLICY",
          "ROW",
          "SETTINGS",
          "PROFILE",
          "NAMED",
          "FUNCTION",
          "WORKLOAD",
          "RESOURCE",
          "MASKING");
  private static final List<String> TAKING_AWAY = List.of("DROP", "DETACH", "CLEAR");
  private final List<Token> tokens;
  private final int begin;
  private final String database;
  private final Set<Statement> kinds = EnumSet.noneOf(Statement.class);
  private final Set<SqlName> writes = new HashSet<>();

  SqlChanges(List<Token> tokens, int begin, String database) {
    this.tokens = tokens;
    this.begin = begin;
    this.database = database;
  }

  Set<Statement> kinds() {
    return kinds;
  }

  Set<SqlName> writes() {
    return writes;
  }

  /** Looks; tells why it cannot be told what it does, or nothing. */
  String look() {
    if (has("PARALLEL")) {
      return "statements with PARALLEL WITH are several";
    }
    String verb = tokens.get(begin).text().toUpperCase(java.util.Locale.ROOT);
    switch (verb) {
      case "GRANT", "REVOKE" -> kinds.add(Statement.GRANT);
      case "SYSTEM", "KILL", "BACKUP", "RESTORE" -> kinds.add(Statement.SYSTEM);
      case "WITH", "INSERT" -> {
        return insert();
      }
      case "OPTIMIZE" -> {
        return object();
      }
      case "CREATE", "ATTACH", "REPLACE" -> {
        if (isReplacing()) {
          kinds.add(Statement.DROP);
        }
        return object();
      }
      case "DROP", "DETACH", "UNDROP" -> {
        kinds.add(Statement.DROP);
        return object();
      }
      case "TRUNCATE" -> {
        kinds.add(Statement.TRUNCATE);
        return object();
      }
      case "DELETE" -> {
        kinds.add(Statement.DELETE);
        return object();
      }
      case "UPDATE" -> {
        kinds.add(Statement.UPDATE);
        return object();
      }
      case "ALTER" -> {
        return alter();
      }
      case "RENAME", "EXCHANGE" -> {
        kinds.add(Statement.ALTER);
        return pairs();
      }
      default -> {
        return "it begins with " + verb + ", which is not known here";
      }
    }
    return "";
  }

  private boolean has(String keyword) {
    return tokens.stream().anyMatch(token -> token.is(keyword));
  }

  private boolean isReplacing() {
    return tokens.get(begin).is("REPLACE")
        || (begin + 2 < tokens.size()
            && tokens.get(begin + 1).is("OR")
            && tokens.get(begin + 2).is("REPLACE"));
  }

  private String insert() {
    for (int i = begin; i < tokens.size(); i++) {
      if (tokens.get(i).is("INTO")) {
        int at = i + 1;
        if (at < tokens.size() && tokens.get(at).is("TABLE")) {
          at++;
        }
        return at < tokens.size() && tokens.get(at).is("FUNCTION")
            ? "it inserts into a table function"
            : named(at);
      }
    }
    return "it does not say into what it inserts";
  }

  /** What the verb is about: a table, a database, or what is of access. */
  private String object() {
    int i = begin + 1;
    if (i < tokens.size() && tokens.get(i).isAny(OF_ACCESS)) {
      kinds.add(Statement.GRANT);
      return "";
    }
    while (i < tokens.size() && tokens.get(i).isAny(SKIPPED)) {
      i++;
    }
    if (i < tokens.size() && tokens.get(i).isAny(OF_ACCESS)) {
      kinds.add(Statement.GRANT);
      return "";
    }
    if (i < tokens.size() && tokens.get(i).is("DATABASE")) {
      return database(i + 1);
    }
    String unclear = named(i);
    // DROP TABLE a, b
    boolean several = tokens.get(begin).is("DROP");
    for (int j = i; several && unclear.isEmpty() && j < tokens.size(); j++) {
      if (tokens.get(j).isSign('(')) {
        break;
      }
      if (tokens.get(j).isSign(',')) {
        unclear = named(j + 1);
      }
    }
    alsoInto();
    return unclear;
  }

  /** A materialized view writes into the table behind TO. */
  private void alsoInto() {
    for (int i = begin; i < tokens.size(); i++) {
      if (has("VIEW") && tokens.get(i).is("TO") && i + 1 < tokens.size()) {
        var unused = named(i + 1);
      }
    }
  }

  private String database(int from) {
    int i = from;
    while (i < tokens.size() && tokens.get(i).isAny(SKIPPED)) {
      i++;
    }
    if (i >= tokens.size() || !tokens.get(i).isName()) {
      return "it does not say which database it means";
    }
    writes.add(new SqlName(tokens.get(i).text(), "*"));
    return "";
  }

  private String alter() {
    int i = begin + 1;
    if (i < tokens.size() && !tokens.get(i).is("TABLE") && !tokens.get(i).is("DATABASE")) {
      kinds.add(Statement.GRANT);
      return "";
    }
    boolean known = false;
    for (int j = i; j < tokens.size(); j++) {
      Token token = tokens.get(j);
      boolean replacing =
          token.is("REPLACE") && j + 1 < tokens.size() && tokens.get(j + 1).is("PARTITION");
      if (token.is("DELETE")) {
        known |= kinds.add(Statement.DELETE);
      } else if (token.is("UPDATE")) {
        known |= kinds.add(Statement.UPDATE);
      } else if (replacing || token.isAny(TAKING_AWAY)) {
        known |= kinds.add(Statement.DROP);
      }
    }
    if (!known) {
      kinds.add(Statement.ALTER);
    }
    movedTo();
    return i < tokens.size() && tokens.get(i).is("DATABASE") ? database(i + 1) : object();
  }

  /** ALTER .. MOVE PARTITION .. TO TABLE other. */
  private void movedTo() {
    for (int i = begin; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).is("TO") && tokens.get(i + 1).is("TABLE")) {
        var unused = named(i + 2);
      }
    }
  }

  /** {@code a TO b, c TO d} or {@code a AND b}. */
  private String pairs() {
    int i = begin + 1;
    while (i < tokens.size() && tokens.get(i).isAny(SKIPPED)) {
      i++;
    }
    if (i < tokens.size() && tokens.get(i).is("DATABASE")) {
      return "databases are renamed by people, not by routes";
    }
    String unclear = named(i);
    for (int j = i; unclear.isEmpty() && j < tokens.size(); j++) {
      if (tokens.get(j).is("TO") || tokens.get(j).is("AND") || tokens.get(j).isSign(',')) {
        unclear = named(j + 1);
      }
    }
    return unclear;
  }

  private String named(int i) {
    if (i >= tokens.size() || !tokens.get(i).isName()) {
      return "it does not say in plain text which table it means";
    }
    boolean qualified = i + 2 < tokens.size() && tokens.get(i + 1).isSign('.');
    writes.add(
        qualified
            ? new SqlName(tokens.get(i).text(), tokens.get(i + 2).text())
            : new SqlName(database, tokens.get(i).text()));
    return "";
  }
}
