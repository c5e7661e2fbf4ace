package io.waybill.clickhouse;

import com.clickhouse.client.api.Client;
import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import java.util.function.Function;

/**
 * The client of the credential of the moment. One of before lives until its last call is done; then
 * its credential is given back. Thread-safe.
 */
final class Clients implements AutoCloseable {
  private final Credentials credentials;
  private final Function<Credential, Client> builder;
  private Held now;

  private static final class Held {
    private final Client client;
    private final Credentials.Use use;
    private int calls;
    private boolean retired;

    private Held(Client client, Credentials.Use use) {
      this.client = client;
      this.use = use;
    }

    private void closeIfDone() {
      if (retired && calls == 0) {
        client.close();
        use.close();
      }
    }
  }

  /** A call that is made; closed when its answer was read. Used by one thread. */
  final class Call implements AutoCloseable {
    private final Held held;
    private boolean open = true;

    private Call(Held held) {
      this.held = held;
    }

    Client client() {
      return held.client;
    }

    Credential credential() {
      return held.use.credential();
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        leave(held);
      }
    }
  }

  Clients(Credentials credentials, Function<Credential, Client> builder) {
    this.credentials = credentials;
    this.builder = builder;
  }

  /**
   * Begins a call.
   *
   * @throws io.waybill.secret.CredentialsException if there is no credential
   */
  synchronized Call call() {
    if (now == null || !now.use.credential().equals(credentials.current())) {
      Credentials.Use use = credentials.use();
      Held fresh = new Held(builder.apply(use.credential()), use);
      retire();
      now = fresh;
    }
    now.calls++;
    return new Call(now);
  }

  private void retire() {
    if (now != null) {
      now.retired = true;
      now.closeIfDone();
    }
  }

  private synchronized void leave(Held held) {
    held.calls--;
    held.closeIfDone();
  }

  @Override
  public synchronized void close() {
    retire();
    now = null;
  }
}
