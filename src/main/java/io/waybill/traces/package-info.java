/** Spans of runs, batches and inserts, sent by OTLP. */
package io.waybill.traces;
