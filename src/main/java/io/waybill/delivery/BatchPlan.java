package io.waybill.delivery;

import io.waybill.batch.Position;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;

/**
 * What is written down before a batch is sent, and the only truth for every later attempt.
 *
 * @param id batch id, also the query id of all attempts
 * @param flow route id
 * @param run run id
 * @param unit ledger's number of the source unit
 * @param sourceId what identifies the unit within its flow
 * @param sequence number within the run, from 1
 * @param position where it lies in the source
 * @param bytes payload size, header line included
 * @param digest hex SHA-256 of the payload
 * @param token value of insert_deduplication_token
 * @param shape all that shapes the block
 * @param plannedAt when
 * @param parent batch that this one replaces without its bad records; empty for one that was cut
 * @param without numbers in the source of the records that were left out of the range, ascending
 */
public record BatchPlan(
    String id,
    String flow,
    String run,
    long unit,
    String sourceId,
    long sequence,
    Position position,
    long bytes,
    String digest,
    String token,
    InsertShape shape,
    Instant plannedAt,
    String parent,
    List<Long> without) {
  public BatchPlan {
    without = List.copyOf(without);
  }

  /** How many records the payload has. */
  public long rows() {
    return position.records() - without.size();
  }

  /** The number in the source of the so-and-so-many-th record of the payload, from 0. */
  public long numberInSource(long record) {
    long number = position.firstRecord() + record;
    for (long left : without) {
      if (left > number) {
        break;
      }
      number++;
    }
    return number;
  }

  /** Which record of the payload, from 0, has this number in the source. */
  public int indexOf(long numberInSource) {
    long before = without.stream().filter(left -> left < numberInSource).count();
    return Math.toIntExact(numberInSource - position.firstRecord() - before);
  }

  /** Which records of the range, from 0, are left out of the payload. */
  public BitSet leftOut() {
    BitSet leftOut = new BitSet();
    without.forEach(number -> leftOut.set(Math.toIntExact(number - position.firstRecord())));
    return leftOut;
  }

  /** The same batch with another shape, planned anew. */
  BatchPlan withShape(InsertShape another, Instant at) {
    return new BatchPlan(
        id, flow, run, unit, sourceId, sequence, position, bytes, digest, token, another, at,
        parent, without);
  }

  /** The same batch under another token, for a new attempt. */
  public BatchPlan withToken(String another) {
    return new BatchPlan(
        id, flow, run, unit, sourceId, sequence, position, bytes, digest, another, shape, plannedAt,
        parent, without);
  }
}
