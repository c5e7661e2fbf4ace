package io.waybill.delivery;

import io.waybill.batch.BatchSource;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;

/**
 * A source that is offered for delivery.
 *
 * @param source the bytes
 * @param format what they are
 * @param stamp how it looks
 * @param sameContent what to do with content that was delivered under another name
 * @param demand why it is to be delivered
 * @param trigger id of the occasion that a new run belongs to; may be empty
 */
record Offer(
    BatchSource source,
    Format format,
    Stamp stamp,
    SameContent sameContent,
    Demand demand,
    String trigger) {}
