package io.waybill.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * The policy as the process that serves, or served last, has it.
 *
 * @param digest hex SHA-256 of the version that holds; empty if there is none
 * @param text that version
 * @param loaded when it was loaded
 * @param refusal why a later version was not taken, if one was not
 */
public record PolicyFileRow(
    String digest, String text, Optional<Instant> loaded, Optional<RouteFileRow.Refusal> refusal) {}
