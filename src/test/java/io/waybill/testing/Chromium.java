package io.waybill.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, and its driver, as they are installed. */
public final class Chromium {
  /** What to do where there is none. */
  public static final String HOW_TO =
      "no Chromium: install chromium and chromedriver, or name the browser in WAYBILL_TEST_CHROMIUM";

  private static final int HEIGHT = 900;

  private Chromium() {}

  /** Whether browser and driver are there. */
  public static boolean isThere() {
    return browser().isPresent() && driver().isPresent();
  }

  private static Optional<Path> browser() {
    String named = System.getenv("WAYBILL_TEST_CHROMIUM");
    return named == null
        ? onPath("chromium", "chromium-browser", "google-chrome")
        : Optional.of(Path.of(named));
  }

  private static Optional<Path> driver() {
    return onPath("chromedriver");
  }

  private static Optional<Path> onPath(String... names) {
    List<Path> folders =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).toList();
    return Stream.of(names)
        .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens one with an empty profile; what its console says is kept. */
  public static ChromeDriver open(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser().orElseThrow().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // a page that was left would keep its stream of events, and a host gets six connections
        "--disable-back-forward-cache",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driver().orElseThrow().toFile())
                .usingAnyFreePort()
                .build(),
            options);
    width(driver, 1280);
    return driver;
  }

  /** Gives the page this width, which a window could not have. */
  public static void width(ChromeDriver driver, int width) {
    var unused =
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
  }
}
