package io.waybill.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerSettingsTest {

  @Test
  void settings_are_taken_by_their_names() {
    assertThat(ServerSettings.of(Map.of("max_threads", 3))).isEqualTo(Map.of("max_threads", "3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"role", "user", "password", "database", "query", "session_id", "Role", "a b", ""})
  void what_would_say_who_asks_is_no_setting(String name) {
    assertThatThrownBy(() -> ServerSettings.of(Map.of(name, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settings." + name);
  }
}
