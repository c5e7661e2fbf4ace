package io.waybill.delivery;

import io.waybill.batch.CutLimits;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What delivery has to know of a flow.
 *
 * @param name route id
 * @param table target
 * @param limits how large a batch may grow
 * @param inFlight how many batches may be on their way at once; one more may be cut meanwhile
 * @param badRows how many records of a run may become dead letters before it fails
 * @param quiet how long a source must have been left alone before a last record without line end
 *     counts as whole
 * @param auditBacklog how many audit events may wait before the flow is held
 * @param bounds how much a run may bring, as things stand
 * @param exists whether there is a flow of this name; one that vanished may have been renamed
 */
public record FlowSpec(
    String name,
    TableName table,
    CutLimits limits,
    int inFlight,
    BadRowLimit badRows,
    Duration quiet,
    long auditBacklog,
    Supplier<RunBounds> bounds,
    Predicate<String> exists) {}
