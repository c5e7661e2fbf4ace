package io.waybill.secret;

import java.time.Instant;
import java.util.Optional;

/**
 * A credential that may be replaced while it is used. Who opens connections takes a {@link Use},
 * holds it for as long as they live, and looks from time to time whether {@link #current} is
 * another. Thread-safe.
 */
public interface Credentials {

  /** A credential that is in use; it is kept valid, where that can be, until this is closed. */
  interface Use extends AutoCloseable {

    /** Who asks. */
    Credential credential();

    @Override
    void close();
  }

  /**
   * The one for new connections.
   *
   * @throws CredentialsException if there is none
   */
  Credential current();

  /**
   * Takes the current one into use.
   *
   * @throws CredentialsException if there is none
   */
  Use use();

  /**
   * Tells that the server refused this one. Asks its source at once, where there is one.
   *
   * @return whether {@link #current} is another now
   */
  boolean refused(Credential credential);

  /**
   * Who asks, as people may see it.
   *
   * @param user name
   * @param expires until when it is good, if there is an end
   */
  record Known(String user, Optional<Instant> expires) {}

  /** The current one as far as it is known; never asks anybody for it. */
  Optional<Known> known();

  /** One that never changes. */
  static Credentials fixed(String user, Secret password) {
    return new FixedCredentials(new Credential(user, password));
  }
}
