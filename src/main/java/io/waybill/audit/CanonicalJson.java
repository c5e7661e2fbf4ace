package io.waybill.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one text of an object that is hashed and signed: keys in the order of their UTF-16 code
 * units, no white space, texts escaped as RFC 8785 says, integers in decimal. Empty texts, empty
 * lists, 0, null and times of 1970 are left out, so that an event is the same with and without the
 * columns that it does not use.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  /** The text of these fields but for some. */
  static String of(JsonNode object, Set<String> without) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!without.contains(field.getKey()) && !isEmpty(field.getKey(), field.getValue())) {
        sorted.put(field.getKey(), field.getValue());
      }
    }
    StringBuilder text = new StringBuilder("{");
    for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
      separate(text, '{');
      quote(text, field.getKey());
      text.append(':');
      value(text, field.getValue());
    }
    return text.append('}').toString();
  }

  /** Hex SHA-256 of the UTF-8 of a text. */
  static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isEmpty(String name, JsonNode value) {
    if (value.isNull() || (value.isContainerNode() && value.isEmpty())) {
      return true;
    }
    if (value.isTextual()) {
      return value.textValue().isEmpty()
          || (isTime(name) && value.textValue().equals(AuditTime.NONE));
    }
    return value.isIntegralNumber() && value.bigIntegerValue().signum() == 0;
  }

  private static boolean isTime(String name) {
    return AuditField.of(name).filter(field -> field.type() == AuditField.Type.TIME).isPresent();
  }

  private static void value(StringBuilder text, JsonNode value) {
    if (value.isTextual()) {
      quote(text, value.textValue());
    } else if (value.isArray()) {
      text.append('[');
      for (JsonNode each : value) {
        separate(text, '[');
        value(text, each);
      }
      text.append(']');
    } else if (value.isObject()) {
      text.append(of(value, Set.of()));
    } else {
      text.append(value.isIntegralNumber() ? value.bigIntegerValue().toString() : value.asText());
    }
  }

  private static void separate(StringBuilder text, char opening) {
    if (text.charAt(text.length() - 1) != opening) {
      text.append(',');
    }
  }

  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      escape(text, value.charAt(i));
    }
    text.append('"');
  }

  private static void escape(StringBuilder text, char c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (c < ' ') {
          text.append("\\u%04x".formatted((int) c));
        } else {
          text.append(c);
        }
      }
    }
  }
}
