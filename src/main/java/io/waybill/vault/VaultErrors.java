package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.ResourceAccessException;

/** What Vault's refusals mean to a person. Vault's own text names paths and no values. */
final class VaultErrors {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final int MOST_WORDS = 300;

  private VaultErrors() {}

  /** The HTTP status that is behind an exception of Spring Vault, or 0 if nobody answered. */
  static int status(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof HttpStatusCodeException status) {
        return status.getStatusCode().value();
      }
    }
    return 0;
  }

  /** Whether it may go away by itself: nobody answers, or Vault is sealed, starting or too busy. */
  static boolean isPassing(RuntimeException thrown) {
    int status = status(thrown);
    boolean nobody = status == 0 && !(thrown instanceof CredentialsException);
    return nobody || status == 429 || status >= 500;
  }

  static CredentialsException of(String what, RuntimeException thrown) {
    if (thrown instanceof CredentialsException own) {
      return own;
    }
    return switch (status(thrown)) {
      case FORBIDDEN ->
          new CredentialsException(
              "Vault does not permit: " + what,
              "give the login's policy the capability read there");
      case NOT_FOUND ->
          new CredentialsException("Vault has nothing for: " + what, "correct the path");
      case UNAVAILABLE ->
          new CredentialsException("Vault is sealed or not ready: " + what, "unseal Vault");
      case 0 ->
          new CredentialsException(
              "Vault does not answer: %s: %s".formatted(what, rootOf(thrown)),
              "start Vault, or set the right waybill.vault.address");
      default ->
          new CredentialsException(
              "Vault refuses: %s: HTTP %d%s".formatted(what, status(thrown), words(thrown)),
              "see Vault's log");
    };
  }

  /** What Vault says itself, shortened; it names settings, and no secrets of its own. */
  private static String words(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof HttpStatusCodeException status) {
        String body = Redaction.mask(status.getResponseBodyAsString()).replaceAll("\\s+", " ");
        return ", " + body.substring(0, Math.min(MOST_WORDS, body.length()));
      }
    }
    return "";
  }

  private static String rootOf(Throwable thrown) {
    Throwable each = thrown;
    while (each.getCause() != null && !(each instanceof ResourceAccessException)) {
      each = each.getCause();
    }
    Throwable cause = each.getCause() == null ? each : each.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
