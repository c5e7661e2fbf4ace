package io.waybill.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A route file as the process that serves, or served last, has it.
 *
 * @param name relative to home
 * @param digest hex SHA-256 of the version that is loaded; empty if none is
 * @param flows flows of that version
 * @param loaded when it was loaded
 * @param refusal why a later version was not taken, if one was not
 * @param content text of the version that is loaded, without secrets
 */
public record RouteFileRow(
    String name,
    String digest,
    List<String> flows,
    Optional<Instant> loaded,
    Optional<Refusal> refusal,
    String content) {

  public RouteFileRow {
    flows = List.copyOf(flows);
  }

  /** Whether a version of it is loaded. */
  public boolean isLoaded() {
    return !digest.isEmpty();
  }

  /**
   * A version that was not taken.
   *
   * @param digest hex SHA-256 of that version
   * @param reason what is wrong with it
   * @param since when it was refused
   */
  public record Refusal(String digest, String reason, Instant since) {}
}
