package io.waybill.app;

import io.waybill.identity.StaticTokens;
import io.waybill.policy.Policies;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import io.waybill.vault.SecretFile;
import io.waybill.vault.Vault;
import io.waybill.web.Desk;
import io.waybill.web.ManagementException;
import io.waybill.web.ManagementServer;
import io.waybill.web.ManagementSettings;
import io.waybill.web.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management port of a home that is served. Its address stands in {@code data/management.url}
 * while it is open. Thread-safe.
 */
final class Management implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Management.class);
  private static final int SHORTEST_TOKEN = StaticTokens.SHORTEST;
  private final Optional<ManagementServer> server;
  private final Path address;

  private Management(Optional<ManagementServer> server, Path address) {
    this.server = server;
    this.address = address;
  }

  /** None at all. */
  static Management none(Home home) {
    return new Management(Optional.empty(), address(home));
  }

  /**
   * Opens it as the settings say.
   *
   * @throws ConfigurationException if it must not be opened, or cannot
   */
  static Management open(Home home, WaybillConfig config, Callers callers) throws IOException {
    ManagementConfig settings = config.management();
    if (settings.port().isEmpty()) {
      return none(home);
    }
    try {
      ManagementServer server =
          ManagementServer.start(
              new ManagementSettings(
                  settings.host(),
                  settings.port().getAsInt(),
                  settings.asked(),
                  settings.publicUrl(),
                  doorkeeping(config, callers)));
      LOG.info("dashboard and API at {}", server.url());
      Management management = new Management(Optional.of(server), address(home));
      Files.writeString(management.address, server.url() + "\n");
      return management;
    } catch (ManagementException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  /**
   * What it takes to know who asks.
   *
   * @param vault where static tokens are; empty while there is none yet
   */
  record Callers(
      Policies policies, AccessTrail trail, Supplier<Optional<Vault>> vault, Clock clock) {}

  private static Doorkeeping doorkeeping(WaybillConfig config, Callers callers) {
    IdentityConfig identity = config.identity();
    String path = identity.tokensVaultKv();
    if (!path.isEmpty() && !config.vault().isConfigured()) {
      throw new ConfigurationException(
          List.of("waybill.identity.tokens-vault-kv needs waybill.vault.address too"));
    }
    try {
      return new Doorkeeping(
          identity,
          config
              .management()
              .tokenFile()
              .map(file -> Map.of(config.management().tokenName(), Secret.of(token(file))))
              .orElse(Map.of()),
          path.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new VaultTokens(callers.vault(), path, config.vault().poll(), callers.clock())),
          callers.policies(),
          callers.trail(),
          callers.clock());
    } catch (CredentialsException e) {
      throw new ConfigurationException(
          List.of("waybill.identity: " + e.getMessage() + "; " + e.remedy()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  private static String token(Path file) {
    try {
      String token = SecretFile.read(file);
      if (token.length() < SHORTEST_TOKEN) {
        throw new CredentialsException(
            file + " has a token of less than %d characters".formatted(SHORTEST_TOKEN),
            "write a longer one, such as: openssl rand -hex 32");
      }
      return token;
    } catch (CredentialsException e) {
      throw new ConfigurationException(
          List.of("waybill.management.token-file: " + e.getMessage() + "; " + e.remedy()));
    }
  }

  /** File with its address. */
  static Path address(Home home) {
    return home.data().resolve("management.url");
  }

  /** Answers GET at this path, if there is a server. */
  void page(String path, Page page) {
    server.ifPresent(it -> it.page(path, page));
  }

  /** Answers at {@code /api/v1}, if there is a server. */
  void api(Desk desk) {
    server.ifPresent(it -> it.api(desk));
  }

  boolean isOpen() {
    return server.isPresent();
  }

  /** Where it is; empty if there is none. */
  Optional<String> url() {
    return server.map(ManagementServer::url);
  }

  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      Files.deleteIfExists(address);
      server.get().close();
    }
  }
}
