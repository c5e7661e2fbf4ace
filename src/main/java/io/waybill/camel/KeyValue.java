package io.waybill.camel;

import io.waybill.delivery.Key;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A key as a database hands it over, as it is compared, and as it is bound again. Text is compared
 * by code points, as a database does with a binary collation. Immutable.
 */
record KeyValue(Key.Kind kind, Object value) implements Comparable<KeyValue> {
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,38}(\\.\\d{1,38})?");
  private static final Pattern IDENT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /**
   * Of a column.
   *
   * @throws IllegalArgumentException if it is null or of a type that has no sure order
   */
  static KeyValue of(Object given) {
    if (given instanceof Long || given instanceof Integer || given instanceof Short) {
      return new KeyValue(Key.Kind.NUMBER, ((Number) given).longValue());
    }
    if (given instanceof BigDecimal || given instanceof BigInteger) {
      return new KeyValue(Key.Kind.NUMBER, new BigDecimal(given.toString()));
    }
    if (given instanceof Date date) {
      return new KeyValue(Key.Kind.DATE, date.toLocalDate());
    }
    if (given instanceof Timestamp time) {
      return new KeyValue(Key.Kind.INSTANT, time.toInstant());
    }
    if (given instanceof OffsetDateTime time) {
      return new KeyValue(Key.Kind.INSTANT, time.toInstant());
    }
    if (given instanceof ZonedDateTime time) {
      return new KeyValue(Key.Kind.INSTANT, time.toInstant());
    }
    return ofPlain(given);
  }

  private static KeyValue ofPlain(Object given) {
    if (given instanceof Instant) {
      return new KeyValue(Key.Kind.INSTANT, given);
    }
    if (given instanceof LocalDateTime) {
      return new KeyValue(Key.Kind.LOCAL, given);
    }
    if (given instanceof LocalDate) {
      return new KeyValue(Key.Kind.DATE, given);
    }
    if (given instanceof String) {
      return new KeyValue(Key.Kind.TEXT, given);
    }
    if (given instanceof UUID) {
      return new KeyValue(Key.Kind.UUID, given);
    }
    throw new IllegalArgumentException(
        given == null
            ? "is null"
            : "is a " + given.getClass().getName() + ", which is no number, time, text or UUID");
  }

  /** As it was kept. */
  static KeyValue of(Key key) {
    return new KeyValue(
        key.kind(),
        switch (key.kind()) {
          case NUMBER -> new BigDecimal(key.text());
          case INSTANT -> Instant.parse(key.text());
          case LOCAL -> LocalDateTime.parse(key.text());
          case DATE -> LocalDate.parse(key.text());
          case TEXT -> key.text();
          case UUID -> UUID.fromString(key.text());
        });
  }

  /** As a person writes it: a number, an ISO-8601 date or time, a UUID, or else text. */
  static KeyValue written(String text) {
    if (NUMBER.matcher(text).matches()) {
      return new KeyValue(Key.Kind.NUMBER, new BigDecimal(text));
    }
    if (IDENT.matcher(text).matches()) {
      return new KeyValue(Key.Kind.UUID, UUID.fromString(text));
    }
    return time(text, Key.Kind.INSTANT, it -> OffsetDateTime.parse(it).toInstant())
        .or(() -> time(text, Key.Kind.LOCAL, LocalDateTime::parse))
        .or(() -> time(text, Key.Kind.DATE, LocalDate::parse))
        .orElseGet(() -> new KeyValue(Key.Kind.TEXT, text));
  }

  private static Optional<KeyValue> time(
      String text, Key.Kind kind, Function<String, Object> parser) {
    try {
      return Optional.of(new KeyValue(kind, parser.apply(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** As it is kept. */
  Key key() {
    String text = value instanceof BigDecimal number ? plain(number) : value.toString();
    return new Key(kind, text);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** As it is bound to a statement. */
  Object bound() {
    return switch (kind) {
      case NUMBER -> number();
      case INSTANT -> Timestamp.from((Instant) value);
      case DATE -> Date.valueOf((LocalDate) value);
      case LOCAL, TEXT, UUID -> value;
    };
  }

  private Object number() {
    if (value instanceof BigDecimal number
        && number.stripTrailingZeros().scale() <= 0
        && number.precision() - number.scale() < 19) {
      return number.longValueExact();
    }
    return value;
  }

  /** Whether it is a date or a time. */
  boolean isTime() {
    return switch (kind) {
      case INSTANT, LOCAL, DATE -> true;
      case NUMBER, TEXT, UUID -> false;
    };
  }

  /**
   * The order of the source's own; times of different kinds meet in the zone of this process.
   *
   * @throws IllegalArgumentException if they cannot be compared
   */
  @Override
  public int compareTo(KeyValue other) {
    if (kind != other.kind) {
      if (isTime() && other.isTime()) {
        return instant().compareTo(other.instant());
      }
      throw new IllegalArgumentException(
          "is a %s, and is compared with a %s".formatted(word(), other.word()));
    }
    return switch (kind) {
      case NUMBER ->
          value instanceof Long mine && other.value instanceof Long others
              ? mine.compareTo(others)
              : decimal().compareTo(other.decimal());
      case INSTANT -> ((Instant) value).compareTo((Instant) other.value);
      case LOCAL -> ((LocalDateTime) value).compareTo((LocalDateTime) other.value);
      case DATE -> ((LocalDate) value).compareTo((LocalDate) other.value);
      case TEXT -> compareCodePoints((String) value, (String) other.value);
      case UUID -> value.toString().compareTo(other.value.toString());
    };
  }

  private String word() {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private BigDecimal decimal() {
    return value instanceof BigDecimal number ? number : BigDecimal.valueOf((Long) value);
  }

  private Instant instant() {
    if (value instanceof Instant instant) {
      return instant;
    }
    LocalDateTime local =
        value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) value;
    return local.atZone(ZoneId.systemDefault()).toInstant();
  }

  private static int compareCodePoints(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      if (left.charAt(i) != right.charAt(i)) {
        return Integer.compare(pointAt(left, i), pointAt(right, i));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** The code point that the character at i is part of. */
  private static int pointAt(String text, int i) {
    boolean second = Character.isLowSurrogate(text.charAt(i)) && i > 0;
    return text.codePointAt(second ? i - 1 : i);
  }
}
