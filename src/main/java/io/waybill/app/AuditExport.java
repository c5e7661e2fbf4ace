package io.waybill.app;

import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.ChainPoint;
import io.waybill.audit.ExportProof;
import io.waybill.audit.HeadSigner;
import io.waybill.audit.SignedHead;
import io.waybill.audit.SigningException;
import io.waybill.audit.TrailVerifier;
import io.waybill.audit.TrustedKeys;
import io.waybill.ledger.TrailRange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes the events of a period into a file, with a proof beside it. What is not whole is not
 * exported.
 */
public final class AuditExport {
  private final String ledger;
  private final TrustedKeys keys;
  private final List<SignedHead> kept;
  private final Optional<HeadSigner> signer;

  /**
   * Exports of a ledger's trail.
   *
   * @param kept heads that were kept beside it
   */
  AuditExport(String ledger, TrustedKeys keys, List<SignedHead> kept, Optional<HeadSigner> signer) {
    this.ledger = ledger;
    this.keys = keys;
    this.kept = kept;
    this.signer = signer;
  }

  /** Formats of files. */
  public enum Format {
    JSONL,
    CSV,
    PARQUET;

    /** As it is written in a proof. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is wanted.
   *
   * @param from from this time on
   * @param to before this time
   * @param file file that is not there yet
   * @param clickHouse whether from {@code waybill.audit} instead of the ledger
   */
  public record Wanted(Instant from, Instant to, Format format, Path file, boolean clickHouse) {
    boolean needsClickHouse() {
      return clickHouse || format == Format.PARQUET;
    }
  }

  /** What was written. */
  public record Written(long events, Path file, Path proof, boolean sealed) {}

  /** What is known of a range after it was looked at. */
  private record Looked(
      long events, List<ExportProof.Part> parts, List<SignedHead> heads, AuditReport report) {}

  Written write(Wanted wanted, TrailSource source) throws IOException {
    List<TrailRange> ranges = source.ranges(wanted.from(), wanted.to());
    if (ranges.isEmpty()) {
      throw new ConfigurationException(List.of("there are no audit events of that period"));
    }
    Looked looked = look(ranges, source);
    if (!looked.report().isWhole()) {
      throw new ConfigurationException(
          List.of(
              "the trail is not whole and is not exported: " + looked.report().findings().get(0),
              "./waybill audit verify says more"));
    }
    try (OutputStream out = Files.newOutputStream(wanted.file(), StandardOpenOption.CREATE_NEW)) {
      put(wanted, ranges, source, out);
    }
    ExportProof proof =
        ExportProof.of(
            ledger,
            wanted.format().label(),
            sha256(wanted.file()),
            looked.events(),
            looked.parts(),
            looked.heads());
    Path beside = ExportProof.beside(wanted.file());
    seal(proof).write(beside);
    return new Written(looked.events(), wanted.file(), beside, signer.isPresent());
  }

  private ExportProof seal(ExportProof proof) {
    if (signer.isEmpty()) {
      return proof;
    }
    try {
      return proof.sealed(Instant.now(), signer.get());
    } catch (SigningException e) {
      throw new ConfigurationException(List.of("the export cannot be sealed: " + e.getMessage()));
    }
  }

  private Looked look(List<TrailRange> ranges, TrailSource source) {
    TrailVerifier verifier = new TrailVerifier(ledger, keys);
    List<ExportProof.Part> parts = new ArrayList<>();
    List<SignedHead> heads = new ArrayList<>();
    long[] events = {0};
    for (TrailRange range : ranges) {
      List<ChainEntry> ends = new ArrayList<>();
      source.range(
          range,
          line -> {
            events[0]++;
            ChainEntry.parse(line.text())
                .ifPresent(
                    entry -> {
                      requireContent(entry);
                      verifier.mark(entry);
                      SignedHead.of(entry).ifPresent(heads::add);
                      if (ends.size() == 2) {
                        ends.remove(1);
                      }
                      ends.add(entry);
                    });
          });
      if (!ends.isEmpty()) {
        parts.add(part(range, ends.get(0), ends.get(ends.size() - 1)));
      }
    }
    kept.stream()
        .filter(head -> head.ledger().equals(ledger))
        .filter(head -> parts.stream().anyMatch(part -> isWithin(part, head)))
        .filter(head -> !heads.contains(head))
        .forEach(heads::add);
    heads.forEach(head -> verifier.mark(head, true));
    parts.forEach(
        part -> {
          verifier.startAfter(part.before());
          verifier.mark(part.last(), "the first look at it", true);
        });
    ranges.forEach(range -> source.range(range, line -> TrailCheck.take(verifier, line)));
    return new Looked(events[0], parts, heads, verifier.end());
  }

  private static boolean isWithin(ExportProof.Part part, SignedHead head) {
    return head.epoch() == part.last().epoch()
        && head.seq() > part.before().seq()
        && head.seq() <= part.last().seq();
  }

  private static void requireContent(ChainEntry entry) {
    if (entry.isPruned()) {
      throw new ConfigurationException(
          List.of(
              "event %d of epoch %d was pruned in the ledger".formatted(entry.seq(), entry.epoch()),
              "waybill.audit may still have it: --clickhouse"));
    }
    if (!entry.isHashed()) {
      throw new ConfigurationException(
          List.of(
              "event %d of epoch %d is from before events had hashes: nothing can be proved of it"
                  .formatted(entry.seq(), entry.epoch()),
              "begin later, or take it by ./waybill sql"));
    }
  }

  private ExportProof.Part part(TrailRange range, ChainEntry first, ChainEntry last) {
    return new ExportProof.Part(
        new ChainPoint(ledger, range.epoch(), first.seq() - 1, first.previous()),
        new ChainPoint(ledger, range.epoch(), last.seq(), last.hash()));
  }

  private static void put(
      Wanted wanted, List<TrailRange> ranges, TrailSource source, OutputStream out)
      throws IOException {
    if (wanted.format() == Format.PARQUET) {
      ((ClickHouseTrail) source).write(ranges, "Parquet", out);
      return;
    }
    BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    boolean csv = wanted.format() == Format.CSV;
    if (csv) {
      writer.write(AuditCsv.header());
    }
    for (TrailRange range : ranges) {
      try {
        source.range(range, line -> put(writer, csv, line.text()));
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    writer.flush();
  }

  private static void put(BufferedWriter writer, boolean csv, String line) {
    try {
      writer.write(csv ? AuditCsv.line(ChainEntry.parse(line).orElseThrow()) : line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
