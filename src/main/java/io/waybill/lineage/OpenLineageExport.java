package io.waybill.lineage;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/** Sends OpenLineage events of runs to a file or an endpoint. Thread-safe. */
public final class OpenLineageExport implements AutoCloseable {
  private final LineageQueue queue;
  private final RunLineage runs;

  private OpenLineageExport(
      LineageTransport transport, Told told, Places places, Consumer<String> counted, Clock clock) {
    this.queue = new LineageQueue(told.queue(), transport, counted);
    this.runs =
        new RunLineage(new LineageEvents(places, told.namespace(), told.version()), queue, clock);
  }

  /**
   * What is told.
   *
   * @param namespace of jobs
   * @param version Waybill's
   * @param queue how many events may wait
   */
  public record Told(String namespace, String version, int queue) {}

  /**
   * Into a file, to which each event is appended as a line.
   *
   * @param counted hears what became of each event: {@code sent}, {@code dropped} or {@code failed}
   */
  public static OpenLineageExport toFile(
      Path file, Told told, Places places, Consumer<String> counted, Clock clock) {
    return new OpenLineageExport(new FileTransport(file), told, places, counted, clock);
  }

  /**
   * To an endpoint.
   *
   * @param apiKey bearer token there; empty for none
   */
  public static OpenLineageExport toEndpoint(
      String url, String apiKey, Told told, Places places, Consumer<String> counted, Clock clock) {
    return new OpenLineageExport(new HttpTransport(url, apiKey), told, places, counted, clock);
  }

  /** Hears of runs. */
  public RunLineage runs() {
    return runs;
  }

  /** How many events were lost. */
  public long lost() {
    return queue.lost();
  }

  @Override
  public void close() {
    queue.close();
  }
}
