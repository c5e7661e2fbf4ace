package io.waybill.traces;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Sends spans by OTLP over HTTP, as the {@code OTEL_*} variables of the environment say. What
 * cannot be sent is dropped: nothing waits for it. {@link #close} sends what is left.
 */
public final class Tracing implements AutoCloseable {
  private static final String OTEL = "io.opentelemetry";
  private static final long PATIENCE_SECONDS = 5;
  // the log manager forgets loggers that nobody holds
  private static final Logger JUL = Logger.getLogger(OTEL);
  private final OpenTelemetrySdk sdk;

  private Tracing(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * Opens it if somebody wants it.
   *
   * @param endpoint OTLP address, to which {@code /v1/traces} is added; empty to go by the
   *     environment alone
   * @return empty if neither names an endpoint or an exporter
   */
  public static Optional<Tracing> open(String endpoint, Map<String, String> environment) {
    boolean wanted =
        !endpoint.isEmpty()
            || environment.containsKey("OTEL_EXPORTER_OTLP_ENDPOINT")
            || environment.containsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            || environment.containsKey("OTEL_TRACES_EXPORTER");
    return wanted ? Optional.of(new Tracing(sdk(endpoint))) : Optional.empty();
  }

  private static OpenTelemetrySdk sdk(String endpoint) {
    toLog();
    Map<String, String> defaults = new HashMap<>();
    defaults.put("otel.service.name", "waybill");
    defaults.put("otel.traces.exporter", "otlp");
    defaults.put("otel.metrics.exporter", "none");
    defaults.put("otel.logs.exporter", "none");
    defaults.put("otel.exporter.otlp.protocol", "http/protobuf");
    return AutoConfiguredOpenTelemetrySdk.builder()
        .disableShutdownHook()
        .addPropertiesSupplier(() -> defaults)
        .addPropertiesCustomizer(
            given ->
                endpoint.isEmpty() ? Map.of() : Map.of("otel.exporter.otlp.endpoint", endpoint))
        .build()
        .getOpenTelemetrySdk();
  }

  /** Hears of runs and inserts. */
  public RunTraces runs() {
    return new RunTraces(sdk.getTracer("waybill"));
  }

  @Override
  public void close() {
    var unused = sdk.shutdown().join(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** It logs by java.util.logging, which would write to the console. */
  private static void toLog() {
    JUL.setUseParentHandlers(false);
    if (JUL.getHandlers().length == 0) {
      JUL.addHandler(new ToLog());
    }
  }

  private static final class ToLog extends Handler {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OTEL);
    private static final Formatter FORMAT = new SimpleFormatter();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
        LOG.warn("traces: {}", FORMAT.formatMessage(line));
      }
    }

    @Override
    public void flush() {
      // there is nothing to flush
    }

    @Override
    public void close() {
      // there is nothing to close
    }
  }
}
