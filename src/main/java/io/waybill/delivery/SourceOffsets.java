package io.waybill.delivery;

import java.util.Map;

/**
 * How far flows have read from sources that cannot be asked for it: what the source's own client
 * calls a position, kept with everything else that is known of the flow. Thread-safe. Methods throw
 * {@link LedgerException}.
 */
public interface SourceOffsets {

  /** What was kept for a flow, by key; empty if nothing was. */
  Map<String, String> of(String flow);

  /** Keeps these for a flow, beside or instead of those that are there; durable on return. */
  void keep(String flow, Map<String, String> offsets);
}
