package io.waybill.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Batch;
import io.waybill.batch.CutLimits;
import io.waybill.batch.SegmentPool;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatheringTest {
  private static final long END = Long.MAX_VALUE;
  private static final KafkaColumns COLUMNS = new KafkaColumns("offset,key");

  private enum Kind {
    KEPT {
      @Override
      Gathering of(CutLimits limits) {
        return new KeptRecords(
            limits,
            records ->
                new RecordList(new DefaultCamelContext(), new KafkaConfiguration(), true, records));
      }
    },
    WRITTEN {
      @Override
      Gathering of(CutLimits limits) {
        return new WrittenRecords(limits, new SegmentPool(0), COLUMNS);
      }
    };

    abstract Gathering of(CutLimits limits);
  }

  private static CutLimits limits(long rows, long bytes) {
    return new CutLimits(rows, bytes, bytes);
  }

  /** Every third has no value, every fifth is no JSON, every seventh is two objects. */
  private static ConsumerRecord<Object, Object> record(long offset) {
    String text =
        offset % 5 == 0
            ? "no row"
            : offset % 7 == 0
                ? "[{\"id\":%1$d},{\"id\":%1$d}]".formatted(offset)
                : "{\"id\":%d}".formatted(offset);
    byte[] value = offset % 3 == 0 ? null : text.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>(
        "topic",
        0,
        offset,
        1000 + offset,
        TimestampType.CREATE_TIME,
        1,
        value == null ? -1 : value.length,
        "k",
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  private record Range(long to, String digest, long rows, List<Long> offsets, long oldest) {}

  private static Range range(Gathering.Part part, long from) {
    KafkaRange range = part.range(new KafkaRange.Place(null, null, COLUMNS, from, part.to(), null));
    try (RowWriting rows = range.rows(bodyOf(range), new SegmentPool(0), (body, out) -> {})) {
      Batch batch = rows.finish(part.to());
      return new Range(
          part.to(),
          batch.digest(),
          rows.rows(),
          Arrays.stream(rows.offsets()).limit(rows.rows()).boxed().toList(),
          range.oldest().toEpochMilli());
    }
  }

  private static Object bodyOf(KafkaRange range) {
    var exchange = new org.apache.camel.support.DefaultExchange(new DefaultCamelContext());
    range.prepare(exchange);
    return exchange.getMessage().getBody();
  }

  @Test
  void whetherRecordsAreKeptOrWrittenAtOnceARangeIsTheSameToTheByte() {
    Gathering kept = Kind.KEPT.of(limits(1000, 1 << 20));
    Gathering written = Kind.WRITTEN.of(limits(1000, 1 << 20));
    for (Gathering each : List.of(kept, written)) {
      each.begin(100, END);
      for (long offset = 90; offset < 400; offset++) {
        each.add(record(offset));
      }
    }
    Range expected = range(kept.next(), 100);
    assertThat(range(written.next(), 100)).usingRecursiveComparison().isEqualTo(expected);
    assertThat(expected.to).isEqualTo(400);
    assertThat(expected.rows).isGreaterThan(300);
    assertThat(expected.offsets).contains(100L, 399L).isSorted();
    assertThat(expected.oldest).isEqualTo(1100);
    assertThat(kept.isEmpty()).isTrue();
    assertThat(written.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void rangesFollowOneAnotherWithinTheirLimits(Kind kind) {
    Gathering gathering = kind.of(limits(10, 1 << 20));
    gathering.begin(0, END);
    for (long offset = 0; offset < 35; offset++) {
      gathering.add(record(offset));
    }
    assertThat(gathering.isWhole()).isTrue();
    for (long to : new long[] {10, 20, 30}) {
      assertThat(gathering.next().to()).isEqualTo(to);
    }
    assertThat(gathering.isWhole()).isFalse();
    assertThat(gathering.next().to()).isEqualTo(35);
    assertThat(gathering.isEmpty()).isTrue();
    assertThat(gathering.memory()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aRangeInDoubtHasWhatItHadWhateverTheLimitsAreNow(Kind kind) {
    Gathering gathering = kind.of(limits(10, 100));
    gathering.begin(50, 90);
    for (long offset = 0; offset < 200; offset++) {
      gathering.add(record(offset));
    }
    Range whole = range(gathering.all(), 50);
    assertThat(whole.offsets).contains(50L, 89L).isSorted();
    assertThat(whole.rows).isGreaterThanOrEqualTo(40);
    assertThat(gathering.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aRangeWhoseRecordsAreGoneIsEmpty(Kind kind) {
    Gathering gathering = kind.of(limits(10, 100));
    gathering.begin(50, 90);
    gathering.add(record(90));
    assertThat(range(gathering.all(), 50).rows).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aLargeRecordIsARangeOfItsOwn(Kind kind) {
    Gathering gathering = kind.of(limits(1000, 300));
    gathering.begin(1, END);
    String large = "{\"text\":\"" + "x".repeat(1000) + "\"}";
    for (long offset = 1; offset < 4; offset++) {
      byte[] value = (offset == 2 ? large : "{\"id\":1}").getBytes(StandardCharsets.UTF_8);
      gathering.add(
          new ConsumerRecord<>(
              "topic",
              0,
              offset,
              0,
              TimestampType.CREATE_TIME,
              1,
              value.length,
              "k",
              value,
              new RecordHeaders(),
              Optional.empty()));
    }
    assertThat(List.of(gathering.next().to(), gathering.next().to(), gathering.next().to()))
        .containsExactly(2L, 3L, 4L);
  }
}
