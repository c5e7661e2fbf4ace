package io.waybill.batch;

/** STUB, helper A. Recycles the byte arrays that payloads are made of. Thread-safe. */
public final class SegmentPool {}
