package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.DeadLetters;
import io.waybill.delivery.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Dead letters as files that only their owner can read: in a folder per flow, {@code
 * BATCH.csv|tsv|ndjson} with the raw payload and {@code BATCH.json} with its papers. The papers
 * come last: where they are, the payload is whole. The id of a dead letter is that of its batch.
 * Thread-safe for different batches.
 */
public final class FileDeadLetters implements DeadLetters {
  private final Path folder;

  /** Keeps dead letters below this folder, which is made when the first one comes. */
  public FileDeadLetters(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public DeadLetter store(
      BatchPlan plan, String location, Payload payload, Failure failure, Instant at)
      throws IOException {
    Path ofFlow = folder.resolve(SafeNames.of(plan.flow()));
    OwnerOnly.createFolders(ofFlow);
    String name = SafeNames.of(plan.id());
    Path raw = ofFlow.resolve(name + extension(plan.shape().format()));
    DurableFiles.write(raw, payload::writeTo);
    byte[] papers =
        Json.writePretty(papers(plan, location, failure, at)).getBytes(StandardCharsets.UTF_8);
    DurableFiles.write(ofFlow.resolve(name + ".json"), out -> out.write(papers));
    DurableFiles.sync(ofFlow);
    return new DeadLetter(
        plan.id(),
        plan.id(),
        folder.relativize(raw).toString(),
        plan.position().records(),
        payload.size(),
        failure,
        at);
  }

  private static String extension(Format format) {
    return switch (format) {
      case CSV, CSV_WITH_NAMES -> ".csv";
      case TSV, TSV_WITH_NAMES -> ".tsv";
      case JSON_EACH_ROW -> ".ndjson";
    };
  }

  private static Map<String, Object> papers(
      BatchPlan plan, String location, Failure failure, Instant at) {
    Map<String, Object> papers = new LinkedHashMap<>();
    papers.put("time", AuditEvent.time(at));
    papers.put("flow", plan.flow());
    papers.put("run", plan.run());
    papers.put("batch", plan.id());
    papers.put("source", plan.sourceId());
    papers.put("location", location);
    papers.put("position_from", plan.position().from());
    papers.put("position_to", plan.position().to());
    papers.put("first_record", plan.position().firstRecord());
    papers.put("table", plan.shape().table().toString());
    papers.put("columns", plan.shape().columns());
    papers.put("format", plan.shape().format().clickHouseName());
    papers.put("rows", plan.position().records());
    papers.put("bytes", plan.bytes());
    papers.put("digest", plan.digest());
    papers.put("token", plan.token());
    papers.put("error_code", failure.code());
    papers.put("error_name", failure.name());
    papers.put("reason", failure.reason());
    papers.put("remedy", failure.remedy());
    return papers;
  }
}
