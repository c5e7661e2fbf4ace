package io.waybill.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "'Mon-Fri 06:00-22:00 Europe/Berlin', 2026-11-30T06:00, true",
    "'Mon-Fri 06:00-22:00 Europe/Berlin', 2026-11-30T05:59:59, false",
    "'Mon-Fri 06:00-22:00 Europe/Berlin', 2026-11-30T21:59:59, true",
    "'Mon-Fri 06:00-22:00 Europe/Berlin', 2026-11-30T22:00, false",
    "'Mon-Fri 06:00-22:00 Europe/Berlin', 2026-11-29T12:00, false",
    "'Sat,Sun 00:00-24:00 Europe/Berlin', 2026-11-29T23:59:59, true",
    "'Sat,Sun 00:00-24:00 Europe/Berlin', 2026-11-30T00:00, false",
    "'Fri-Mon 00:00-24:00 Europe/Berlin', 2026-11-30T10:00, true",
    "'Fri-Mon 00:00-24:00 Europe/Berlin', 2026-12-01T10:00, false",
    "'Fri 22:00-06:00 Europe/Berlin', 2026-11-28T05:59, true",
    "'Fri 22:00-06:00 Europe/Berlin', 2026-11-27T05:59, false",
    "'Fri 22:00-06:00 Europe/Berlin', 2026-11-27T22:00, true",
    "'06:00-07:00 UTC', 2026-11-29T07:30, true",
    "'06:00-07:00 UTC', 2026-11-29T06:30, false",
    "'06:00-07:00 Europe/Berlin', 2026-07-01T06:30, true",
  })
  void hours_are_those_of_the_clock_on_the_wall(
      String hours, LocalDateTime berlin, boolean within) {
    assertThat(Hours.parse(hours).contains(berlin.atZone(BERLIN).toInstant())).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "06:00-22:00",
        "Mon-Fri 06:00-22:00",
        "Mon-Fri 6-22 UTC",
        "Mon-Fry 06:00-22:00 UTC",
        "Mon-Wed-Fri 06:00-22:00 UTC",
        "Mon- 06:00-22:00 UTC",
        "Mon 25:00-26:00 UTC",
        "Mon 06:00-22:00 Europe/Atlantis",
      })
  void what_are_no_hours_is_refused(String text) {
    assertThatThrownBy(() -> Hours.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
