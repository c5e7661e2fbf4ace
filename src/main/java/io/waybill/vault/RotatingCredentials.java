package io.waybill.vault;

import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A credential that is replaced; who hears of one that nobody uses any more can give it back.
 * Thread-safe.
 */
abstract class RotatingCredentials implements Credentials, AutoCloseable {
  private final Map<Credential, Integer> uses = new HashMap<>();
  private final Consumer<Credential> abandoned;
  private final boolean makesAnew;
  private volatile Credential now;
  private Credential madeOnRefusal;

  /**
   * With this ear.
   *
   * @param abandoned hears of each one that was replaced and that nobody uses any more
   * @param makesAnew whether each fetch makes another one
   */
  RotatingCredentials(Consumer<Credential> abandoned, boolean makesAnew) {
    this.abandoned = abandoned;
    this.makesAnew = makesAnew;
  }

  /** Gets the first one, or throws. */
  abstract Credential fetch();

  @Override
  public Optional<Known> known() {
    return Optional.ofNullable(now).map(each -> new Known(each.user(), expires(each)));
  }

  /** Until when this one is good, if there is an end. */
  Optional<Instant> expires(Credential credential) {
    return Optional.empty();
  }

  @Override
  public final synchronized Credential current() {
    if (now == null) {
      now = fetch();
    }
    return now;
  }

  /** Whether this one is another than before. */
  final synchronized boolean replace(Credential fresh) {
    Credential old = now;
    now = fresh;
    boolean another = old != null && !fresh.equals(old);
    if (another && !uses.containsKey(old)) {
      abandoned.accept(old);
    }
    return another;
  }

  @Override
  public final synchronized Use use() {
    Credential taken = current();
    uses.merge(taken, 1, Integer::sum);
    return new Use() {
      private boolean open = true;

      @Override
      public Credential credential() {
        return taken;
      }

      @Override
      public void close() {
        if (open) {
          open = false;
          leave(taken);
        }
      }
    };
  }

  private synchronized void leave(Credential credential) {
    uses.computeIfPresent(credential, (each, count) -> count == 1 ? null : count - 1);
    if (!uses.containsKey(credential) && !credential.equals(now)) {
      abandoned.accept(credential);
    }
  }

  @Override
  public final synchronized boolean refused(Credential credential) {
    if (!credential.equals(current())) {
      return true; // it was replaced meanwhile
    }
    if (makesAnew && credential.equals(madeOnRefusal)) {
      return false; // what is refused is not the credential but what it may do
    }
    boolean another = replace(fetch());
    madeOnRefusal = now;
    return another;
  }

  @Override
  public abstract void close();
}
