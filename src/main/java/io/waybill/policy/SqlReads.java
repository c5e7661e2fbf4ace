package io.waybill.policy;

import io.waybill.policy.SqlTokens.Kind;
import io.waybill.policy.SqlTokens.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the tables that a statement reads: behind FROM, JOIN and IN, and in dictionaries. */
final class SqlReads {
  /** They make their rows themselves, and reach nothing that the policy knows by name. */
  private static final Set<String> HARMLESS =
      Set.of(
          "numbers",
          "numbers_mt",
          "zeros",
          "zeros_mt",
          "generaterandom",
          "generate_series",
          "generateseries",
          "values",
          "null",
          "format",
          "input",
          "view");

  /** Behind FROM in these stands no table. */
  private static final Set<String> TAKING_FROM = Set.of("extract", "substring", "trim", "overlay");

  private static final List<String> ENDS_SOURCES =
      List.of(
          "WHERE",
          "PREWHERE",
          "GROUP",
          "HAVING",
          "ORDER",
          "LIMIT",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "SETTINGS",
          "FORMAT",
          "WINDOW",
          "QUALIFY",
          "OFFSET",
          "FETCH",
          "SELECT",
          "INTO",
          "ON",
          "USING");

  /** They tell names only, and those of what somebody may see. */
  private static final List<String> OF_METADATA = List.of("SHOW", "EXISTS");

  private static final List<String> OF_ONE = List.of("DESCRIBE", "DESC", "CHECK");
  private static final List<String> BY_NAME = List.of("dictget", "dicthas", "joinget", "dictis");
  private final List<Token> tokens;
  private final String database;
  private final Set<SqlName> tables = new HashSet<>();
  private final Set<String> common = new HashSet<>();
  private final Deque<Level> levels = new ArrayDeque<>(List.of(new Level("")));
  private String unclear = "";

  /** What stands in one pair of parentheses. */
  private static final class Level {
    private final String function;
    private boolean sources;

    Level(String function) {
      this.function = function;
    }
  }

  private SqlReads(List<Token> tokens, String database) {
    this.tokens = tokens;
    this.database = database;
  }

  static SqlReads of(List<Token> tokens, String database) {
    SqlReads reads = new SqlReads(tokens, database);
    reads.common();
    if (!tokens.isEmpty() && tokens.get(0).isAny(OF_METADATA)) {
      return reads;
    }
    if (tokens.size() > 1 && tokens.get(0).isAny(OF_ONE)) {
      reads.source(1);
    }
    for (int i = 0; i < tokens.size(); i++) {
      reads.look(i);
    }
    return reads;
  }

  Set<SqlName> tables() {
    return tables;
  }

  String unclear() {
    return unclear;
  }

  /** Names that a WITH clause gives to queries. */
  private void common() {
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean begins = i > 0 && (tokens.get(i - 1).is("WITH") || tokens.get(i - 1).isSign(','));
      boolean recursive = i > 0 && tokens.get(i - 1).is("RECURSIVE");
      if ((begins || recursive)
          && tokens.get(i).isName()
          && tokens.get(i + 1).is("AS")
          && tokens.get(i + 2).isSign('(')) {
        common.add(tokens.get(i).text());
      }
    }
  }

  private void look(int i) {
    Token token = tokens.get(i);
    if (token.isSign('(')) {
      String before = i > 0 && tokens.get(i - 1).isName() ? tokens.get(i - 1).text() : "";
      levels.push(new Level(before.toLowerCase(Locale.ROOT)));
      byName(before, i);
    } else if (token.isSign(')') && levels.size() > 1) {
      levels.pop();
    } else if (token.is("FROM")) {
      boolean deletes = i > 0 && tokens.get(i - 1).is("DELETE");
      if (!deletes && !TAKING_FROM.contains(levels.peek().function)) {
        levels.peek().sources = true;
        source(i + 1);
      }
    } else if (token.is("JOIN")) {
      levels.peek().sources = i == 0 || !tokens.get(i - 1).is("ARRAY");
      if (levels.peek().sources) {
        source(i + 1);
      }
    } else if (token.isSign(',') && levels.peek().sources) {
      source(i + 1);
    } else if (token.is("IN") && !isCalled(i + 1)) {
      source(i + 1);
    } else if (token.isAny(ENDS_SOURCES)) {
      levels.peek().sources = false;
    }
  }

  private boolean isCalled(int i) {
    return i + 1 < tokens.size() && tokens.get(i + 1).isSign('(');
  }

  private void source(int from) {
    int i = from;
    if (i < tokens.size() && tokens.get(i).is("TABLE")) {
      i++;
    }
    if (i < tokens.size() && (tokens.get(i).isSign('{') || tokens.get(i).isSign('?'))) {
      // behind IN it is a list of values
      unclear = tokens.get(from - 1).is("IN") ? unclear : "it names a table by a parameter";
      return;
    }
    if (i >= tokens.size() || !tokens.get(i).isName() || tokens.get(i).is("SELECT")) {
      return;
    }
    String name = tokens.get(i).text();
    boolean qualified = i + 2 < tokens.size() && tokens.get(i + 1).isSign('.');
    if (qualified) {
      tables.add(new SqlName(name, tokens.get(i + 2).text()));
    } else if (isCalled(i)) {
      if (!HARMLESS.contains(name.toLowerCase(Locale.ROOT))) {
        unclear = "the table function " + name + " reaches what no environment names";
      }
    } else if (!common.contains(name)) {
      tables.add(new SqlName(database, name));
    }
  }

  /** {@code dictGet('database.name', ..)}: a table whose name is a text. */
  private void byName(String function, int parenthesis) {
    String lower = function.toLowerCase(Locale.ROOT);
    if (BY_NAME.stream().noneMatch(lower::startsWith) || parenthesis + 1 >= tokens.size()) {
      return;
    }
    Token name = tokens.get(parenthesis + 1);
    if (name.kind() == Kind.TEXT) {
      int dot = name.text().indexOf('.');
      tables.add(
          dot < 0
              ? new SqlName(database, name.text())
              : new SqlName(name.text().substring(0, dot), name.text().substring(dot + 1)));
    } else if (name.isName()) {
      source(parenthesis + 1);
    } else {
      unclear = function + " does not say in plain text what it reads";
    }
  }
}
