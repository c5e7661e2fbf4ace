package io.waybill.cli;

import io.waybill.app.AuditDesk;
import io.waybill.app.AuditExport;
import io.waybill.app.HomeRights;
import io.waybill.policy.Action;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exports events. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write the audit events of a period into a file, and their proof beside it.",
      "The proof, FILE.proof.json, has hashes, signed heads and the public key; audit verify --file"
          + " takes both. Parquet comes from waybill.audit, the others from the ledger."
    })
final class AuditExportCommand extends WaybillCommand {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "From this date or time on, UTC.")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Before this date or time, UTC.")
  private String to;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "jsonl",
      description = "jsonl, csv or parquet; default ${DEFAULT-VALUE}.")
  private AuditExport.Format format;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "A file that is not there yet.")
  private Path file;

  @Option(names = "--clickhouse", description = "Take them from waybill.audit.")
  private boolean clickHouse;

  @Override
  int run() throws IOException {
    new HomeRights(home(), config(), System.getenv()).require("audit export", Action.AUDIT);
    Instant begin = Times.parse("--from", from);
    Instant end = to == null ? Instant.now() : Times.parse("--to", to);
    if (!begin.isBefore(end)) {
      throw new UsageException("--from must be before --to");
    }
    try (AuditDesk desk = new AuditDesk(home(), config())) {
      AuditExport.Written written =
          desk.export(
              new AuditExport.Wanted(begin, end, format, file, clickHouse), new Download(err()));
      out()
          .println(
              "%s written to %s as %s; %s is their proof%s"
                  .formatted(
                      Text.count(written.events(), "event"),
                      written.file(),
                      format.name().toLowerCase(Locale.ROOT),
                      written.proof(),
                      written.sealed() ? "" : ", which nobody signed (waybill.audit.sign=off)"));
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(e.getFile() + " is there already; name another file");
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no folder for " + e.getFile());
    }
  }
}
