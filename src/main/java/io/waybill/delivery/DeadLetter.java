package io.waybill.delivery;

import java.time.Instant;

/**
 * Records that ClickHouse refused because of their content.
 *
 * @param id dead-letter id
 * @param batch batch that they were in
 * @param file where the raw bytes are, relative to the folder of dead letters
 * @param records how many
 * @param bytes raw bytes
 * @param failure why
 * @param storedAt when
 */
public record DeadLetter(
    String id,
    String batch,
    String file,
    long records,
    long bytes,
    Failure failure,
    Instant storedAt) {}
