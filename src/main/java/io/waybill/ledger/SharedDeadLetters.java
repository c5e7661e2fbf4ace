package io.waybill.ledger;

import io.waybill.batch.Records;
import io.waybill.delivery.BadRecord;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.DeadLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** Dead letters as files of this home, and in the ledger for the others. Thread-safe. */
public final class SharedDeadLetters implements DeadLetters {
  private final FileDeadLetters files;
  private final DeadLetterFiles reader;
  private final DeadLetterArchive archive;

  /** Keeps in both what is stored. */
  public SharedDeadLetters(
      FileDeadLetters files, DeadLetterFiles reader, DeadLetterArchive archive) {
    this.files = files;
    this.reader = reader;
    this.archive = archive;
  }

  @Override
  public List<DeadLetter> store(
      BatchPlan plan, String location, Records records, List<BadRecord> bad, Instant at)
      throws IOException {
    List<DeadLetter> letters = files.store(plan, location, records, bad, at);
    for (String file : new TreeSet<>(letters.stream().map(DeadLetter::file).toList())) {
      archive.put(file, Files.readAllBytes(reader.path(file)));
    }
    return letters;
  }
}
