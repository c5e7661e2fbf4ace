package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.delivery.TableName;

/**
 * Dead letters that are sent again together: a source of its own, delivered as any other.
 *
 * @param number number in the ledger
 * @param flow route id
 * @param target table that they go to
 * @param format format of the file
 * @param sourceId what identifies the source within the flow
 * @param file where the records are, relative to the folder of dead letters
 * @param mended whether a person changed them
 * @param letters how many dead letters it settles
 * @param run run that delivers it; empty before there is one
 * @param orderedBy who wanted it
 */
public record Replay(
    long number,
    String flow,
    TableName target,
    Format format,
    String sourceId,
    String file,
    boolean mended,
    long letters,
    String run,
    String orderedBy) {}
