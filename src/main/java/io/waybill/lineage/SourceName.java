package io.waybill.lineage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a source, as OpenLineage's naming has it: {@code file} and the path, {@code
 * scheme://authority} and the rest; what has neither is named by its flow.
 */
record SourceName(String namespace, String name) {
  private static final Pattern ADDRESS =
      Pattern.compile("([a-z][a-z0-9+.-]*)://(?:[^/@]*@)?([^/?#]*)/?([^?#]*).*");

  static SourceName of(String namespace, String flow, String location) {
    if (location.startsWith("/")) {
      return new SourceName("file", location);
    }
    Matcher address = ADDRESS.matcher(location);
    if (address.matches()) {
      String rest = address.group(3).isEmpty() ? "/" : address.group(3);
      return new SourceName(address.group(1) + "://" + address.group(2), rest);
    }
    return new SourceName(namespace, flow + "/" + (location.isEmpty() ? "source" : location));
  }
}
