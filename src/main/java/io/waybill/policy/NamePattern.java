package io.waybill.policy;

import java.util.regex.Pattern;

/** A name in which a {@code *} stands for any part. */
final class NamePattern {
  private NamePattern() {}

  static Pattern of(String text) {
    StringBuilder regex = new StringBuilder();
    int from = 0;
    for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
      regex.append(Pattern.quote(text.substring(from, star))).append(".*");
      from = star + 1;
    }
    return Pattern.compile(regex + Pattern.quote(text.substring(from)), Pattern.DOTALL);
  }

  static boolean matches(String pattern, String name) {
    return of(pattern).matcher(name).matches();
  }
}
