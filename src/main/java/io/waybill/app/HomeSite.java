package io.waybill.app;

import io.waybill.audit.HeadFile;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.control.Permissions;
import io.waybill.delivery.DeadLetters;
import io.waybill.delivery.FaultPoint;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.FileDeadLetters;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.SharedDeadLetters;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the flows of a home stand on: its lock, the policy, what is measured, the management port,
 * ClickHouse and the ledger. Opened in this order. Thread-safe once it is open.
 */
final class HomeSite {
  private final Home home;
  private final WaybillConfig config;
  private final Clock clock;
  private final FaultPoint faults = Faults.listening();
  private final AccessTrail trail;
  private final LivePolicies policies;
  private final Permissions permissions;
  private final Observing observing;
  private final Management management;
  private Access access;
  private LedgerSite ledgerSite;
  private JdbcLedger ledger;
  private AuditSigner signer;

  private HomeSite(Home home, WaybillConfig config, Application.Options options, Closing closing)
      throws Exception {
    this.home = home;
    this.config = config;
    this.clock = options.clock();
    this.trail = new AccessTrail(() -> Optional.ofNullable(ledger), clock);
    PlainSecrets.refuse(home, config);
    policies = LivePolicies.load(home, config);
    closing.add(HomeLock.take(home));
    observing = closing.add(new Observing(config, System.getenv()));
    permissions = new PolicyPermissions(policies, trail);
    management =
        closing.add(
            options.isServing() ? Management.open(home, config, callers()) : Management.none(home));
  }

  private Management.Callers callers() {
    return new Management.Callers(
        policies, trail, () -> access == null ? Optional.empty() : access.vault(), clock);
  }

  /**
   * Opens a home.
   *
   * @param closing takes what is to be closed, also if this fails
   * @param vitals what there is to tell of its health; empty while it starts
   * @throws ConfigurationException if nothing can run here
   */
  static HomeSite open(
      Home home,
      WaybillConfig config,
      Application.Options options,
      Closing closing,
      Supplier<Optional<Vitals>> vitals)
      throws Exception {
    HomeSite site = new HomeSite(home, config, options, closing);
    VitalPages.hang(site.management, vitals);
    site.open(options, closing);
    return site;
  }

  private void open(Application.Options options, Closing closing) throws Exception {
    VaultTrail logins = new VaultTrail(clock);
    if (config.isLedgerShared()) {
      // Vault comes first: it may be what lets us in
      openAccess(options, closing, logins);
      openLedger(LedgerSite.of(home, config, access.credentials()), closing);
      closing.add(logins);
    } else {
      openLedger(LedgerSite.of(home, config), closing);
      // what is given back at the end is noted
      closing.add(logins);
      openAccess(options, closing, logins);
    }
    logins.open(ledger);
    signer = closing.add(auditSigner().start(config.audit().signEvery()));
  }

  private void openAccess(Application.Options options, Closing closing, VaultTrail logins)
      throws InterruptedException {
    access = closing.add(Access.own(home, config, options.download()));
    access.vault().ifPresent(vault -> vault.listen(logins));
  }

  private void openLedger(LedgerSite opened, Closing closing) {
    ledgerSite = closing.add(opened);
    ledger = closing.add(ledgerSite.open());
    observing.ledger(ledger);
    Interrupted.note(ledger, clock);
  }

  private AuditSigner auditSigner() {
    return new AuditSigner(
        ledger.trail(),
        ledger.claims(),
        AuditKeys.signer(config.audit(), home.audit(), access.vault()),
        new HeadFile(home.audit()),
        clock,
        faults);
  }

  Home home() {
    return home;
  }

  WaybillConfig config() {
    return config;
  }

  Clock clock() {
    return clock;
  }

  FaultPoint faults() {
    return faults;
  }

  LivePolicies policies() {
    return policies;
  }

  Permissions permissions() {
    return permissions;
  }

  Observing observing() {
    return observing;
  }

  Management management() {
    return management;
  }

  Access access() {
    return access;
  }

  LedgerSite ledgerSite() {
    return ledgerSite;
  }

  JdbcLedger ledger() {
    return ledger;
  }

  AuditSigner signer() {
    return signer;
  }

  /** The default connection. */
  ClickHouseClient client() {
    return access.client();
  }

  /** Where ClickHouse is. */
  String clickHouseUrl() {
    return access.supply().url();
  }

  /** Version of the ClickHouse that answers, or why none does, in parentheses. */
  String clickHouseVersion() {
    try {
      return client().lines("SELECT version()").get(0);
    } catch (QueryFailedException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  /** Where refused batches are kept. */
  DeadLetters deadLetters() {
    FileDeadLetters files = new FileDeadLetters(home.deadLetters(), config.limits().deadLetters());
    return ledger
        .archive()
        .<DeadLetters>map(archive -> new SharedDeadLetters(files, deadLetterFiles(), archive))
        .orElse(files);
  }

  /** The files of refused batches. */
  DeadLetterFiles deadLetterFiles() {
    return new DeadLetterFiles(home.deadLetters(), ledger.archive());
  }
}
