package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.testing.Chromium;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestKeycloak;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The dashboard in a browser whose person has to log in, and may not do everything. */
final class LoginBrowserIT {
  private static final String STAGING = "s_orders";
  private static final String PRODUCTION = "p_orders";
  private static final String PASSWORD = "a-password-of-a-person";
  @TempDir static Path folder;
  private static TestKeycloak keycloak;
  private static ChromeDriver browser;
  private static RoadHome home;

  @BeforeAll
  static void open() throws IOException {
    Assumptions.assumeTrue(Chromium.isThere(), Chromium.HOW_TO);
    keycloak = TestKeycloak.start(folder.resolve("keycloak"));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Recipe recipe =
        Recipe.of("Keycloak")
            .with("https://waybill.example", "http://127.0.0.1:" + port)
            .with("https://keycloak/realms/enterprise", keycloak.issuer());
    recipe.run(keycloak);
    keycloak.person("anna", PASSWORD, "developers");
    home = RoadHome.in(folder.resolve("home")).set("waybill.management.port", "" + port);
    recipe.settings("waybill.").forEach((key, value) -> home.set("waybill." + key, value));
    for (String flow : List.of(STAGING, PRODUCTION)) {
      home.table(flow, "id UInt64, text String").movingFlow(flow, "");
      home.drop(flow, "a.csv", "id,text\n1,a\nx2,b\n");
    }
    home.once();
    home.write(
        "policy.yaml",
        """
        version: 1
        environments:
          staging:
            tables: ["%1$s.s_*"]
          production:
            tables: ["%1$s.p_*"]
        roles:
          loader:
            write: [staging, production]
          developer:
            read: [staging, production]
            operate: [staging]
            members:
              - claim: { groups: developers }
        flows:
          default-role: loader
        """
            .formatted(home.database()));
    browser = Chromium.open(folder.resolve("profile"));
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.quit();
    }
    if (keycloak != null) {
      keycloak.close();
    }
  }

  private static ConditionFactory eventually() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(WebDriverException.class); // the page is being made anew
  }

  private static WebElement seen(String css) {
    eventually().until(() -> browser.findElement(By.cssSelector(css)).isDisplayed());
    return browser.findElement(By.cssSelector(css));
  }

  private static void show(String url, String place) {
    browser.get(url + "#/" + place);
    eventually()
        .untilAsserted(
            () -> assertThat(browser.findElement(By.id("live-text")).getText()).isEqualTo("live"));
  }

  @Test
  void aPersonLogsInSeesWhatHeMayAndLogsOut() {
    try (Application application = home.start(false)) {
      String url = application.managementUrl().orElseThrow();
      browser.get(url + "#/flows/" + STAGING);
      seen("#login").click();
      seen("input[name=username]").sendKeys("anna");
      seen("input[name=password]").sendKeys(PASSWORD);
      seen("[type=submit]").click();

      eventually().until(() -> browser.findElement(By.id("who")).getText().equals("anna"));
      assertThat(browser.getCurrentUrl()).as("where it was before").endsWith("#/flows/" + STAGING);
      assertThat(browser.executeScript("return document.cookie")).isEqualTo("");
      eventually().until(() -> browser.findElement(By.id("pause")).isEnabled());
      seen("#pause").click();
      eventually().until(() -> browser.findElement(By.id("pause")).getText().equals("Resume"));
      assertThat(home.flow(STAGING).pause().orElseThrow().by()).isEqualTo("anna@oidc");
      seen("#pause").click();

      show(url, "flows/" + PRODUCTION);
      for (String button : List.of("start", "backfill", "pause")) {
        eventually().until(() -> !browser.findElement(By.id(button)).isEnabled());
      }
      assertThat(browser.findElement(By.id("pause")).getDomAttribute("title"))
          .contains("may not operate");
      // a button that is enabled all the same orders nothing
      Object answered =
          browser.executeAsyncScript(
              "const done = arguments[arguments.length - 1];"
                  + "fetch('api/v1/me').then((me) => me.json()).then((me) => fetch('api/v1/flows/"
                  + PRODUCTION
                  + "/pause', {method: 'POST', body: '{}', headers:"
                  + " {'Content-Type': 'application/json', 'X-Waybill-Csrf': me.csrf}}))"
                  + ".then((answer) => done(answer.status))");
      assertThat(((Number) answered).intValue()).isEqualTo(403);
      assertThat(home.flow(PRODUCTION).pause()).isEmpty();
      assertThat(
              browser
                  .findElement(By.cssSelector("#nav a[data-section=configuration]"))
                  .isDisplayed())
          .isFalse();

      seen("#who").click();
      seen("dialog button[type=submit]").click();
      eventually().until(() -> !browser.getCurrentUrl().startsWith(url + "#/flows"));
      browser.get(url);
      assertThat(seen("#login").isDisplayed()).isTrue();
      assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
          .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
          .filteredOn(entry -> entry.getMessage().contains("Content Security Policy"))
          .isEmpty();
    }
  }
}
