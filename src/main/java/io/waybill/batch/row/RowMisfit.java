package io.waybill.batch.row;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in the place of a value that its column does not take: text that no such type reads,
 * so that ClickHouse refuses the row and it becomes a dead letter, which says why and keeps the
 * value for who mends it. Where a column reads every text, it is not even JSON.
 *
 * @param column column
 * @param type its type
 * @param javaType class of the value
 */
public record RowMisfit(String column, String type, String javaType) {
  private static final String MARK = "_waybill_misfit: column ";
  private static final Pattern WRITTEN =
      Pattern.compile(MARK + "(.+?) of type (.+?) takes no ([\\w.$\\[\\];]+) of this value: ");

  /** The first one in a record, if there is one. */
  public static Optional<RowMisfit> in(byte[] record) {
    Matcher found = WRITTEN.matcher(new String(record, StandardCharsets.UTF_8));
    return found.find()
        ? Optional.of(new RowMisfit(found.group(1), found.group(2), found.group(3)))
        : Optional.empty();
  }

  void write(Object value, boolean quoted, JsonOut out) {
    JsonOut natural = new JsonOut();
    try {
      NaturalWriter.INSTANCE.write(value, natural);
    } catch (Misfit e) {
      natural = new JsonOut().string(value.toString());
    }
    String words =
        MARK + "%s of type %s takes no %s of this value: ".formatted(column, type, javaType);
    byte[] text =
        new JsonOut()
            .raw(words.getBytes(StandardCharsets.UTF_8))
            .raw(natural.toByteArray())
            .toByteArray();
    if (quoted) {
      out.string(text);
    } else {
      out.raw(text);
    }
  }
}
