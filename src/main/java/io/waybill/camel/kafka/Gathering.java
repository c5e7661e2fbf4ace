package io.waybill.camel.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of a partition that were read and are not on their way yet. Used by the poll's thread.
 */
interface Gathering {

  /** Forgets all, and gathers from one offset on, up to another, exclusive. */
  void begin(long from, long upTo);

  /** Takes the next record, if it is one of those that are gathered. */
  void add(ConsumerRecord<Object, Object> record);

  boolean isEmpty();

  /** Whether there is as much as one range may have. */
  boolean isWhole();

  /** What all of it takes, and what is made of it, in bytes. */
  long memory();

  /** As much as one range may have. */
  Part next();

  /** All of it, whatever a range may have. */
  Part all();

  /** What makes one range. */
  interface Part {
    /** What it takes, and what is made of it, in bytes. */
    long memory();

    /** Behind its last record; where the range began, if there is none. */
    long to();

    /** The range of it. */
    KafkaRange range(KafkaRange.Place place);
  }
}
