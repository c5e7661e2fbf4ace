package io.waybill.policy;

/**
 * Something wrong with the file.
 *
 * @param line from 1; 0 if it is the whole file
 * @param text what is wrong and what to write instead
 */
public record PolicyProblem(int line, String text) {

  @Override
  public String toString() {
    return Decision.FILE + (line == 0 ? "" : ":" + line) + ": " + text;
  }
}
