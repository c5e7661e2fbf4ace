package io.waybill.app;

import com.sun.security.auth.module.UnixSystem;
import io.waybill.control.Caller;
import io.waybill.policy.Identity;

/** The user of this machine under whom this process runs. */
public final class LocalUser {
  private LocalUser() {}

  /**
   * His name, as the system knows it, whatever the environment and the options of Java say; his
   * number where he has no name.
   */
  public static String name() {
    try {
      UnixSystem system = new UnixSystem();
      String name = system.getUsername();
      return name == null || name.isBlank() ? "uid-" + system.getUid() : name;
    } catch (LinkageError e) {
      return System.getProperty("user.name"); // not a Unix
    }
  }

  /** As ledger and trail name him. */
  static String signature() {
    return Caller.signature(Identity.local(name()));
  }
}
