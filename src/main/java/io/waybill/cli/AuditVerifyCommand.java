package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.AuditDesk;
import io.waybill.audit.AuditReport;
import io.waybill.audit.ExportProof;
import io.waybill.audit.Finding;
import io.waybill.audit.SignedHead;
import io.waybill.audit.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Verifies copies of the trail. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Verify the audit trail: its hashes, its signatures and that nothing is missing.",
      "Without options the ledger's copy and that in ClickHouse. Ends with 3 if"
          + " something is wrong, and names each event that was changed, removed, reordered,"
          + " inserted, or cut off."
    })
final class AuditVerifyCommand extends WaybillCommand {
  @Option(names = "--ledger", description = "Verify the ledger's copy.")
  private boolean ledger;

  @Option(names = "--clickhouse", description = "Verify the table waybill.audit.")
  private boolean clickHouse;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Verify a file that was exported, by the proof beside it.")
  private Path file;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "PEM file with a key that is trusted, beside those in data/audit; repeatable.")
  private List<Path> keys = List.of();

  @Option(
      names = "--heads",
      paramLabel = "FILE",
      description =
          "Signed heads that were kept elsewhere, as data/audit/heads.ndjson; repeatable.")
  private List<Path> heads = List.of();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  private final ArrayNode results = new ObjectMapper().createArrayNode();

  @Override
  int run() throws IOException {
    for (Path given : keys) {
      require("--public-key", given);
    }
    for (Path given : heads) {
      require("--heads", given);
    }
    AuditDesk.Given given = new AuditDesk.Given(keys, heads);
    boolean whole = true;
    if (file != null) {
      require("--file", file);
      whole &= told(file.toString(), AuditDesk.verifyFile(home(), config(), file, proof(), given));
    }
    boolean all = file == null && !ledger && !clickHouse;
    if (ledger || clickHouse || all) {
      try (AuditDesk desk = new AuditDesk(home(), config())) {
        if (ledger || all) {
          whole &= told("ledger", desk.verifyLedger(given));
        }
        if (clickHouse || all) {
          whole &= told("waybill.audit", desk.verifyClickHouse(given, new Download(err())));
        }
      }
    }
    if (json) {
      JsonOutput.print(out(), results);
    }
    return whole ? ExitCode.OK : ExitCode.HELD_OR_FAILED;
  }

  private static void require(String option, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("%s: there is no file %s".formatted(option, file));
    }
  }

  private Optional<Path> proof() {
    Path beside = ExportProof.beside(file);
    return Files.exists(beside) ? Optional.of(beside) : Optional.empty();
  }

  private boolean told(String copy, AuditReport report) {
    if (json) {
      results.add(json(copy, report));
      return report.isWhole();
    }
    if (file != null && copy.equals(file.toString()) && proof().isEmpty()) {
      out()
          .println(
              copy
                  + ": there is no proof beside it, so that events cut off at its ends cannot be found");
    }
    report.chains().forEach(chain -> out().println(copy + ": " + line(chain)));
    report.findings().forEach(finding -> err().println(copy + ": " + finding));
    if (report.count() > report.findings().size()) {
      err()
          .println(
              "%s: and %s more"
                  .formatted(copy, Text.count(report.count() - report.findings().size())));
    }
    out()
        .println(
            copy
                + (report.isWhole()
                    ? ": whole"
                    : ": NOT WHOLE, " + Text.count(report.count(), "finding")));
    out().flush();
    err().flush();
    return report.isWhole();
  }

  private static String line(AuditReport.Chain chain) {
    String signed =
        chain
            .head()
            .map(AuditVerifyCommand::signed)
            .orElse("not signed by a key that is known here");
    String pruned =
        chain.pruned() == 0 ? "" : ", " + Text.count(chain.pruned()) + " of them pruned";
    String unhashed =
        chain.unhashed() == 0
            ? ""
            : ", %s from before there were hashes, of which nothing is proved"
                .formatted(Text.count(chain.unhashed()));
    return "ledger %s, epoch %d: events %d to %d%s%s; %s"
        .formatted(
            chain.ledger(), chain.epoch(), chain.from(), chain.to(), pruned, unhashed, signed);
  }

  private static String signed(SignedHead head) {
    return "signed up to event %d at %s by key %s (%s)"
        .formatted(head.seq(), head.time(), TrustedKeys.fingerprint(head.publicKey()), head.key());
  }

  private static ObjectNode json(String copy, AuditReport report) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("copy", copy);
    node.put("whole", report.isWhole());
    ArrayNode chains = node.putArray("chains");
    for (AuditReport.Chain chain : report.chains()) {
      ObjectNode each = chains.addObject();
      each.put("ledger", chain.ledger());
      each.put("epoch", chain.epoch());
      each.put("from", chain.from());
      each.put("to", chain.to());
      each.put("events", chain.events());
      each.put("pruned", chain.pruned());
      each.put("unhashed", chain.unhashed());
      each.set("head", chain.head().map(SignedHead::toJson).orElse(null));
    }
    node.put("findingCount", report.count());
    ArrayNode findings = node.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode each = findings.addObject();
      each.put("fault", finding.fault().label());
      each.put("ledger", finding.ledger());
      each.put("epoch", finding.epoch());
      each.put("from", finding.from());
      each.put("to", finding.to());
      each.put("kind", finding.kind());
      each.put("text", finding.text());
    }
    return node;
  }
}
