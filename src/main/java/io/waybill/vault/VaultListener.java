package io.waybill.vault;

import java.time.Instant;
import java.util.Optional;

/**
 * Port: hears of logins and leases. Never gets a token or a password. Called by several threads,
 * also under locks: must neither block nor throw.
 */
public interface VaultListener {

  /** Nobody listens. */
  VaultListener NONE =
      new VaultListener() {
        @Override
        public void login(String auth, String accessor, Optional<Instant> until, String trouble) {
          // nobody wants to know
        }

        @Override
        public void lease(Change change, String path, String user, String lease, Instant until) {
          // nobody wants to know
        }
      };

  /** What happens to leases. */
  enum Change {
    ISSUED,
    RENEWED,
    REVOKED,
    ABANDONED
  }

  /**
   * A login, or one that failed.
   *
   * @param auth the way to log in
   * @param accessor what the token is called by those who may not use it; may be empty
   * @param until until when it is good, if it ends
   * @param trouble why it failed; empty if it did not
   */
  void login(String auth, String accessor, Optional<Instant> until, String trouble);

  /**
   * A lease was given, renewed, given back, or left to end by itself.
   *
   * @param path path that makes such credentials
   * @param user the user that was made; may be empty
   * @param lease id of the lease
   * @param until until when it is good
   */
  void lease(Change change, String path, String user, String lease, Instant until);
}
