package io.waybill.batch;

import java.util.Optional;

/**
 * One JSON object per line. Only the first one is looked into: the others are the server's word.
 */
final class JsonDialect implements Dialect {
  private static final int OPEN = -1;

  @Override
  public int recordEnd(byte[] bytes, int from, int to) {
    int i = ByteSearch.indexOf(bytes, from, to, '\n');
    return i == ByteSearch.NONE ? ByteSearch.NONE : i + 1;
  }

  @Override
  public boolean cutOff(byte[] bytes, int from, int to) {
    return objectEnd(bytes, from, to) == OPEN;
  }

  @Override
  public boolean severalColumns(byte[] bytes, int from, int to) {
    return true;
  }

  @Override
  public boolean blank(byte[] bytes, int from, int to) {
    return skipBlanks(bytes, from, to) == to;
  }

  @Override
  public Optional<String> objection(byte[] bytes, int from, int to) {
    int begin = skipBlanks(bytes, from, to);
    if (begin == to) {
      return Optional.empty();
    }
    if (bytes[begin] == '[') {
      return Optional.of(
          "this is a JSON array, not one object per line; convert it with"
              + " jq -c '.[]' FILE > FILE.ndjson");
    }
    if (bytes[begin] != '{') {
      return Optional.of(
          "a line of JSONEachRow begins with '{', this one does not; convert the source to one"
              + " object per line with jq -c . FILE > FILE.ndjson");
    }
    int end = objectEnd(bytes, begin, to);
    if (end == OPEN && bytes[to - 1] == '\n') {
      return Optional.of(
          "the object goes on over several lines; put each on one line with"
              + " jq -c . FILE > FILE.ndjson");
    }
    if (end != OPEN && skipBlanks(bytes, end, to) != to) {
      return Optional.of(
          "something follows the object on its line; put each object on a line of its own with"
              + " jq -c . FILE > FILE.ndjson");
    }
    return Optional.empty();
  }

  /** The index behind the bracket that closes the first one, or {@link #OPEN}. */
  private static int objectEnd(byte[] bytes, int from, int to) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '"') {
        quoted = !quoted;
      } else if (b == '\\') {
        i++;
      } else if (!quoted && (b == '{' || b == '[')) {
        depth++;
      } else if (!quoted && (b == '}' || b == ']')) {
        depth--;
        if (depth <= 0) {
          return i + 1;
        }
      }
    }
    return OPEN;
  }

  private static int skipBlanks(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to
        && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n')) {
      i++;
    }
    return i;
  }
}
