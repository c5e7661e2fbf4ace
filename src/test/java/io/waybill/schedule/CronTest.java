package io.waybill.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId UTC = ZoneId.of("UTC");

  private static List<String> due(String cron, ZoneId zone, String from, String to) {
    List<String> due = new ArrayList<>();
    Cron parsed = Cron.parse(cron, zone);
    Optional<Instant> next = parsed.next(Instant.parse(from));
    while (next.isPresent() && next.get().isBefore(Instant.parse(to))) {
      due.add(next.get().toString());
      next = parsed.next(next.get());
    }
    return due;
  }

  @Test
  void aTimeOfTheDayIsThatOfItsZone() {
    assertThat(due("0 30 2 * * ?", BERLIN, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"))
        .containsExactly("2026-01-01T01:30:00Z", "2026-01-02T01:30:00Z");
  }

  @Test
  void aTimeThatTheClockLeavesOutIsDueWhenItIsPutForward() {
    // on 2026-03-29 02:00 becomes 03:00 in Berlin, at 01:00 UTC
    assertThat(due("0 30 2 * * ?", BERLIN, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void aTimeThatTheClockShowsTwiceIsDueTheFirstTime() {
    // on 2026-10-25 03:00 becomes 02:00 in Berlin, at 01:00 UTC
    assertThat(due("0 30 2 * * ?", BERLIN, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"))
        .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void eachQuarterOnTheClockIsDueOnceWhenItIsPutForward() {
    assertThat(due("0 0/30 * * * ?", BERLIN, "2026-03-29T00:15:00Z", "2026-03-29T02:15:00Z"))
        .containsExactly(
            "2026-03-29T00:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-29T01:30:00Z",
            "2026-03-29T02:00:00Z");
  }

  @Test
  void eachQuarterOnTheClockIsDueOnceWhenItIsPutBack() {
    assertThat(due("0 0/30 * * * ?", BERLIN, "2026-10-25T00:15:00Z", "2026-10-25T02:15:00Z"))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z");
  }

  @Test
  void askedWithinTheHourThatComesTwiceItGoesOnBehindIt() {
    assertThat(Cron.parse("0 30 2 * * ?", BERLIN).next(Instant.parse("2026-10-25T01:10:00Z")))
        .contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void aliasesAreExpressions() {
    assertThat(due("@daily", UTC, "2026-01-01T12:00:00Z", "2026-01-03T12:00:00Z"))
        .containsExactly("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z");
    assertThat(due("@hourly", UTC, "2026-01-01T12:30:00Z", "2026-01-01T14:30:00Z"))
        .containsExactly("2026-01-01T13:00:00Z", "2026-01-01T14:00:00Z");
  }

  @Test
  void anExpressionMayHaveAnEnd() {
    assertThat(Cron.parse("0 0 0 1 1 ? 2026", UTC).next(Instant.parse("2026-06-01T00:00:00Z")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "* * * * *", "0 61 * * * ?", "@sometimes", "0 0 0 ? * XYZ"})
  void whatIsNoExpressionIsRefused(String text) {
    assertThatThrownBy(() -> Cron.parse(text, UTC)).isInstanceOf(IllegalArgumentException.class);
  }
}
