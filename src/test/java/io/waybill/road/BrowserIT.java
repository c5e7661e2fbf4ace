package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.testing.Chromium;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The dashboard in a browser, against a Waybill that serves. */
final class BrowserIT {
  private static final String FLOW = "watched";
  @TempDir static Path profile;
  private static ChromeDriver browser;
  @TempDir Path folder;
  private RoadHome home;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(Chromium.isThere(), Chromium.HOW_TO);
    browser = Chromium.open(profile);
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void serve() {
    home = RoadHome.in(folder).set("waybill.management.port", "0");
    home.table(FLOW, "id UInt64, text String");
  }

  /** A time with the dashboard, at whose end nothing stands on its console. */
  private record Visit(Application application) implements AutoCloseable {

    void show(String page) {
      browser.get(application.managementUrl().orElseThrow() + "#/" + page);
      eventually()
          .untilAsserted(
              () ->
                  assertThat(browser.findElement(By.id("live-text")).getText()).isEqualTo("live"));
    }

    /** A refused style, script or connection is an error on the console too. */
    @Override
    public void close() {
      assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
          .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
          .isEmpty();
      browser.get("about:blank");
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(WebDriverException.class); // the page is being made anew
  }

  private static void see(String text) {
    eventually().untilAsserted(() -> assertThat(text()).contains(text));
  }

  private static String text() {
    return browser.findElement(By.tagName("main")).getText();
  }

  private static void click(String css) {
    eventually()
        .until(
            () -> {
              WebElement element = browser.findElement(By.cssSelector(css));
              boolean ready = element.isEnabled();
              if (ready) {
                element.click();
              }
              return ready;
            });
  }

  private static String rows(int count) {
    StringBuilder csv = new StringBuilder("id,text\n");
    for (int i = 0; i < count; i++) {
      csv.append(i).append(",<img src=x onerror=alert(1)> ").append(i).append('\n');
    }
    return csv.toString();
  }

  @Test
  void aRunIsSeenWhileItGoesOnAndWhenItEnded() {
    home.movingFlow(FLOW, "batchRows=50&inFlight=1");
    try (Application application = home.start(false);
        Visit visit = new Visit(application)) {
      visit.show("");
      see("No run is going on.");
      home.drop(FLOW, "big.csv", rows(15_000));

      eventually()
          .until(
              () -> {
                WebElement bar =
                    browser.findElement(By.cssSelector(".live-row [role=progressbar]"));
                int percent = Integer.parseInt(bar.getDomAttribute("aria-valuenow"));
                return percent > 0 && percent < 100;
              });
      click(".live-row a.mono");
      see("Timeline");
      assertThat(text()).contains("running");
      eventually().untilAsserted(() -> assertThat(text()).contains("completed").contains("15,000"));
    }
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("15000\t15000");
  }

  @Test
  void aDeadLetterIsMendedAndDelivered() {
    home.movingFlow(FLOW, "");
    home.drop(FLOW, "a.csv", "id,text\n1,a\nx2,<script>alert(1)</script>\n3,c\n");
    try (Application application = home.start(false);
        Visit visit = new Visit(application)) {
      Awaitility.await().until(() -> home.letters().size() == 1);
      visit.show("dead-letters");
      click("main td button[data-key^='open ']");
      see("x2,<script>alert(1)</script>");

      click("main td input[type=checkbox]");
      click("#mend");
      eventually().until(() -> browser.findElement(By.id("mended")).isDisplayed());
      WebElement records = browser.findElement(By.id("mended"));
      assertThat(records.getDomProperty("value"))
          .isEqualTo("id,text\nx2,<script>alert(1)</script>\n");
      records.clear();
      records.sendKeys("id,text\n2,b\n");
      click("dialog button[type=submit]");

      see("No dead letter waits.");
    }
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
  }

  @Test
  void aFailedRunIsRerun() {
    home.movingFlow(FLOW, "maxBadRows=0");
    home.drop(FLOW, "a.csv", "id,text\n1,a\nx2,b\n");
    try (Application application = home.start(false);
        Visit visit = new Visit(application)) {
      Awaitility.await().until(() -> home.states(FLOW).equals(List.of("failed")));
      visit.show("");
      see("Failed: " + FLOW);
      click(".notice a.mono");
      see("It failed");
      TestClickHouse.execute(
          "ALTER TABLE %s.%s MODIFY COLUMN id String".formatted(home.database(), FLOW));

      click("#rerun");

      eventually().untilAsserted(() -> assertThat(text()).contains("completed"));
    }
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "x2\tb");
  }

  @Test
  void everyPageIsThereAtAnyWidthAndByKeys() {
    home.movingFlow(FLOW, "");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n");
    try (Application application = home.start(false);
        Visit visit = new Visit(application)) {
      Awaitility.await().until(() -> home.states(FLOW).equals(List.of("completed")));
      String batch = home.batches().get(0).token();
      for (int width : List.of(360, 1280)) {
        Chromium.width(browser, width);
        for (String page :
            List.of(
                "",
                "flows",
                "flows/" + FLOW,
                "runs",
                "runs/" + home.runs(FLOW).get(0).id(),
                "dead-letters",
                "lineage?batch=" + batch,
                "audit",
                "approvals",
                "kill-switches",
                "connections",
                "configuration")) {
          visit.show(page);
          see(page.startsWith("lineage") ? "a.csv" : "");
          eventually()
              .untilAsserted(
                  () ->
                      assertThat(browser.findElements(By.cssSelector("main .card"))).isNotEmpty());
          assertThat(
                  browser.executeScript("return document.documentElement.scrollWidth - innerWidth"))
              .as("nothing of %s at %d px lies beyond the right edge", page, width)
              .satisfies(over -> assertThat(((Number) over).intValue()).isLessThanOrEqualTo(0));
        }
      }
      browser.findElement(By.tagName("body")).sendKeys("gr");
      eventually().until(() -> browser.getCurrentUrl().endsWith("#/runs"));
      browser.findElement(By.tagName("body")).sendKeys("j");
      browser.switchTo().activeElement().sendKeys(Keys.ENTER);
      eventually().until(() -> browser.getCurrentUrl().contains("#/runs/"));
    }
  }
}
