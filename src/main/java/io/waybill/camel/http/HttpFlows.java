package io.waybill.camel.http;

import io.waybill.batch.Format;
import io.waybill.camel.FlowHold;
import java.util.Optional;

/** What the HTTP side asks of flows. Thread-safe. */
public interface HttpFlows {
  /** Knows none, for routes that are looked at and never started. */
  HttpFlows NONE =
      new HttpFlows() {
        @Override
        public boolean isFlow(String route) {
          return false;
        }

        @Override
        public Optional<FlowHold> hold(String flow) {
          return Optional.empty();
        }

        @Override
        public Optional<Format> format(String flow) {
          return Optional.empty();
        }
      };

  /** Whether a route is a flow; others are Camel's alone. */
  boolean isFlow(String route);

  /** Why a flow waits, if it does. */
  Optional<FlowHold> hold(String flow);

  /** The format that a flow names, if it does. */
  Optional<Format> format(String flow);
}
