package io.waybill.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Events as CSV (RFC 4180), a column for each field; what an event does not have is empty. */
final class AuditCsv {
  private AuditCsv() {}

  static String header() {
    return Arrays.stream(AuditField.values())
            .map(AuditField::column)
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  static String line(ChainEntry entry) {
    return Arrays.stream(AuditField.values())
            .map(field -> cell(entry.json().path(field.column())))
            .collect(Collectors.joining(","))
        + "\r\n";
  }

  private static String cell(JsonNode value) {
    String text = value.isMissingNode() ? "" : value.isArray() ? value.toString() : value.asText();
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
