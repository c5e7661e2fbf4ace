package io.waybill.policy;

import io.waybill.batch.DataSize;
import java.util.Optional;

/**
 * How far a right goes; both environments and roles have them, and each must hold.
 *
 * @param hours when it may be written
 * @param rows how many rows a run may bring
 * @param bytes how many bytes a run may bring
 */
public record Bounds(
    Optional<Lined<Hours>> hours, Optional<Lined<Long>> rows, Optional<Lined<DataSize>> bytes) {}
