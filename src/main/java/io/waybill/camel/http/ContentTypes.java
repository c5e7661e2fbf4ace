package io.waybill.camel.http;

import io.waybill.batch.Format;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which content types a flow takes; a request without one is taken for what the flow wants. */
final class ContentTypes {
  private static final List<String> ANY = List.of("text/plain", "application/octet-stream");
  private static final List<String> JSON =
      List.of(
          "application/json",
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines",
          "application/jsonlines");
  private final List<String> taken;

  /**
   * For a flow.
   *
   * @param consumes types that the route names, with commas; may be null
   * @param format that the flow names
   */
  ContentTypes(String consumes, Optional<Format> format) {
    if (consumes != null && !consumes.isBlank()) {
      taken = Arrays.stream(consumes.split(",", -1)).map(ContentTypes::plain).toList();
    } else {
      taken = new ArrayList<>(ANY);
      taken.addAll(format.map(ContentTypes::of).orElse(JSON));
    }
  }

  private static List<String> of(Format format) {
    return switch (format) {
      case CSV, CSV_WITH_NAMES -> List.of("text/csv");
      case TSV, TSV_WITH_NAMES -> List.of("text/tab-separated-values");
      case JSON_EACH_ROW -> JSON;
    };
  }

  boolean take(String contentType) {
    return contentType == null
        || contentType.isBlank()
        || taken.contains("*/*")
        || taken.contains(plain(contentType));
  }

  private static String plain(String contentType) {
    return contentType.replaceFirst(";(?s).*", "").strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return String.join(", ", taken);
  }
}
