package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.secret.Redaction;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A line of the log is one JSON object without secrets, whatever the message holds. */
final class JsonLayoutTest {
  private static final String HIDDEN = "pa\"ss\\wo\nrd-7261";

  @Test
  void aLineIsOneObjectAndWhatIsHiddenStaysSo() throws Exception {
    Redaction.hide(HIDDEN);
    Logger logger = new LoggerContext().getLogger("test");
    LoggingEvent event =
        new LoggingEvent(
            "here",
            logger,
            Level.WARN,
            "first\n\"second\" {}",
            new IllegalStateException("for " + HIDDEN),
            new Object[] {HIDDEN});
    event.setMDCPropertyMap(Map.of("flow", "trips", "run", HIDDEN));
    String line = new JsonLayout().doLayout(event);
    assertThat(line).endsWith("}\n").doesNotContain("7261");
    assertThat(line.lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.at("/message").asText()).startsWith("first\n\"second\" ");
    assertThat(json.at("/flow").asText()).isEqualTo("trips");
    assertThat(json.at("/error").asText()).contains("IllegalStateException", "JsonLayoutTest");
    assertThat(json.at("/level").asText()).isEqualTo("WARN");
  }
}
