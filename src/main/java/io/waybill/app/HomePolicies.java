package io.waybill.app;

import io.waybill.policy.Policies;
import io.waybill.policy.Policy;
import io.waybill.policy.PolicyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in {@code policy.yaml} of a home, looked at again when somebody asks and a second has
 * gone by. A file that cannot be read leaves the policy as it was. Thread-safe.
 */
final class HomePolicies implements Policies {
  private static final Logger LOG = LoggerFactory.getLogger(HomePolicies.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final byte[] NONE = {};
  private final Path file;
  private byte[] seen = NONE;
  private Policy current = Policy.none();
  private long looked = System.nanoTime();

  /**
   * Of this home.
   *
   * @throws ConfigurationException if there is a file that is no policy
   */
  HomePolicies(Home home) {
    this.file = home.folder().resolve("policy.yaml");
    try {
      take(bytes());
    } catch (IOException | PolicyException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  private byte[] bytes() throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return NONE;
    }
  }

  private void take(byte[] bytes) {
    seen = bytes;
    current = bytes.length == 0 ? Policy.none() : Policy.parse(bytes);
  }

  @Override
  public synchronized Policy current() {
    long now = System.nanoTime();
    if (now - looked > LOOK_NANOS) {
      looked = now;
      look();
    }
    return current;
  }

  private void look() {
    try {
      byte[] bytes = bytes();
      boolean gone = bytes.length == 0 && current.isPresent();
      if (gone && Arrays.equals(seen, bytes)) {
        return;
      }
      if (gone) {
        seen = bytes;
        LOG.warn("policy.yaml is gone; the policy that was read last holds until the next start");
      } else if (!Arrays.equals(seen, bytes)) {
        take(bytes);
        LOG.info("policy.yaml was read anew");
      }
    } catch (IOException | PolicyException e) {
      LOG.error("policy.yaml is not taken, what was read last holds: {}", e.getMessage());
    }
  }
}
