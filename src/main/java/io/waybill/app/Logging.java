package io.waybill.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: always to {@code data/log/waybill.log}, and to the console as warnings, or in
 * full where nobody watches a live view. Levels are those of {@code logback.xml}.
 */
public final class Logging {
  private static final String FILE_PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{24} [%mdc]: %msg%n";
  private static final String CONSOLE_PATTERN = "%d{HH:mm:ss} %-5level %msg%n%nopex";
  private static final String MOST = "20MB";
  private static final int FILES = 5;

  private Logging() {}

  /**
   * Sends log lines to the home's log file; the program goes on without one if it cannot be
   * written.
   *
   * @param console whether the console gets all lines, else only warnings
   */
  public static void toFile(Home home, boolean console) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(file(context, home));
    root.addAppender(console(context, console ? Level.INFO : Level.WARN));
  }

  /**
   * Logs more. Loggers that are known to print headers, bodies or resolved placeholders stay as
   * they are, whatever is asked for.
   *
   * @param level info, debug or trace
   */
  public static void level(String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (level.equals("info")) {
      return;
    }
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level));
    for (String name : List.of("org.apache.camel", "com.zaxxer.hikari")) {
      context.getLogger(name).setLevel(Level.toLevel(level));
    }
  }

  /** From now on each line is a JSON object, in the file and on the console. */
  public static void asJson() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context
        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
        .iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof OutputStreamAppender<ILoggingEvent> lines) {
                JsonLayout layout = new JsonLayout();
                layout.setContext(context);
                layout.start();
                // without a stop, which a rolling appender does not come back from
                lines.setEncoder(encoder(context, layout));
              }
            });
  }

  private static Appender<ILoggingEvent> file(LoggerContext context, Home home) {
    String path = home.data().resolve("log").resolve("waybill.log").toString();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(path);
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(path + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(FileSize.valueOf(MOST));
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    return started(context, appender, FILE_PATTERN);
  }

  private static Appender<ILoggingEvent> console(LoggerContext context, Level level) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("console");
    appender.setTarget("System.err");
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(level.toString());
    filter.start();
    appender.addFilter(filter);
    appender.addFilter(new ConsoleFilter(level == Level.WARN));
    return started(context, appender, CONSOLE_PATTERN);
  }

  private static Appender<ILoggingEvent> started(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, String pattern) {
    MaskingLayout layout = new MaskingLayout();
    layout.setContext(context);
    layout.setPattern(pattern);
    layout.start();
    appender.setEncoder(encoder(context, layout));
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> encoder(
      LoggerContext context, Layout<ILoggingEvent> layout) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }
}
