package io.waybill.delivery;

import java.time.Instant;

/**
 * A record that ClickHouse refused because of its content, as it is kept.
 *
 * @param id dead-letter id
 * @param batch batch that it was in
 * @param file where the raw bytes are, relative to the folder of dead letters
 * @param fileOffset where they begin in it
 * @param record which record it is
 * @param firstSeen when it was refused first, perhaps in another run
 * @param storedAt when it was refused in this batch
 */
public record DeadLetter(
    String id,
    String batch,
    String file,
    long fileOffset,
    BadRecord record,
    Instant firstSeen,
    Instant storedAt) {}
