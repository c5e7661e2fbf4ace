package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.secret.CredentialsException;
import io.waybill.vault.HashicorpFunction;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ClickHouse and the other connections of a home, and the Vault that their credentials come from.
 * Thread-safe.
 */
public final class Access implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private final Closing closing = new Closing();
  private final Optional<Vault> vault;
  private final Optional<HashicorpFunction> function;
  private final ClickHouseSupply supply;
  private final ConnectionCredentials credentials;
  private final Connections connections;

  private Access(WaybillConfig config, ClickHouseSupply supply) {
    this.supply = closing.add(supply);
    try {
      this.vault =
          config.vault().isConfigured()
              ? Optional.of(closing.add(new Vault(config.vault())))
              : Optional.empty();
      this.function = vault.map(it -> new HashicorpFunction(it, path -> defaulted(config, path)));
      this.credentials = new ConnectionCredentials(vault, function);
      this.connections = closing.add(new Connections(config, supply, credentials));
    } catch (CredentialsException e) {
      close();
      throw new ConfigurationException(List.of(e.getMessage() + "; " + e.remedy()));
    }
  }

  /**
   * For a short command.
   *
   * @throws ConfigurationException if the settings do not fit, or an embedded ClickHouse cannot be
   *     started
   */
  public static Access open(Home home, WaybillConfig config, DownloadListener listener) {
    return new Access(config, ClickHouseSupply.open(home, config, listener));
  }

  /** For the process that runs flows. */
  static Access own(Home home, WaybillConfig config, DownloadListener listener)
      throws InterruptedException {
    return new Access(config, ClickHouseSupply.own(home, config, listener));
  }

  static void defaulted(WaybillConfig config, String path) {
    if (config.isProduction()) {
      throw new CredentialsException(
          "the placeholder of secret %s has a default, in plain text".formatted(path),
          "take the default out; waybill.profile=prod allows none");
    }
    LOG.warn("the placeholder of secret {} has a default, in plain text", path);
  }

  /** A client of the default ClickHouse. */
  public ClickHouseClient client() {
    return connections.client();
  }

  /** A client of whom a person's statement is asked as. */
  public ClickHouseClient client(PersonStatements.Admitted admitted) {
    return connections.of(admitted.account());
  }

  ConnectionCredentials credentials() {
    return credentials;
  }

  Connections connections() {
    return connections;
  }

  ClickHouseSupply supply() {
    return supply;
  }

  Optional<Vault> vault() {
    return vault;
  }

  Optional<HashicorpFunction> function() {
    return function;
  }

  @Override
  public void close() {
    try {
      closing.closeAll();
    } catch (IOException e) {
      LOG.warn("connections were not closed cleanly: {}", e.getMessage());
    }
  }
}
