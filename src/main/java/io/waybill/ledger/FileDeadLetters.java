package io.waybill.ledger;

import io.waybill.audit.AuditTime;
import io.waybill.batch.DataSize;
import io.waybill.batch.Format;
import io.waybill.batch.Records;
import io.waybill.delivery.BadRecord;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.DeadLetters;
import io.waybill.delivery.DeadLettersFullException;
import io.waybill.delivery.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Dead letters as files that only their owner can read: in a folder per flow, {@code
 * BATCH.csv|tsv|ndjson} with header line and raw records, and {@code BATCH.json} with their papers.
 * The papers come last: where they are, the records are whole. The id of a dead letter is that of
 * its batch and the number of the record in the source. Thread-safe for different batches.
 */
public final class FileDeadLetters implements DeadLetters {
  private final Path folder;
  private final DataSize most;

  /**
   * Keeps dead letters below this folder, which is made when the first one comes.
   *
   * @param most how much the folder may hold
   */
  public FileDeadLetters(Path folder, DataSize most) {
    this.folder = folder.toAbsolutePath().normalize();
    this.most = most;
  }

  @Override
  public List<DeadLetter> store(
      BatchPlan plan, String location, Records records, List<BadRecord> bad, Instant at)
      throws IOException {
    requireRoom(bad);
    Path ofFlow = folder.resolve(SafeNames.of(plan.flow()));
    OwnerOnly.createFolders(ofFlow);
    String name = SafeNames.of(plan.id());
    Path raw = ofFlow.resolve(name + extension(plan.shape().format()));
    DurableFiles.write(raw, out -> write(plan, records, bad, out));
    byte[] papers =
        Json.writePretty(papers(plan, location, bad, at)).getBytes(StandardCharsets.UTF_8);
    DurableFiles.write(ofFlow.resolve(name + ".json"), out -> out.write(papers));
    DurableFiles.sync(ofFlow);
    return letters(plan, folder.relativize(raw).toString(), records.header().length, bad, at);
  }

  /** Bytes that all dead letters and their papers take. */
  public long used() throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long used = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        used += Files.size(file);
      }
    }
    return used;
  }

  private void requireRoom(List<BadRecord> bad) throws IOException {
    long wanted = bad.stream().mapToLong(BadRecord::bytes).sum();
    long used = used();
    if (used + wanted > most.bytes()) {
      throw new DeadLettersFullException(
          "dead letters take %s of %s, and %s more are to be kept"
              .formatted(new DataSize(used), most, new DataSize(wanted)));
    }
  }

  private static void write(BatchPlan plan, Records records, List<BadRecord> bad, OutputStream out)
      throws IOException {
    out.write(records.header());
    for (BadRecord each : bad) {
      out.write(records.bytes(plan.indexOf(each.place().record())));
    }
  }

  private static List<DeadLetter> letters(
      BatchPlan plan, String file, long headerLength, List<BadRecord> bad, Instant at) {
    List<DeadLetter> letters = new ArrayList<>();
    long offset = headerLength;
    for (BadRecord each : bad) {
      String id = plan.id() + "-" + each.place().record();
      letters.add(new DeadLetter(id, plan.id(), file, offset, each, at, at));
      offset += each.bytes();
    }
    return letters;
  }

  static String extension(Format format) {
    return switch (format) {
      case CSV, CSV_WITH_NAMES -> ".csv";
      case TSV, TSV_WITH_NAMES -> ".tsv";
      case JSON_EACH_ROW -> ".ndjson";
    };
  }

  private static Map<String, Object> papers(
      BatchPlan plan, String location, List<BadRecord> bad, Instant at) {
    Map<String, Object> papers = new LinkedHashMap<>();
    papers.put("time", AuditTime.text(at));
    papers.put("flow", plan.flow());
    papers.put("run", plan.run());
    papers.put("batch", plan.id());
    papers.put("source", plan.sourceId());
    papers.put("location", location);
    papers.put("table", plan.shape().table().toString());
    papers.put("columns", plan.shape().columns());
    papers.put("format", plan.shape().format().clickHouseName());
    papers.put("batch_rows", plan.rows());
    papers.put("batch_digest", plan.digest());
    papers.put("batch_token", plan.token());
    papers.put("records", bad.stream().map(FileDeadLetters::record).toList());
    return papers;
  }

  private static Map<String, Object> record(BadRecord bad) {
    Failure failure = bad.failure();
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("record", bad.place().record());
    record.put("line", bad.place().line());
    record.put("byte", bad.place().offset());
    record.put("bytes", bad.bytes());
    record.put("column", bad.column());
    record.put("error_code", failure.code());
    record.put("error_name", failure.name());
    record.put("reason", failure.reason());
    record.put("remedy", failure.remedy());
    return record;
  }
}
