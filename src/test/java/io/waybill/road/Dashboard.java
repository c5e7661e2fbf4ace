package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.Chromium;
import io.waybill.testing.StandInProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The dashboard in a browser, as whom a provider logs in; what it offers and what comes of it. */
final class Dashboard implements AutoCloseable {
  private static final By ANSWER =
      By.xpath("//*[@class='toast ok' or @class='toast warn' or @class='toast bad']");
  private final ChromeDriver browser;
  private final StandInProvider provider;
  private String url = "";

  private Dashboard(ChromeDriver browser, StandInProvider provider) {
    this.browser = browser;
    this.provider = provider;
  }

  static Dashboard open(Path profile, StandInProvider provider) {
    return new Dashboard(Chromium.open(profile), provider);
  }

  /** That of the Waybill which serves there. */
  Dashboard at(String managementUrl) {
    url = managementUrl;
    return this;
  }

  static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(WebDriverException.class); // the page is being made anew
  }

  /** Logs in as somebody else. */
  Dashboard as(String name, String... groups) {
    provider.logsIn(name, groups);
    browser.get("about:blank");
    browser.get(url + "login");
    eventually()
        .untilAsserted(
            () -> {
              assertThat(browser.findElement(By.id("who")).getText()).isEqualTo(name);
              assertThat(browser.findElement(By.id("live-text")).getText()).isEqualTo("live");
            });
    return this;
  }

  /** Goes to a page, which is made anew if it is the one that is shown. */
  Dashboard show(String page) {
    var unused =
        browser.executeScript(
            "history.replaceState(null, '', arguments[0]);"
                + "window.dispatchEvent(new HashChangeEvent('hashchange'));",
            "#/" + page);
    return this;
  }

  String text() {
    return browser.findElement(By.tagName("main")).getText();
  }

  Dashboard see(String... parts) {
    eventually().untilAsserted(() -> assertThat(text()).contains(parts));
    return this;
  }

  boolean has(String css) {
    return !browser.findElements(By.cssSelector(css)).isEmpty();
  }

  boolean isShown(String css) {
    return browser.findElement(By.cssSelector(css)).isDisplayed();
  }

  void click(String css) {
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

  /** Presses a button, and agrees to what it asks; what the page tells of it. */
  String press(String css) {
    return press(css, Dashboard::fill);
  }

  /**
   * Presses a button, and agrees to what it asks; what the page tells of it.
   *
   * @param filling fills the fields of the dialog, if one opens
   */
  String press(String css, Consumer<WebElement> filling) {
    var unused = browser.executeScript("document.getElementById('toasts').replaceChildren()");
    click(css);
    eventually().until(() -> has("dialog[open]") || isAnswered());
    if (has("dialog[open]")) {
      filling.accept(browser.findElement(By.tagName("dialog")));
      click("dialog button[type=submit]");
    }
    eventually().until(this::isAnswered);
    return browser.findElement(ANSWER).getText();
  }

  private boolean isAnswered() {
    return !browser.findElements(ANSWER).isEmpty();
  }

  /** Writes something into each field that has to have something. */
  private static void fill(WebElement dialog) {
    for (WebElement input : dialog.findElements(By.cssSelector("input:invalid"))) {
      String example = input.getDomAttribute("placeholder");
      input.sendKeys(example.startsWith("2") ? example : "a test");
    }
  }

  /** Orders something of the API as the page would, though it does not offer it; the status. */
  int order(String path, String body) {
    return status(path, Map.of("method", "POST", "body", body));
  }

  /** Reads something of the API as the page would; the status. */
  int read(String path) {
    return status(path, Map.of());
  }

  private int status(String path, Map<String, String> request) {
    Object answered =
        browser.executeAsyncScript(
            """
            const [path, request, done] = arguments;
            fetch('api/v1/me').then((me) => me.json())
              .then((me) => fetch('api/v1' + path, {...request,
                headers: {'Content-Type': 'application/json', 'X-Waybill-Csrf': me.csrf}}))
              .then((answer) => answer.text().then(() => done(answer.status)));
            """,
            path,
            request);
    return ((Number) answered).intValue();
  }

  /** Nothing of the pages was refused by the Content-Security-Policy, and nothing failed. */
  void leave() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        // what somebody may not is an answer with that status
        .filteredOn(entry -> !entry.getMessage().contains("the server responded with a status"))
        .isEmpty();
    browser.get("about:blank");
  }

  @Override
  public void close() {
    browser.quit();
  }
}
