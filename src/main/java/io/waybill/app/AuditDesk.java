package io.waybill.app;

import io.waybill.audit.AuditReport;
import io.waybill.audit.ExportProof;
import io.waybill.audit.Finding;
import io.waybill.audit.HeadFile;
import io.waybill.audit.SignedHead;
import io.waybill.audit.TrustedKeys;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.TrailChain;
import io.waybill.secret.CredentialsException;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies and exports the audit trail of a home, also while a process serves it. */
public final class AuditDesk implements AutoCloseable {
  private final Home home;
  private final WaybillConfig config;
  private final Closing closing = new Closing();
  private final Optional<Vault> vault;
  private final LedgerReader ledger;

  /** Of this home. */
  public AuditDesk(Home home, WaybillConfig config) {
    this.home = home;
    this.config = config;
    LedgerSite site = closing.add(LedgerSite.of(home, config));
    this.vault =
        config.vault().isConfigured()
            ? Optional.of(closing.add(new Vault(config.vault())))
            : Optional.empty();
    try {
      this.ledger = closing.add(site.read());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * What a person gives to verify with.
   *
   * @param keys files with public keys that are trusted, beside those of the home
   * @param heads files with signed heads that were kept elsewhere
   */
  public record Given(List<Path> keys, List<Path> heads) {}

  /** Verifies the ledger's own copy. */
  public AuditReport verifyLedger(Given given) throws IOException {
    List<SignedHead> heads = heads(given);
    TrustedKeys keys = keys(given);
    return new TrailCheck(keys, heads).ledger(chains(), new LedgerTrail(ledger));
  }

  /** Verifies the copy in ClickHouse. */
  public AuditReport verifyClickHouse(Given given, DownloadListener download) throws IOException {
    List<SignedHead> heads = heads(given);
    TrustedKeys keys = keys(given);
    List<TrailChain> chains = chains();
    try (Access access = Access.open(home, config, download)) {
      return new TrailCheck(keys, heads)
          .clickHouse(
              chains, new LedgerTrail(ledger), new ClickHouseTrail(access.client(), id(chains)));
    }
  }

  /**
   * Verifies a file that was exported, also where there is no ledger.
   *
   * @param proof its proof; empty if there is none
   */
  public static AuditReport verifyFile(
      Home home, WaybillConfig config, Path file, Optional<Path> proof, Given given)
      throws IOException {
    Optional<Vault> vault =
        config.audit().sign() == AuditConfig.Sign.VAULT_TRANSIT && config.vault().isConfigured()
            ? Optional.of(new Vault(config.vault()))
            : Optional.empty();
    TrailCheck check;
    try {
      check = new TrailCheck(keys(home, config, vault, given), headsOf(given));
    } finally {
      vault.ifPresent(Vault::close);
    }
    if (proof.isEmpty()) {
      return check.file(new FileTrail(file));
    }
    ExportProof read;
    try {
      read = ExportProof.read(proof.get());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
    return check.file(file, read);
  }

  /** Writes the events of a period, and their proof beside. */
  public AuditExport.Written export(AuditExport.Wanted wanted, DownloadListener download)
      throws IOException {
    List<TrailChain> chains = chains();
    AuditExport export =
        new AuditExport(
            id(chains),
            keys(new Given(List.of(), List.of())),
            new HeadFile(home.audit()).all(),
            AuditKeys.signer(config.audit(), home.audit(), vault));
    if (!wanted.needsClickHouse()) {
      return export.write(wanted, new LedgerTrail(ledger));
    }
    try (Access access = Access.open(home, config, download)) {
      return export.write(wanted, new ClickHouseTrail(access.client(), id(chains)));
    }
  }

  private List<TrailChain> chains() {
    List<TrailChain> chains = ledger.chains();
    if (chains.isEmpty()) {
      throw new ConfigurationException(
          List.of("there is no ledger in %s yet; ./waybill run makes it".formatted(home.folder())));
    }
    return chains;
  }

  private static String id(List<TrailChain> chains) {
    return chains.get(0).last().ledger();
  }

  private List<SignedHead> heads(Given given) throws IOException {
    List<SignedHead> heads = new ArrayList<>(new HeadFile(home.audit()).all());
    heads.addAll(headsOf(given));
    return heads;
  }

  private static List<SignedHead> headsOf(Given given) throws IOException {
    List<SignedHead> heads = new ArrayList<>();
    for (Path file : given.heads()) {
      heads.addAll(HeadFile.read(file));
    }
    return heads;
  }

  private TrustedKeys keys(Given given) throws IOException {
    return keys(home, config, vault, given);
  }

  private static TrustedKeys keys(
      Home home, WaybillConfig config, Optional<Vault> vault, Given given) throws IOException {
    try {
      return AuditKeys.trusted(config.audit(), home.audit(), vault, given.keys());
    } catch (CredentialsException e) {
      throw new ConfigurationException(List.of(e.getMessage() + "; " + e.remedy()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  @Override
  public void close() {
    try {
      closing.closeAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A finding beside those of a report. */
  static AuditReport and(AuditReport report, List<Finding> more) {
    List<Finding> all = new ArrayList<>(more);
    all.addAll(report.findings());
    return new AuditReport(all, report.count() + more.size(), report.chains());
  }
}
