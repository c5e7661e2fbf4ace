package io.waybill.policy;

import io.waybill.policy.SqlTokens.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a statement of a route does, as far as its text tells: an early refusal with a reason. The
 * server's grants and its readonly setting are what finally holds.
 *
 * @param readOnly whether it only asks; it is sent so that the server refuses anything else
 * @param kinds what it does that environments may forbid
 * @param reads tables that it reads
 * @param writes tables that it changes
 * @param unclear why it cannot be told what it does; empty if it can
 */
public record SqlStatement(
    boolean readOnly,
    Set<Statement> kinds,
    Set<SqlName> reads,
    Set<SqlName> writes,
    String unclear) {
  private static final List<String> ASKING =
      List.of("SELECT", "WITH", "FROM", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK");

  public SqlStatement {
    kinds = Set.copyOf(kinds);
    reads = Set.copyOf(reads);
    writes = Set.copyOf(writes);
  }

  /**
   * Looks at a statement.
   *
   * @param database what names without a database mean
   */
  public static SqlStatement of(String sql, String database) {
    List<Token> tokens;
    try {
      tokens = SqlTokens.of(sql);
    } catch (IllegalArgumentException e) {
      return unclear(e.getMessage());
    }
    SqlReads reads = SqlReads.of(tokens, database);
    if (!reads.unclear().isEmpty()) {
      return unclear(reads.unclear());
    }
    int begin = 0;
    while (begin < tokens.size() && tokens.get(begin).isSign('(')) {
      begin++;
    }
    if (begin == tokens.size()) {
      return unclear("it is empty");
    }
    if (isAsking(tokens, begin)) {
      return new SqlStatement(true, Set.of(), reads.tables(), Set.of(), "");
    }
    return changing(tokens, begin, database, reads);
  }

  private static boolean isAsking(List<Token> tokens, int begin) {
    return tokens.get(begin).isAny(ASKING)
        && (!tokens.get(begin).is("WITH")
            || tokens.stream().noneMatch(token -> token.is("INSERT")));
  }

  private static SqlStatement changing(
      List<Token> tokens, int begin, String database, SqlReads reads) {
    SqlChanges changes = new SqlChanges(tokens, begin, database);
    String unclear = changes.look();
    return unclear.isEmpty()
        ? new SqlStatement(false, changes.kinds(), reads.tables(), changes.writes(), "")
        : unclear(unclear);
  }

  private static SqlStatement unclear(String why) {
    return new SqlStatement(false, EnumSet.noneOf(Statement.class), Set.of(), Set.of(), why);
  }

  /** Identifies a statement however it is spaced and commented: hex SHA-256. */
  public static String digest(String sql) {
    String plain;
    try {
      plain =
          SqlTokens.of(sql).stream()
              .map(token -> token.kind() + ":" + token.text())
              .collect(Collectors.joining("\n"));
    } catch (IllegalArgumentException e) {
      plain = sql;
    }
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(plain.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Its first words, for people: verb, object and tables; no values. */
  public String summary() {
    String what =
        kinds.isEmpty()
            ? "change"
            : kinds.stream().map(Statement::word).sorted().collect(Collectors.joining(", "));
    return (what + " of " + writes.stream().map(SqlName::toString).sorted().toList())
        .toLowerCase(Locale.ROOT)
        .replace("[", "")
        .replace("]", "");
  }
}
