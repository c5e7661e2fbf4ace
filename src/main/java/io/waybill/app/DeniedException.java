package io.waybill.app;

import java.util.List;

/** Somebody may not do what he wants. The message names the line of the policy, and what to do. */
public final class DeniedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DeniedException(List<String> lines) {
    super(String.join("\n", lines));
  }
}
