package io.waybill.batch;

import java.util.ArrayList;
import java.util.List;

/** Splits a text into records one character at a time, written independently of the dialects. */
final class NaiveRecords {
  /** Records as they are, blank lines that do not count left out, header line first. */
  final List<String> records = new ArrayList<>();

  /** Whether the last record has no line end, and whether it stops inside a quote. */
  boolean lastIsOpen;

  boolean lastIsQuoted;

  private final Format format;
  private final boolean csv;
  private String open = "";

  NaiveRecords(String text, Format format) {
    this.format = format;
    this.csv = format == Format.CSV || format == Format.CSV_WITH_NAMES;
    List<String> lines = split(text);
    if (format == Format.JSON_EACH_ROW) {
      lines.removeIf(String::isBlank);
      records.addAll(lines);
    } else {
      keepCounting(lines);
    }
    lastIsOpen = !records.isEmpty() && records.get(records.size() - 1).equals(open);
  }

  private void keepCounting(List<String> lines) {
    if (format.hasHeader()) {
      while (!lines.isEmpty() && isBlank(lines.get(0))) {
        lines.remove(0);
      }
    }
    boolean several =
        lines.stream().filter(line -> !isBlank(line)).findFirst().map(this::several).orElse(false);
    for (String line : lines) {
      if (!several || !isBlank(line)) {
        records.add(line);
      }
    }
  }

  private static boolean isBlank(String line) {
    return line.equals("\n") || line.equals("\r\n") || line.equals("\r");
  }

  private boolean several(String line) {
    return fields(line) > 1;
  }

  private int fields(String line) {
    int fields = 1;
    char state = 's';
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      state = next(state, c);
      if (state == ',') {
        fields++;
        state = 's';
      }
    }
    return fields;
  }

  /** Start of a field, within a plain one, in Quotes, behind a quote in quotes, Escaped. */
  private char next(char state, char c) {
    if (format == Format.JSON_EACH_ROW) {
      return c == '\n' ? '\n' : 'p';
    }
    if (!csv) {
      if (state == 'e') {
        return 'p';
      }
      return c == '\\' ? 'e' : c == '\n' ? '\n' : c == '\t' ? ',' : 'p';
    }
    if (state == 'q') {
      return c == '"' ? 'b' : 'q';
    }
    if (c == '"') {
      return state == 's' || state == 'b' ? 'q' : 'p';
    }
    if (c == '\n' || c == ',') {
      return c;
    }
    return state == 's' && (c == ' ' || c == '\t') ? 's' : 'p';
  }

  private List<String> split(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    char state = 's';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line.append(c);
      state = next(state, c);
      if (state == '\n') {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (state == '\n' || state == ',') {
        state = 's';
      }
    }
    if (line.length() > 0) {
      lines.add(line.toString());
      open = line.toString();
      lastIsQuoted = csv && state == 'q';
    }
    return lines;
  }
}
