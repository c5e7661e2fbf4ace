package io.waybill.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits a statement of ClickHouse into its words and signs; comments are left out. */
final class SqlTokens {
  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  /** What a token is. */
  enum Kind {
    /** A word without quotes: a keyword or a name. */
    WORD,
    /** A name in backquotes or double quotes. */
    QUOTED,
    /** A text. */
    TEXT,
    /** Anything else, one character. */
    SIGN
  }

  /**
   * A token.
   *
   * @param text without quotes and escapes
   */
  record Token(Kind kind, String text) {

    boolean is(String keyword) {
      return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isAny(List<String> keywords) {
      return kind == Kind.WORD && keywords.contains(text.toUpperCase(Locale.ROOT));
    }

    boolean isSign(char sign) {
      return kind == Kind.SIGN && text.charAt(0) == sign;
    }

    boolean isName() {
      return kind == Kind.QUOTED
          || (kind == Kind.WORD && (Character.isLetter(text.charAt(0)) || text.charAt(0) == '_'));
    }
  }

  /**
   * All tokens.
   *
   * @throws IllegalArgumentException if a quote or comment does not end
   */
  static List<Token> of(String sql) {
    SqlTokens scan = new SqlTokens(sql);
    while (scan.at < sql.length()) {
      scan.next();
    }
    return scan.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (sql.startsWith("--", at) || c == '#') {
      int end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length() : end + 1;
    } else if (sql.startsWith("/*", at)) {
      at = end("*/", at + 2) + 2;
    } else if (c == '\'' || c == '`' || c == '"') {
      quoted(c);
    } else if (c == '$' && heredoc()) {
      return;
    } else if (isWordPart(c)) {
      word();
    } else {
      tokens.add(new Token(Kind.SIGN, String.valueOf(c)));
      at++;
    }
  }

  private int end(String mark, int from) {
    int end = sql.indexOf(mark, from);
    if (end < 0) {
      throw new IllegalArgumentException("a quote or comment does not end");
    }
    return end;
  }

  private void quoted(char quote) {
    StringBuilder text = new StringBuilder();
    for (at++; at < sql.length(); at++) {
      char c = sql.charAt(at);
      if (c == '\\' && at + 1 < sql.length()) {
        at++;
        text.append(sql.charAt(at));
      } else if (c == quote && at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
        at++;
        text.append(quote);
      } else if (c == quote) {
        at++;
        tokens.add(new Token(quote == '\'' ? Kind.TEXT : Kind.QUOTED, text.toString()));
        return;
      } else {
        text.append(c);
      }
    }
    throw new IllegalArgumentException("a quote or comment does not end");
  }

  /** {@code $tag$ .. $tag$} is a text. */
  private boolean heredoc() {
    int close = sql.indexOf('$', at + 1);
    if (close < 0 || !sql.substring(at + 1, close).chars().allMatch(c -> isWordPart((char) c))) {
      return false;
    }
    String tag = sql.substring(at, close + 1);
    int end = end(tag, close + 1);
    tokens.add(new Token(Kind.TEXT, sql.substring(close + 1, end)));
    at = end + tag.length();
    return true;
  }

  private void word() {
    int begin = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    tokens.add(new Token(Kind.WORD, sql.substring(begin, at)));
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
