package io.waybill.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An event as it was found in some copy of the trail, with what its hash should be. Immutable as
 * long as nobody changes its JSON.
 */
public final class ChainEntry {
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final ObjectNode json;
  private final boolean pruned;
  private final boolean intact;

  private ChainEntry(ObjectNode json) {
    this.json = json;
    this.pruned = json.hasNonNull(SealedEvent.CONTENT);
    this.intact = isIntact();
  }

  /** Reads a line; empty if it is no event. */
  public static Optional<ChainEntry> parse(String line) {
    try {
      JsonNode read = STRICT.readTree(line);
      return read instanceof ObjectNode json && hasPlace(json)
          ? Optional.of(new ChainEntry(json))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty(); // who reads a copy tells of lines that are none
    }
  }

  private static boolean hasPlace(ObjectNode json) {
    return json.path("ledger").isTextual()
        && json.path("epoch").canConvertToInt()
        && json.path("seq").canConvertToLong();
  }

  private boolean isIntact() {
    if (!pruned) {
      return hash().equals(SealedEvent.hash(json, SealedEvent.content(json)));
    }
    Set<String> names = new HashSet<>();
    json.fieldNames().forEachRemaining(names::add);
    SealedEvent.HEAD.forEach(names::remove);
    names.remove(AuditField.HASH.column());
    names.remove(SealedEvent.CONTENT);
    return names.isEmpty()
        && hash().equals(SealedEvent.hash(json, json.get(SealedEvent.CONTENT).asText()));
  }

  /** What is left of an event when its content is pruned; the same if that was done already. */
  public String withoutContent() {
    if (pruned) {
      return json.toString();
    }
    ObjectNode head = json.objectNode();
    SealedEvent.HEAD.stream().filter(json::has).forEach(name -> head.set(name, json.get(name)));
    if (!isHashed()) {
      return head.toString();
    }
    head.put(AuditField.HASH.column(), hash());
    head.put(SealedEvent.CONTENT, SealedEvent.content(json));
    return head.toString();
  }

  /** Id of the ledger. */
  public String ledger() {
    return json.get("ledger").asText();
  }

  /** Its epoch. */
  public int epoch() {
    return json.get("epoch").asInt();
  }

  /** Its number. */
  public long seq() {
    return json.get("seq").asLong();
  }

  /** Label of its kind. */
  public String kind() {
    return text(AuditField.KIND);
  }

  /** When, as it is written. */
  public String time() {
    return text(AuditField.TIME);
  }

  /** The hash of the event before, as it is written. */
  public String previous() {
    return text(AuditField.PREVIOUS);
  }

  /** Its hash, as it is written; empty of events from before there were hashes. */
  public String hash() {
    return text(AuditField.HASH);
  }

  /** Whether it has a hash. */
  public boolean isHashed() {
    return !hash().isEmpty();
  }

  /** Whether its content was taken away. */
  public boolean isPruned() {
    return pruned;
  }

  /** Whether its hash is that of what it says. */
  boolean intact() {
    return intact;
  }

  /** A text of it; empty if it has none. */
  public String text(AuditField field) {
    return json.path(field.column()).asText("");
  }

  /** A number of it; 0 if it has none. */
  public long number(AuditField field) {
    return json.path(field.column()).asLong(0);
  }

  /** All of it; not to be changed. */
  public ObjectNode json() {
    return json;
  }
}
