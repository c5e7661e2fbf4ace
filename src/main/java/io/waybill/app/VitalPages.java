package io.waybill.app;

import io.waybill.web.Page.Reply;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Metrics and health on the management port. */
final class VitalPages {
  private VitalPages() {}

  /**
   * Hangs them on. Liveness answers from now on, everything else 503 until there is something to
   * tell.
   *
   * @param vitals what there is to tell; empty while it starts
   */
  static void hang(Management management, Supplier<Optional<Vitals>> vitals) {
    management.page("/health/live", Vitals::live);
    management.page("/health/ready", () -> told(vitals, Vitals::ready));
    management.page("/health", () -> told(vitals, Vitals::healthPage));
    management.page("/metrics", () -> told(vitals, Vitals::metrics));
  }

  private static Reply told(Supplier<Optional<Vitals>> vitals, Function<Vitals, Reply> page) {
    return vitals.get().map(page).orElseGet(Vitals::starting);
  }
}
