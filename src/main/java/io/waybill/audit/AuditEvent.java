package io.waybill.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that is to be noted in the trail: when, who, what, how, and what came of it. Its number
 * and its place in the chain are given by the ledger. Holds neither secrets nor values of records.
 * Immutable.
 */
public final class AuditEvent {
  /** What is given to an event with its place. */
  private static final Set<AuditField> GIVEN =
      EnumSet.of(
          AuditField.TIME,
          AuditField.LEDGER,
          AuditField.EPOCH,
          AuditField.SEQ,
          AuditField.KIND,
          AuditField.HOST,
          AuditField.WAYBILL_VERSION,
          AuditField.PREVIOUS,
          AuditField.HASH);

  private final AuditKind kind;
  private final Instant at;
  private final Map<AuditField, Object> fields;

  private AuditEvent(Builder builder) {
    this.kind = builder.kind;
    this.at = builder.at;
    this.fields = Collections.unmodifiableMap(new EnumMap<>(builder.fields));
  }

  /** Begins an event. */
  public static Builder of(AuditKind kind, Instant at) {
    return new Builder(kind, at);
  }

  /** What it tells of. */
  public AuditKind kind() {
    return kind;
  }

  /** When. */
  public Instant at() {
    return at;
  }

  /** What it tells; texts, {@link Long} and lists of texts, times as text. */
  Map<AuditField, Object> fields() {
    return fields;
  }

  /** Collects what an event tells. Not thread-safe. */
  public static final class Builder {
    private final AuditKind kind;
    private final Instant at;
    private final Map<AuditField, Object> fields = new EnumMap<>(AuditField.class);

    private Builder(AuditKind kind, Instant at) {
      this.kind = kind;
      this.at = at;
    }

    /** A text; what cannot be written as UTF-8 is replaced. */
    public Builder with(AuditField field, String value) {
      require(field, AuditField.Type.TEXT, AuditField.Type.NAME);
      fields.put(field, writable(value));
      return this;
    }

    /** A number; a negative one becomes 0 where the field has no sign. */
    public Builder with(AuditField field, long value) {
      require(field, AuditField.Type.UINT32, AuditField.Type.UINT64, AuditField.Type.INT32);
      fields.put(field, field.type() == AuditField.Type.INT32 ? value : Math.max(0, value));
      return this;
    }

    /** A time, to the microsecond. */
    public Builder with(AuditField field, Instant value) {
      require(field, AuditField.Type.TIME);
      fields.put(field, AuditTime.text(value));
      return this;
    }

    /** Several texts. */
    public Builder with(AuditField field, List<String> values) {
      require(field, AuditField.Type.NAMES);
      fields.put(field, values.stream().map(Builder::writable).toList());
      return this;
    }

    /** The event. */
    public AuditEvent build() {
      return new AuditEvent(this);
    }

    private static void require(AuditField field, AuditField.Type... types) {
      if (GIVEN.contains(field) || !List.of(types).contains(field.type())) {
        throw new IllegalArgumentException("not a value of field " + field.column());
      }
    }

    /** A half of a surrogate pair would be hashed as one thing and stored as another. */
    private static String writable(String text) {
      return StandardCharsets.UTF_8.newEncoder().canEncode(text)
          ? text
          : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
  }
}
