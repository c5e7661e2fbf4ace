package io.waybill.web;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the dashboard, from the jar. They say nothing of this home, so anybody has them. */
final class Assets implements Handler<RoutingContext> {
  private static final Pattern NAME = Pattern.compile("/(?:([a-z][a-z-]*)\\.(html|js|css|svg))?");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");
  private final Map<String, Optional<byte[]>> files = new ConcurrentHashMap<>();

  @Override
  public void handle(RoutingContext context) {
    Matcher name = NAME.matcher(context.request().path());
    if (!name.matches()) {
      context.next();
      return;
    }
    boolean start = name.group(1) == null;
    String file = start ? "index.html" : name.group(1) + "." + name.group(2);
    Optional<byte[]> content = files.computeIfAbsent(file, Assets::read);
    if (content.isEmpty()) {
      context.next();
    } else {
      Answering.tagged(context, TYPES.get(start ? "html" : name.group(2)), content.get());
    }
  }

  private static Optional<byte[]> read(String file) {
    try (InputStream in = Assets.class.getResourceAsStream(file)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
