package io.waybill.camel;

/**
 * What is wrong with a route file.
 *
 * @param file the file as a person calls it, relative to home
 * @param line line, from 1; 0 when nobody knows
 * @param column column, from 1; 0 when nobody knows
 * @param reason what is wrong, without secrets
 */
public record RouteProblem(String file, int line, int column, String reason) {

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (line > 0) {
      text.append(':').append(line);
      if (column > 0) {
        text.append(':').append(column);
      }
    }
    return text.append(": ").append(reason).toString();
  }
}
