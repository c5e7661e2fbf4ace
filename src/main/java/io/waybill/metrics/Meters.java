package io.waybill.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The meters of this process, as long as it lives: changes of route files leave them alone.
 * Thread-safe.
 */
public final class Meters implements AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(20),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofHours(1),
    Duration.ofDays(1)
  };
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();
  private final Map<Key, Object> made = new ConcurrentHashMap<>();
  private final Map<Meter, MultiGauge> gauges = new EnumMap<>(Meter.class);

  private record Key(Meter meter, List<String> values) {}

  /**
   * A value of a gauge.
   *
   * @param values of its labels, in their order
   */
  record Reading(List<String> values, Number value) {}

  /** Begins with what the JVM says of itself. */
  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    collector.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private Counter counter(Meter meter, String... values) {
    return made(
        Counter.class,
        meter,
        values,
        () ->
            Counter.builder(meter.givenName())
                .description(meter.description())
                .tags(tags(meter, List.of(values)))
                .register(registry));
  }

  /** Counts one more. */
  public void count(Meter meter, String... values) {
    add(meter, 1, values);
  }

  /** Adds to a counter, which is there then also if nothing is added. */
  void add(Meter meter, long amount, String... values) {
    counter(meter, values).increment((double) amount);
  }

  /** Notes how large something was. */
  void size(Meter meter, long size, String... values) {
    summary(meter, values).record((double) size);
  }

  /** Notes how long something took. */
  public void took(Meter meter, Duration time, String... values) {
    timer(meter, values).record(time);
  }

  private Timer timer(Meter meter, String... values) {
    return made(
        Timer.class,
        meter,
        values,
        () ->
            Timer.builder(meter.givenName())
                .description(meter.description())
                .tags(tags(meter, List.of(values)))
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
  }

  private DistributionSummary summary(Meter meter, String... values) {
    return made(
        DistributionSummary.class,
        meter,
        values,
        () ->
            DistributionSummary.builder(meter.givenName())
                .description(meter.description())
                .tags(tags(meter, List.of(values)))
                .register(registry));
  }

  /** A gauge that is asked whenever somebody looks. */
  void gauge(Meter meter, Supplier<Number> value, String... values) {
    var unused =
        made(
            Gauge.class,
            meter,
            values,
            () ->
                Gauge.builder(meter.givenName(), value)
                    .description(meter.description())
                    .tags(tags(meter, List.of(values)))
                    .register(registry));
  }

  /** Puts these in the place of all values that a gauge has. */
  synchronized void readings(Meter meter, List<Reading> readings) {
    gauges
        .computeIfAbsent(
            meter,
            each ->
                MultiGauge.builder(each.givenName())
                    .description(each.description())
                    .register(registry))
        .register(
            readings.stream()
                .map(each -> MultiGauge.Row.of(tags(meter, each.values()), each.value()))
                .toList(),
            true);
  }

  private <T> T made(Class<T> type, Meter meter, String[] values, Supplier<T> make) {
    return type.cast(made.computeIfAbsent(new Key(meter, List.of(values)), unknown -> make.get()));
  }

  private static Tags tags(Meter meter, List<String> values) {
    List<String> keys = meter.labels();
    if (keys.size() != values.size()) {
      throw new IllegalArgumentException(meter + " has the labels " + keys);
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.size(); i++) {
      tags = tags.and(keys.get(i), values.get(i));
    }
    return tags;
  }

  /** All of it in the text format of Prometheus. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
