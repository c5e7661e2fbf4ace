package io.waybill.app;

import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.control.Answer;
import io.waybill.control.Caller;
import io.waybill.control.Order;
import io.waybill.ledger.RequestBook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gets orders carried out: by the process that serves the home, or by this one if none does. */
public final class OrderCounter {
  private static final long POLL_MILLIS = 100;

  private OrderCounter() {}

  /**
   * Returns when the order is done.
   *
   * @param note hears who carries it out, when that is another process
   * @throws ConfigurationException if nothing can run here
   */
  public static Answer place(
      Home home,
      WaybillConfig config,
      Order order,
      DownloadListener listener,
      Consumer<String> note)
      throws Exception {
    CliIdentity.Known by = new CliIdentity(config, System.getenv()).known();
    Optional<String> serving = HomeLock.holder(home);
    if (serving.isPresent()) {
      note.accept("process " + serving.get() + " serves " + home.folder() + " and does it");
      return by.token().isPresent()
          ? new ApiOrders(home, by.token().get()).place(order)
          : left(home, config, order, Caller.signature(by.who()));
    }
    Application.Options options = new Application.Options(true, true, List.of(), listener);
    try (Application application = Application.start(home, config, options)) {
      Answer answer = application.orders().carryOut(order, by.who());
      application.await();
      return answer;
    }
  }

  private static Answer left(Home home, WaybillConfig config, Order order, String by)
      throws InterruptedException {
    try (LedgerSite site = LedgerSite.of(home, config);
        RequestBook requests = site.requests()) {
      long number = requests.send(OrderMail.write(order), by, Instant.now());
      for (; ; ) {
        Optional<String> answer = requests.answer(number);
        if (answer.isPresent()) {
          return OrderMail.answer(answer.get());
        }
        if (HomeLock.holder(home).isEmpty() && requests.answer(number).isEmpty()) {
          return Answers.failed(
              "the process that served the home has ended",
              "the order is kept: it is carried out when Waybill runs again");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }
}
