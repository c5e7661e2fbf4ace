package io.waybill.delivery;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Claims for a ledger that only one process has. Thread-safe. */
public final class LocalClaims implements Claims {
  private final Set<Source> claimed = ConcurrentHashMap.newKeySet();

  private record Source(String flow, String id) {}

  @Override
  public Optional<Claim> claim(String flow, String sourceId) {
    Source source = new Source(flow, sourceId);
    return claimed.add(source) ? Optional.of(new Local(source)) : Optional.empty();
  }

  @Override
  public boolean shared() {
    return false;
  }

  private final class Local implements Claim {
    private final Source source;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Local(Source source) {
      this.source = source;
    }

    @Override
    public boolean isHeld() {
      return held.get();
    }

    @Override
    public void close() {
      if (held.getAndSet(false)) {
        claimed.remove(source);
      }
    }
  }
}
