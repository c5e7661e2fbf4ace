package io.waybill.app;

import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.LedgerVisit;
import io.waybill.ledger.Origin;
import io.waybill.ledger.PostgresPlace;
import io.waybill.ledger.RequestBook;
import io.waybill.vault.HashicorpFunction;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Where the ledger of a home is: in its own file, or in a PostgreSQL that several homes share.
 * Thread-safe.
 */
final class LedgerSite implements AutoCloseable {
  private final Home home;
  private final Origin origin;
  private final Closing closing = new Closing();
  private final Optional<PostgresPlace> place;

  private LedgerSite(Home home, WaybillConfig config) {
    this.home = home;
    this.origin = Origin.on(config.ledgerHost());
    this.place = Optional.empty();
  }

  private LedgerSite(Home home, WaybillConfig config, ConnectionCredentials credentials) {
    this.home = home;
    this.origin = Origin.on(config.ledgerHost());
    ConnectionConfig given = config.ledger();
    LedgerSource source =
        closing.add(
            new LedgerSource(
                given.url(), credentials.of(given), config.clickHouse().connectTimeout()));
    this.place = Optional.of(new PostgresPlace(name(given.url()), source, home.folder()));
  }

  /** For a short command; who asks is looked up by a login of its own if Vault knows it. */
  static LedgerSite of(Home home, WaybillConfig config) {
    if (!config.isLedgerShared()) {
      return new LedgerSite(home, config);
    }
    Optional<Vault> vault =
        config.vault().isConfigured() ? Optional.of(new Vault(config.vault())) : Optional.empty();
    LedgerSite site =
        new LedgerSite(
            home,
            config,
            new ConnectionCredentials(
                vault,
                vault.map(
                    it -> new HashicorpFunction(it, path -> Access.defaulted(config, path)))));
    vault.ifPresent(site.closing::add);
    return site;
  }

  /** For a process that has these. */
  static LedgerSite of(Home home, WaybillConfig config, ConnectionCredentials credentials) {
    return config.isLedgerShared()
        ? new LedgerSite(home, config, credentials)
        : new LedgerSite(home, config);
  }

  /** Without what may be secret. */
  private static String name(String url) {
    return url.replaceFirst("^jdbc:", "").replaceFirst("[?].*", "");
  }

  JdbcLedger open() {
    return place
        .map(there -> JdbcLedger.open(there, origin))
        .orElseGet(() -> JdbcLedger.open(home.ledger(), origin));
  }

  LedgerReader read() {
    return place.map(LedgerReader::open).orElseGet(() -> LedgerReader.open(home.ledger()));
  }

  /** Beside a process that may have it open; made if there is none. */
  LedgerVisit visit() {
    if (place.isEmpty() && Files.notExists(home.ledger())) {
      make();
    }
    return place
        .map(there -> LedgerVisit.of(there, origin))
        .orElseGet(() -> LedgerVisit.of(home.ledger(), origin));
  }

  /** Alone: who begins to serve the home makes it too. */
  private void make() {
    HomeLock lock = HomeLock.take(home);
    try (lock) {
      open().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  RequestBook requests() {
    return place
        .map(there -> RequestBook.of(there, origin))
        .orElseGet(() -> RequestBook.of(home.ledger()));
  }

  @Override
  public void close() {
    try {
      closing.closeAll();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
