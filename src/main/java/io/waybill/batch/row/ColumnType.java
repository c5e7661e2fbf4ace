package io.waybill.batch.row;

import java.util.ArrayList;
import java.util.List;

/**
 * A ClickHouse type, as {@code system.columns} writes it: a name, and what stands in the brackets.
 *
 * @param name name, such as {@code DateTime64}
 * @param arguments what stands between the brackets, at its commas; empty without brackets
 */
record ColumnType(String name, List<String> arguments) {
  ColumnType {
    arguments = List.copyOf(arguments);
  }

  static ColumnType parse(String text) {
    int open = text.indexOf('(');
    return open < 0
        ? new ColumnType(text.strip(), List.of())
        : new ColumnType(
            text.substring(0, open).strip(),
            split(text.substring(open + 1, text.lastIndexOf(')')), ','));
  }

  /** The argument as a type of its own, without the name that elements of a tuple may have. */
  ColumnType inner(int argument) {
    List<String> words = split(arguments.get(argument), ' ');
    return parse(words.size() < 2 ? words.get(0) : words.get(words.size() - 1));
  }

  /** The name of a tuple's element; empty if it has none. */
  String elementName(int argument) {
    List<String> words = split(arguments.get(argument), ' ');
    return words.size() < 2 ? "" : unquoted(words.get(0));
  }

  /** The argument as a number. */
  int number(int argument) {
    return Integer.parseInt(arguments.get(argument));
  }

  /** The argument as text without quotes; {@code otherwise} if there is none. */
  String text(int argument, String otherwise) {
    return arguments.size() > argument ? unquoted(arguments.get(argument)) : otherwise;
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && "'`\"".indexOf(text.charAt(0)) >= 0;
    return quoted ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1") : text;
  }

  /** At separators outside of brackets and quotes. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if ("'`\"".indexOf(c) >= 0) {
        quote = c;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == separator && depth == 0) {
        add(parts, text.substring(begin, i));
        begin = i + 1;
      }
    }
    add(parts, text.substring(begin));
    return parts;
  }

  private static void add(List<String> parts, String part) {
    if (!part.isBlank()) {
      parts.add(part.strip());
    }
  }
}
